"""Glossary and index: where each term of the book is introduced, and where it comes up again.

A term is introduced in the first chapter whose outline lists it (or, without a model, whose screens
and sentences make it a term): at the passage that says what it means, else at the first one that
holds it. Later chapters link back there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.book.definitions import defines, names
from pipeline.book.salient_terms import salient
from pipeline.book.term_keys import is_unspaced, key_of, keys_in
from pipeline.render.chapter import ChapterPage
from pipeline.text.stemming import possible_bases

Kind = Literal["term", "name"]

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_LONGEST_SENTENCE = 240  # letters: three lines of a glossary; a longer sentence is no definition


@dataclass(frozen=True)
class TermOccurrence:
    """A passage: the chapter's number in the book, the anchor on its page, the moment."""

    chapter: int
    anchor: str
    at_ms: int


@dataclass(frozen=True)
class Term:
    """A term as it is written, the sentence that defines it ("" where none does), and where it
    comes up later (once for each chapter)."""

    text: str
    kind: Kind
    introduced: TermOccurrence
    sentence: str
    again: tuple[TermOccurrence, ...] = ()


class TermIndex:
    """Grows chapter by chapter, in the order of the book; keeps no chapter's text.

    Args:
        most: terms taken from a chapter whose outline has no glossary, at most.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._terms: dict[str, Term] = {}
        self._bases: set[str] = set()

    def known(self) -> Mapping[str, Term]:
        """The terms so far by their key (see ``key_of``)."""
        return self._terms

    def sorted(self) -> list[Term]:
        """All terms in alphabetical order."""
        return [self._terms[key] for key in sorted(self._terms)]

    def add(self, number: int, chapter: ChapterPage) -> None:
        """Enter chapter ``number``: repeats of what is known, then its own terms."""
        passages = [
            (TermOccurrence(number, passage.anchor, passage.span.start_ms), passage.text)
            for page in chapter.sections
            for passage in page.prose.passages
        ]
        first = _first_places(passages)
        for key, term in list(self._terms.items()):
            if (place := _find(key, first, passages)) is not None:
                self._terms[key] = replace(term, again=(*term.again, place))
        wanted = [term.term for term in chapter.sources.outline.glossary]
        defined, named = _definitions(passages, chapter.language)
        if not wanted:
            found_here = salient(chapter, named | defined.keys(), self._most)
            wanted = [text for text in found_here if not self._is_form(text)]
        for text in wanted:
            key = key_of(text)
            if key and key not in self._terms and (place := _find(key, first, passages)):
                if is_unspaced(key) and (said := _definition_of(key, passages, chapter.language)):
                    defined[key] = said
                place, sentence = defined.get(key, (place, ""))
                self._terms[key] = Term(text, "term", place, sentence)
                self._bases |= possible_bases(key)
        for name, place in _names(number, chapter):
            if key_of(name) not in self._terms:
                self._terms[key_of(name)] = Term(name, "name", place, "")

    def _is_form(self, text: str) -> bool:
        """Whether a known term is the same verb in another form ("merging", "merge")."""
        key = key_of(text)
        return key in self._bases or not possible_bases(key).isdisjoint(self._terms)


def _first_places(passages: list[tuple[TermOccurrence, str]]) -> dict[str, int]:
    """The first passage, by its index, of every run of words."""
    first: dict[str, int] = {}
    for index, (_, text) in enumerate(passages):
        for key, _, _ in keys_in(text):
            first.setdefault(key, index)
    return first


def _find(
    key: str, first: Mapping[str, int], passages: list[tuple[TermOccurrence, str]]
) -> TermOccurrence | None:
    index = first.get(key)
    if index is None and is_unspaced(key):
        index = next((at for at, (_, text) in enumerate(passages) if key in text), None)
    return passages[index][0] if index is not None else None


def _definitions(
    passages: list[tuple[TermOccurrence, str]], language: str
) -> tuple[dict[str, tuple[TermOccurrence, str]], set[str]]:
    """By key: the first sentence that says what a run of words means, and where it stands; and the
    keys of all that is given as a name."""
    defined: dict[str, tuple[TermOccurrence, str]] = {}
    named: set[str] = set()
    for place, sentence in _sentences(passages):
        for key, start, end in keys_in(sentence):
            if key not in defined and _is_definition(sentence, start, end, language):
                defined[key] = (place, sentence)
            if names(sentence, start, end, language):
                named.add(key)
    return defined, named


def _definition_of(
    key: str, passages: list[tuple[TermOccurrence, str]], language: str
) -> tuple[TermOccurrence, str] | None:
    """The same for a term in a script without spaces, which is found within a run of letters."""
    for place, sentence in _sentences(passages):
        for found in re.finditer(re.escape(key), sentence):
            if _is_definition(sentence, found.start(), found.end(), language):
                return place, sentence
    return None


def _is_definition(sentence: str, start: int, end: int, language: str) -> bool:
    """Whether a sentence fit for a glossary says what its letters ``start`` to ``end`` mean."""
    return len(sentence) <= _LONGEST_SENTENCE and defines(sentence, start, end, language)


def _sentences(
    passages: list[tuple[TermOccurrence, str]],
) -> Iterator[tuple[TermOccurrence, str]]:
    """The sentences, with their places."""
    for place, text in passages:
        for sentence in map(str.strip, _SENTENCE_END.split(text)):
            if sentence:
                yield place, sentence


def _names(number: int, chapter: ChapterPage) -> Iterator[tuple[str, TermOccurrence]]:
    """The functions and classes that the chapter's cells define, and where."""
    anchors = {page.section.id: page for page in chapter.sections}
    for cell in chapter.sources.report.cells:
        page = anchors.get(cell.section)
        if page is None:
            continue
        at_ms = cell.at_ms if cell.at_ms is not None else page.section.start_ms
        for name in _defined(cell.source):
            yield name, TermOccurrence(number, page.anchor, at_ms)


def _defined(source: str) -> list[str]:
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return []
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node.name for node in body if isinstance(node, kinds)]

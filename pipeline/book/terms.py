"""Glossary and index: where each term of the book is introduced, and where it comes up again.

A term is introduced in the first chapter whose outline lists it (or, without a model, whose screens
and sentences make it a term), at the first passage that holds it. Later chapters link back there.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.render.chapter import ChapterPage
from pipeline.text.stop_words import is_content
from pipeline.text.word_forms import base_form, possible_bases

Kind = Literal["term", "name"]

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_LONGEST = 4  # words of a term
_CJK = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s+")
_LONGEST_SENTENCE = 240


@dataclass(frozen=True)
class TermOccurrence:
    """A passage: the chapter's number in the book, the anchor on its page, the moment."""

    chapter: int
    anchor: str
    at_ms: int


@dataclass(frozen=True)
class Term:
    """A term as it is written, the sentence that introduces it, and where it comes up later (once
    for each chapter)."""

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
            if (found := _find(key, first, passages)) is not None:
                self._terms[key] = replace(term, again=(*term.again, found[0]))
        wanted = [term.term for term in chapter.sources.outline.glossary]
        if not wanted:
            wanted = [text for text in _salient(chapter, self._most) if not self._is_form(text)]
        for text in wanted:
            key = key_of(text)
            if key and key not in self._terms and (found := _find(key, first, passages)):
                place, passage = found
                self._terms[key] = Term(text, "term", place, _sentence_with(key, passage))
                self._bases |= possible_bases(key)
        for name, place in _names(number, chapter):
            if key_of(name) not in self._terms:
                self._terms[key_of(name)] = Term(name, "name", place, "")

    def _is_form(self, text: str) -> bool:
        """Whether a known term is the same verb in another form ("merging", "merge")."""
        key = key_of(text)
        return key in self._bases or not possible_bases(key).isdisjoint(self._terms)


def key_of(text: str) -> str:
    """What a term is found by: its words in small letters, plurals as singulars.

    >>> key_of("Byte-Pair  Encoding")
    'byte pair encoding'
    """
    return " ".join(base_form(word) for word in _WORD.findall(text))


def keys_in(text: str) -> Iterator[tuple[str, int, int]]:
    """Every run of up to four words of ``text``: its key, its start and its end; at each place the
    longest first."""
    words = list(_WORD.finditer(text))
    keys = [base_form(word[0]) for word in words]
    for at in range(len(words)):
        for count in range(min(_LONGEST, len(words) - at), 0, -1):
            between = text[words[at].end() : words[at + count - 1].start()] if count > 1 else ""
            if re.search(r"[.,;:!?()\"“”]", between):
                continue
            yield " ".join(keys[at : at + count]), words[at].start(), words[at + count - 1].end()


def is_unspaced(key: str) -> bool:
    """Whether the term is in a script without spaces, where it is found within a run of letters."""
    return _CJK.search(key) is not None


def _first_places(passages: list[tuple[TermOccurrence, str]]) -> dict[str, int]:
    """The first passage, by its index, of every run of words."""
    first: dict[str, int] = {}
    for index, (_, text) in enumerate(passages):
        for key, _, _ in keys_in(text):
            first.setdefault(key, index)
    return first


def _find(
    key: str, first: Mapping[str, int], passages: list[tuple[TermOccurrence, str]]
) -> tuple[TermOccurrence, str] | None:
    index = first.get(key)
    if index is None and is_unspaced(key):
        index = next((at for at, (_, text) in enumerate(passages) if key in text), None)
    return passages[index] if index is not None else None


def _sentence_with(key: str, passage: str) -> str:
    """The sentence of ``passage`` that first holds the term."""
    for sentence in _SENTENCE_END.split(passage):
        if any(found == key for found, _, _ in keys_in(sentence)) or key in sentence:
            if len(sentence) <= _LONGEST_SENTENCE:
                return sentence.strip()
            return sentence[:_LONGEST_SENTENCE].rsplit(" ", 1)[0] + " …"
    return ""


def _salient(chapter: ChapterPage, most: int) -> list[str]:
    """Terms of a chapter without a glossary: runs of words that stand on its screens and are spoken
    repeatedly, in whichever form; the more often and the longer, the sooner. Each is given in its
    most frequent form."""
    forms = _spoken_forms(chapter)
    spoken = {key: sum(counts.values()) for key, counts in forms.items()}
    shown: dict[str, str] = {}
    for frame in chapter.sources.segments.frames:
        for line in frame.text.splitlines():
            for key, start, end in keys_in(line):
                shown.setdefault(key, " ".join(line[start:end].split()))
    seen = set(shown) | {base for key in shown for base in possible_bases(key)}
    scored = {
        key: count * (1 + key.count(" "))
        for key, count in spoken.items()
        if (key in seen or not seen.isdisjoint(possible_bases(key)))
        and count >= (2 if " " in key else 3)
    }
    for key in sorted(scored, key=len, reverse=True):
        for part in _parts(key):
            if part in scored and spoken[part] <= spoken[key]:
                del scored[part]
    best = sorted(scored, key=lambda key: (-scored[key], key))[:most]
    return [_as_shown(_commonest(forms[key]), shown.get(key, "")) for key in best]


def _spoken_forms(chapter: ChapterPage) -> dict[str, Counter[str]]:
    """By key: how often each form of a possible term is spoken. A verb's forms are with its base
    where that is spoken too."""
    forms: dict[str, Counter[str]] = {}
    for page in chapter.sections:
        for passage in page.prose.passages:
            for key, start, end in keys_in(passage.text):
                form = " ".join(passage.text[start:end].casefold().split())
                if _is_term(form):
                    forms.setdefault(key, Counter())[form] += 1
    for key in sorted(forms):
        base = next(
            (base for base in sorted(possible_bases(key)) if base in forms and base != key), None
        )
        if base is not None:
            forms[base].update(forms.pop(key))
    return forms


def _commonest(forms: Counter[str]) -> str:
    return min(forms, key=lambda form: (-forms[form], len(form), form))


def _as_shown(form: str, shown: str) -> str:
    """In the screen's letters, unless those are only a heading's capital."""
    return shown if shown.casefold() == form and not shown[:1].isupper() else form


def _parts(key: str) -> Iterator[str]:
    """The shorter runs of words within ``key``."""
    words = key.split()
    for count in range(1, len(words)):
        for at in range(len(words) - count + 1):
            yield " ".join(words[at : at + count])


def _is_term(form: str) -> bool:
    words = [word.casefold() for word in _WORD.findall(form)]
    return (
        is_content(words[0])
        and is_content(words[-1])
        and all(word.isalpha() for word in words)
        and (len(words) > 1 or len(form) > 4)
    )


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

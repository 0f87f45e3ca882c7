"""The original of a translated term stands in brackets once in the chapter, where it comes first.

Parts are written in parallel, and each gives the original where it uses the term first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import regex

from pipeline.document.blocks import AnyBlock, Paragraph
from pipeline.document.outline import GlossaryTerm
from pipeline.document.runs import Run
from pipeline.document.walk import changed, with_texts
from pipeline.text.languages.codes import other_language
from pipeline.text.scripts import UNSPACED_LETTER
from pipeline.text.words import words
from pipeline.writing.checks.terms import has_form

_BRACKETS = regex.compile(r"\s?[(（]([^()（）]{1,80})[)）]")
_BETWEEN = regex.compile(r"\s*[,，、;；/]\s*")
_UNSPACED = regex.compile(UNSPACED_LETTER, regex.V1)


class OriginalTerms:
    """Goes through the texts of a chapter in their order.

    Args:
        glossary: of the outline.
        spoken_in: tag of the lecture's language.
        written_in: tag of the chapter's; where they are one, nothing is changed.
    """

    def __init__(
        self, glossary: Sequence[GlossaryTerm], spoken_in: str | None, written_in: str | None
    ) -> None:
        terms = glossary if other_language(spoken_in, written_in) else ()
        self._terms = {_key(term.term): term for term in terms if has_form(term)}
        self._given: set[str] = set()

    def once(self, blocks: Iterable[AnyBlock]) -> tuple[AnyBlock, ...]:
        """The blocks with each original in brackets behind the first mention, and nowhere else."""
        if not self._terms:
            return tuple(blocks)
        return changed(blocks, self._change)

    def _change(self, block: AnyBlock) -> list[AnyBlock]:
        if isinstance(block, Paragraph):
            return [with_texts(block, self._with_first)]
        return [with_texts(block, self._bracketed)]

    def _with_first(self, found: Sequence[Run]) -> list[Run]:
        kept = self._bracketed(found)
        for key, term in self._terms.items():
            if key not in self._given and (with_original := _inserted(kept, term)):
                kept = with_original
                self._given.add(key)
        return kept

    def _bracketed(self, found: Sequence[Run]) -> list[Run]:
        """The runs without brackets that hold nothing but originals given before."""
        whole = "".join(one.text if one.kind in ("text", "code") else "\0" for one in found)
        cuts: list[tuple[int, int]] = []
        for bracket in _BRACKETS.finditer(whole):
            keys = [_key(part) for part in _BETWEEN.split(bracket[1])]
            if keys[0] in self._terms and all(key in self._given for key in keys):
                cuts.append(bracket.span())
            elif keys[0] in self._terms:
                self._given |= {key for key in keys if key}
        return _cut(found, cuts) if cuts else list(found)


def _cut(found: Sequence[Run], cuts: Sequence[tuple[int, int]]) -> list[Run]:
    """The runs without these ranges of their joined text, in which any other run is one letter."""
    made: list[Run] = []
    place = 0
    for one in found:
        if one.kind not in ("text", "code"):
            made.append(one)
            place += 1
            continue
        text = "".join(
            letter
            for at, letter in enumerate(one.text, place)
            if not any(begin <= at < end for begin, end in cuts)
        )
        place += len(one.text)
        made.append(replace(one, text=text))
    return [one for one in made if one.text]


def _inserted(found: Sequence[Run], term: GlossaryTerm) -> list[Run] | None:
    """The runs with the original behind the term's first mention in them; None without one."""
    written = regex.escape(term.written)
    spaced = not _UNSPACED.search(term.written)
    mention = regex.compile(rf"\b{written}\b" if spaced else written, regex.IGNORECASE)
    for at, one in enumerate(found):
        if one.kind != "text" or one.link or not (place := mention.search(one.text)):
            continue
        original = f" ({term.term})" if spaced else f"（{term.term}）"
        if _BRACKETS.match(one.text, place.end()):
            return None  # something is explained there already
        text = one.text[: place.end()] + original + one.text[place.end() :]
        return [*found[:at], replace(one, text=text), *found[at + 1 :]]
    return None


def _key(term: str) -> str:
    return " ".join(words(term))

"""Citations: which segments of the lecture a passage retells, written ``[[s0012-s0015]]``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import Field

from pipeline.document.runs import Run, tidied
from pipeline.models import Model

_ONE = r"s\d{1,9}"
_STRICT = re.compile(rf"\[\[\s{{0,9}}({_ONE}(?:\s{{0,9}}[-–—,]\s{{0,9}}{_ONE})*)\s{{0,9}}\]\]")
# What models write instead: one bracket, no zeros, commas, dashes, "to", a time, several in a row.
_LOOSE = re.compile(
    r"(?:\[{1,2}\s{0,9}s\d{1,9}(?:@\d{1,12})?"
    r"(?:\s{0,9}(?:[-–—,;]|to|and)\s{0,9}s?\d{1,9}(?:@\d{1,12})?)*\s{0,9}\]{1,2}(?!\()[ \t]{0,9})+",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\[{1,2}[^\[\]]{1,999}\]{1,2}")
# Brackets in a row are one stretch where each goes on with the next segment; else they are two
# passages, as the writer set them: what was not cited between them is not cited.
_NEXT = 1
# The speech behind a passage goes on over one segment that nobody cited.
_PASSED_OVER = 2
_NUMBER = re.compile(r"(?<![@\d])s?(\d+)", re.IGNORECASE)
_SEPARATOR = re.compile(r"[\s,;，；、]*")
_PUNCTUATION = re.compile(r"[\s.,;:!?…。，、；：！？」』）)\"”’']*")


class Citation(Model):
    """The first and the last segment that a passage retells; the same one twice for one."""

    first: str = Field(pattern=r"^s\d{1,9}$")
    last: str = Field(pattern=r"^s\d{1,9}$")

    @property
    def ids(self) -> str:
        """``s0012``, or ``s0012-s0015``."""
        return self.first if self.first == self.last else f"{self.first}-{self.last}"

    @property
    def markdown(self) -> str:
        """``[[s0012]]``, or ``[[s0012-s0015]]``."""
        return f"[[{self.ids}]]"

    @classmethod
    def of(cls, ids: str) -> Citation:
        """The citation of ``s0012`` or ``s0012-s0015``.

        >>> Citation.of("s0012-s0015").markdown
        '[[s0012-s0015]]'
        """
        first, _, last = ids.partition("-")
        return cls(first=first, last=last or first)


def citation_at(
    text: str, at: int, end: int, segments: Sequence[str] = ()
) -> tuple[Citation, int] | None:
    """The citation that begins at ``at`` and ends before ``end``, and where it ends; or None.

    Args:
        segments: ids of the segments that a model was shown. With them its own ways of writing a
            citation are read too: ``[s1, s0002]``, ``[[s0001@2500 to s3]] [[s4]]``.

    >>> found = citation_at("[s1, s0002] [[s3]]", 0, 18, ["s0001", "s0002", "s0003"])
    >>> found and (found[0].markdown, found[1])
    ('[[s0001-s0003]]', 18)
    >>> found = citation_at("[[s0001]] [[s0009]]", 0, 19, ["s0001", "s0009"])
    >>> found and (found[0].markdown, found[1])
    ('[[s0001]]', 9)
    """
    if found := _STRICT.match(text, at, end):
        ids = re.findall(_ONE, found[1])
        if not segments:
            return Citation(first=ids[0], last=ids[-1]), found.end()
    if not segments or not (found := _LOOSE.match(text, at, end)):
        return None
    numbers: list[int] = []
    until = found.start()
    for bracket in _BRACKET.finditer(text, found.start(), found.end()):
        named = list(map(int, _NUMBER.findall(bracket[0])))
        if numbers and min(named) > max(numbers) + _NEXT:
            break
        numbers += named
        until = bracket.end()
    width = len(segments[0]) - 1
    first, last = f"s{min(numbers):0{width}d}", f"s{max(numbers):0{width}d}"
    return Citation(first=first, last=last), until


def leading(citations: Sequence[Citation], order: Mapping[str, int]) -> tuple[Citation, ...]:
    """The first citation and those that go on where it ends; one further on says the same again.

    Args:
        order: the place of each segment in the lecture.
    """
    for at in range(1, len(citations)):
        gap = order.get(citations[at].first, -1) - order.get(citations[at - 1].last, -1)
        if gap > _PASSED_OVER:
            return tuple(citations[:at])
    return tuple(citations)


def without_citations(found: Sequence[Run]) -> tuple[tuple[Run, ...], tuple[Citation, ...]]:
    """The runs without the citations at their end, and these.

    Punctuation behind the last one stays with the words; marks between them go.
    """
    at = len(found)
    while at and _is_only(found[at - 1], _PUNCTUATION):
        at -= 1
    if not at or found[at - 1].kind != "citation":
        return tuple(found), ()
    marks = [replace(one, text=one.text.strip()) for one in found[at:] if one.kind == "text"]
    lifted: list[Citation] = []
    while at and (last := found[at - 1]):
        if last.kind == "citation":
            lifted.append(Citation.of(last.text))
        elif at < 2 or found[at - 2].kind != "citation" or not _is_only(last, _SEPARATOR):
            break
        at -= 1
    kept = tidied(found[:at])
    return (tidied([*kept, *marks]) if kept else ()), tuple(reversed(lifted))


def _is_only(one: Run, marks: re.Pattern[str]) -> bool:
    return one.kind == "break" or (one.kind == "text" and bool(marks.fullmatch(one.text)))

"""The outline as every writer sees it: always the same text, and never long."""

from __future__ import annotations

from pipeline.document.outline import Outline
from pipeline.llm.tokens import estimate_tokens

# The plan stands in every call and the number of calls grows with the lecture, so its length must
# not: with this limit the tokens of a whole chapter stay proportional to the length of the lecture.
_ROOM = 1_400
_NEIGHBOURS = 24


def plan_lines(outline: Outline, section: int) -> list[str]:
    """The lines of the plan for a writer of ``section`` (from 0).

    With purposes and code names while they fit; then titles with code names; then titles only; for
    a very long lecture the titles of the block of sections around this one. Neighbours get the
    same lines, so that a server can keep them in its cache.
    """
    full = [_line(outline, n, purpose=True, code=True) for n in range(len(outline.sections))]
    if _fits(full):
        return full
    for code in (True, False):
        short = [_line(outline, n, purpose=False, code=code) for n in range(len(outline.sections))]
        if _fits(short):
            return short
    begin = section // _NEIGHBOURS * _NEIGHBOURS
    return short[begin : begin + _NEIGHBOURS]


def _line(outline: Outline, number: int, purpose: bool, code: bool) -> str:
    section = outline.sections[number]
    text = f"{number + 1}. {section.title}"
    if purpose and section.purpose:
        text += f": {section.purpose}"
    if code and section.defines:
        text += f" [defines {', '.join(section.defines)}]"
    return text


def _fits(lines: list[str]) -> bool:
    return sum(estimate_tokens(line) + 1 for line in lines) <= _ROOM

"""Timing lines of caption files, in the forms in which people and programs write them.

Beside what the formats say (``00:01.000 --> 00:04.000``, ``0:00:01.000,0:00:04.000``): white
space within times, full-width digits and colons, other arrows (``->``, ``—>``, ``→``), whisper's
brackets, frames (``00:00:01:12``), microseconds, hours beyond 99, 60 seconds, times before zero,
plain seconds (``12.345 --> 15.0``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

_PLAIN = str.maketrans("０１２３４５６７８９：，．；＞＝－–—―−‒‐‑", "0123456789:,.;>=--------")
_TIME = r"-?\d{1,9}(?:\s{0,3}:\s{0,3}\d{1,9}){1,2}(?:\s{0,3}[.,]\s{0,3}\d{1,9}|[:;]\d{1,3})?"
_DOTTED = r"\d{1,3}\.\d{1,2}\.\d{1,2}[,:]\d{1,3}"
_STAMP = rf"(?:{_DOTTED}|{_TIME})"
_ARROW = r"(?:[-=]{1,3}\s?-?>{1,2}|[→➔➜⇒])"
_STRONG = regex.compile(rf"\s*\[?({_STAMP})\s*{_ARROW}\s*({_STAMP})(?:\]\s*(.*)|\s+(\S.*)|\s*)$")
# Seconds without a colon, as programs print them; see ``_are_seconds``.
_NUMBER = r"(\d{1,6}[.,]\d{1,6})"
_SECONDS = regex.compile(rf"\s*\[?{_NUMBER}(s?)\s*-{{1,2}}>\s*{_NUMBER}s?(?:\]\s*(.*)|\s*)$")
# Times with nothing but a dash between them are speech, unless they have milliseconds.
_EXACT = rf"(?:{_STAMP}(?<=[.,]\d{{3}}))"
_WEAK = regex.compile(rf"\s*({_EXACT})\s*(?:-{{1,3}}|~|>|to)\s*({_EXACT})\s*$")
_SBV = regex.compile(rf"\s*({_TIME}),({_TIME})\s*$")
# A timing line that is damaged; an arrow in speech ("0 --> 1", "<!-- a -->") is none.
_BROKEN = regex.compile(
    r"\s*\d++\s?[:.,]\S*\s*-->|.*?-->\s*\d++[:.,][\d:.,]*\s*$"
    r"|\s*\d++\s?[:.,][\d:.,; ]*+(?:[-=]{1,3}>|→)\s*\d++[:.,][\d:.,; ]*$"
)
_SETTINGS = regex.compile(r"(?:[A-Za-z]\w*[:=]\S+\s*)+")
_ANY_SIGN = regex.compile(r"[-–—―−‒‐‑=＝>＞~,，→➔➜⇒]|to")
_PARTS = regex.compile(r"[:;]")
# Frames are counted from 0: the highest in a file tells how many there are in a second.
_RATES = (24, 25, 30, 50, 60)


@dataclass(frozen=True)
class CueTiming:
    """One timing line: milliseconds, which may lie before zero, and the text behind the times."""

    start_ms: int
    end_ms: int
    text: str = ""


def read_timings(lines: Sequence[str], fps: float | None = None) -> Mapping[int, CueTiming | None]:
    """The timing lines among ``lines`` by index, in order; None for one that cannot be read.

    Args:
        fps: frames a second, for times that count frames; None: what the highest frame tells.
    """
    plain = {
        index: line.translate(_PLAIN) for index, line in enumerate(lines) if _may_be_timing(line)
    }
    strong = {index: match for index, line in plain.items() if (match := _STRONG.match(line))}
    # In a file with arrows, two times with a comma between them were said.
    other = _WEAK if strong else _SBV
    found: dict[int, CueTiming | None] = {}
    rate = _frame_rate([match[place] for match in strong.values() for place in (1, 2)], fps)
    seconds = {index: match for index, line in plain.items() if (match := _SECONDS.match(line))}
    if strong or not _are_seconds(list(seconds.values())):
        seconds = {}
    for index, line in plain.items():
        if index in seconds:
            start, end = (float(seconds[index][k].replace(",", ".")) for k in (1, 3))
            found[index] = CueTiming(
                round(1000 * start), round(1000 * end), seconds[index][4] or ""
            )
            continue
        match = (
            strong.get(index) or other.match(line) or (_WEAK.match(line) if not strong else None)
        )
        if match:
            found[index] = _timing(match, rate, lines[index])
        elif _BROKEN.match(line):
            found[index] = None
    return found


def is_timing(line: str) -> bool:
    """Whether a reader takes ``line`` for one with times, whole or damaged."""
    line = line.translate(_PLAIN)
    return any(form.match(line) for form in (_STRONG, _WEAK, _SBV, _SECONDS, _BROKEN))


def _are_seconds(matches: Sequence[regex.Match[str]]) -> bool:
    """Whether lines like ``12.345 --> 15.0`` are in seconds, and not in minutes and seconds.

    Then their starts never go back, and they say so (``12.3s``), stand in brackets before the text,
    as programs print them, or some fraction is none of seconds (two digits below 60).
    """
    starts = [float(match[1].replace(",", ".")) for match in matches]
    fractions = [regex.split("[.,]", match[place])[1] for match in matches for place in (1, 3)]
    told = any(match[2] or match[4] for match in matches)
    told = told or any(len(one) != 2 or int(one) >= 60 for one in fractions)
    return told and all(a <= b for a, b in pairwise(starts))


def _may_be_timing(line: str) -> bool:
    start = line.lstrip("[- \t\ufeff")[:1]
    return (start.isdecimal() or "-->" in line) and bool(_ANY_SIGN.search(line))


def _timing(match: regex.Match[str], rate: float, line: str) -> CueTiming | None:
    start, end = _ms(match[1], rate), _ms(match[2], rate)
    if start is None or end is None:
        return None
    behind = match[3] or match[4] if match.re is _STRONG else None
    if not behind or _SETTINGS.fullmatch(behind):
        return CueTiming(start, end)
    return CueTiming(start, end, line[len(line.rstrip()) - len(behind.rstrip()) :])


def _ms(stamp: str, rate: float) -> int | None:
    """A time in milliseconds; None where its minutes or seconds are beyond 60."""
    stamp = "".join(stamp.split())
    sign = -1 if stamp.startswith("-") else 1
    stamp = stamp.lstrip("-")
    if regex.fullmatch(_DOTTED, stamp):
        stamp = stamp.replace(".", ":").replace(",", ".")
    whole, _, fraction = stamp.replace(",", ".").partition(".")
    parts = [int(part) for part in _PARTS.split(whole)]
    frames = 0.0
    if len(parts) == 4:
        last = parts.pop()
        # Three digits are milliseconds behind the wrong mark.
        frames = last if len(_PARTS.split(whole)[-1]) == 3 else last * 1000 / rate
    hours, minutes, seconds = [0] * (3 - len(parts)) + parts
    if seconds > 60 or (hours and minutes > 60):
        return None
    ms = int((fraction or "0")[:3].ljust(3, "0")) + round(frames)
    return sign * (((hours * 60 + minutes) * 60 + seconds) * 1000 + ms)


def _frame_rate(stamps: Sequence[str], fps: float | None) -> float:
    parts = [_PARTS.split("".join(stamp.split())) for stamp in stamps]
    highest = max((int(part[3]) for part in parts if len(part) == 4), default=0)
    if fps and fps > highest >= 1:
        return fps
    return next((rate for rate in _RATES if highest < rate), 100)

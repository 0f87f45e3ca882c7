"""Numbers and names of cues, which stand above their timing lines, told from what is said.

They are not taken line by line: "42" above a time is a number in a file that counts its cues, and
the end of a sentence in one that does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_NUMBER = re.compile(r"\ufeff?\s*(\d{1,9})\s*")
# Names that nobody says: of letters and digits with a hyphen, slash or underscore, like UUIDs.
_NAME = re.compile(r"(?=\S*\d)(?=\S*[-/_])[\w/.-]{3,}")


def without_labels(
    lines: Sequence[str], timed: Sequence[int], bodies: Sequence[Sequence[str]]
) -> list[list[str]]:
    """``bodies`` without the number or name of the cue that follows each.

    Args:
        lines: of the file.
        timed: the indices of its timing lines, in order.
        bodies: the lines of each cue, up to the next timing line or header.
    """
    numbers = _numbers(lines, timed)
    numbered, named = _counts(numbers), _is_named(lines, timed)
    expected = (numbers[0] or 0) + 1 if numbers and numbers[0] is not None else 2
    kept: list[list[str]] = []
    for place, body in enumerate(bodies):
        rest = list(body)
        if place < len(bodies) - 1 or len(timed) > len(bodies):
            if numbered:
                expected = _without_number(rest, expected)
            if named or (rest and _NAME.fullmatch(rest[-1]) and len(rest) > 1 and not rest[-2]):
                _without_name(rest)
        kept.append(rest)
    return kept


def _numbers(lines: Sequence[str], timed: Sequence[int]) -> list[int | None]:
    """For each timing line the number in the nearest line above it that is not blank."""
    numbers: list[int | None] = []
    before = -1
    for index in timed:
        above = index - 1
        while above > before and not lines[above].strip():
            above -= 1
        match = _NUMBER.fullmatch(lines[above]) if above > before else None
        numbers.append(int(match[1]) if match else None)
        before = index
    return numbers


def _counts(numbers: Sequence[int | None]) -> bool:
    """Whether the numbers above the times count the cues."""
    if not numbers:
        return False
    if numbers[0] is None:  # the first may be missing; then the others are in their place
        fitting = sum(number == place + 1 for place, number in enumerate(numbers))
        return fitting >= 2 and 2 * fitting >= len(numbers)
    there = [(place, number) for place, number in enumerate(numbers) if number is not None]
    steps = sum(
        number - before in (1, place - place_before)
        for (place_before, before), (place, number) in pairwise(there)
    )
    return 2 * steps >= len(there) - 1 and 2 * len(there) >= len(numbers)


def _is_named(lines: Sequence[str], timed: Sequence[int]) -> bool:
    """Whether most cues, the first among them, have a line between a blank one and their times."""
    names = [
        index > 0
        and bool(lines[index - 1].strip())
        and (index == 1 or not lines[index - 2].strip())
        and not _NUMBER.fullmatch(lines[index - 1])
        for index in timed
    ]
    return bool(names) and names[0] and 2 * sum(names[1:]) >= len(names) - 1


def _without_number(body: list[str], expected: int) -> int:
    """Take the next cue's number off, also where it stands there twice; the one expected then."""
    last = _last(body)
    match = _NUMBER.fullmatch(body[last]) if last >= 0 else None
    if match is None:
        return expected + 1
    number = int(match[1])
    attached = last == len(body) - 1 and (last == 0 or not body[last - 1].strip())
    if number != expected and not attached:
        return expected + 1
    del body[last:]
    before = _last(body)
    if before > 0 and body[before].strip() == str(number) and not body[before - 1].strip():
        del body[before:]
    return number + 1


def _without_name(body: list[str]) -> None:
    if len(body) > 1 and body[-1].strip() and not body[-2].strip():
        body.pop()


def _last(body: Sequence[str]) -> int:
    return next((at for at in range(len(body) - 1, -1, -1) if body[at].strip()), -1)

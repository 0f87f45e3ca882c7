"""Numbers said in English words.

A run of number words is one number only as far as English puts them together: "one and four" are
two, "two hundred and three hundred" as well. "Nineteen eighty four" can be a year and "two fifty
six" a number without its "hundred": such halves are read both ways.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from pipeline.text.numbers.numerals import Number, canonical

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: value for value, word in enumerate(_SMALL.split())}
_TENS = {word: 10 * (index + 2) for index, word in enumerate(_ROUND.split())}
_BELOW_100 = _UNITS | _TENS
_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_NUMBER_WORD = "|".join(sorted([*_BELOW_100, "hundred", *_SCALES], key=len, reverse=True))
_RUN = regex.compile(
    rf"\b(?:{_NUMBER_WORD})(?:(?:[\s-]+and)?[\s-]+(?:{_NUMBER_WORD}|point))*\b", regex.IGNORECASE
)
_WORD = regex.compile(rf"{_NUMBER_WORD}|and|point")
# First halves of "two fifty six", "nineteen eighty four", "twenty twenty three".
_HUNDREDS = range(1, 21)


def numbers(text: str) -> Iterator[Number]:
    """The numbers said in ``text``, in order; halves of one have two readings.

    >>> [n.value for n in numbers("between one and four, two hundred and fifty six")]
    ['1', '4', '256']
    >>> [n.readings for n in numbers("in nineteen eighty four")]
    [('1984', '19', '84')]
    """
    for run in _RUN.finditer(text):
        yield from _halves_joined(list(_in_run(run)))


def values(text: str) -> list[str]:
    """Each number word for itself ("two", "fifty"), in digits."""
    return [
        str(_one(word[0]))
        for run in _RUN.finditer(text)
        for word in _WORD.finditer(run[0].lower())
        if word[0] not in ("and", "point")
    ]


def _one(word: str) -> int:
    return 100 if word == "hundred" else _BELOW_100.get(word, _SCALES.get(word, 0))


def _in_run(run: regex.Match[str]) -> Iterator[Number]:
    """The numbers of a run of number words."""
    words = list(_WORD.finditer(run[0].lower()))
    first = 0
    while first < len(words):
        end, value = _longest([word[0] for word in words[first:]])
        if end:
            start, stop = words[first].start(), words[first + end - 1].end()
            yield Number(run.start() + start, run.start() + stop, (value,), in_words=True)
        first += max(1, end)


def _longest(words: Sequence[str]) -> tuple[int, str]:
    """How many of the words make the first number, and its value; (0, "0") where none does."""
    total, current, scale, end = 0, -1, 10**12, 0
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        if word == "point":
            return _fraction(words, at, total + max(0, current)) if end == at else (end, "0")
        if word == "and":
            joins = end == at and words[at - 1] in ("hundred", *_SCALES) and end
            if not (joins and following in _BELOW_100):
                break
            continue
        if word in _BELOW_100:
            value = _BELOW_100[word]
            begins_another = following == "hundred" and current >= 0
            if begins_another or not _fits(current, value):
                break
            current = max(0, current) + value
        elif word == "hundred":
            if end and words[at - 1] == "hundred":  # said twice: a stammer
                end = at + 1
                continue
            if current >= 100 or current == 0:
                break
            current = max(1, current) * 100
        else:
            if _SCALES[word] >= scale or current == 0 or (current < 0 < at):
                break
            scale = _SCALES[word]
            total += max(1, current) * scale
            current = -1
        end = at + 1
    return end, str(total + max(0, current))


def _fits(current: int, value: int) -> bool:
    """Whether ``value``, below 100, goes on with a number at ``current`` (-1: nothing yet)."""
    if current < 0:
        return True
    if value == 0 or current == 0:
        return False
    return current % 100 == 0 or (value < 10 and current % 10 == 0 and current % 100 >= 20)


def _fraction(words: Sequence[str], point: int, whole: int) -> tuple[int, str]:
    end = point + 1
    while end < len(words) and _BELOW_100.get(words[end], 100) < 100:
        end += 1
    digits = "".join(str(_BELOW_100[word]) for word in words[point + 1 : end])
    return (end, canonical(f"{whole}.{digits}")) if digits else (point, str(whole))


def _halves_joined(found: Sequence[Number]) -> Iterator[Number]:
    """The numbers with two halves of one number put together where one follows the other."""
    at = 0
    while at < len(found):
        one = found[at]
        other = found[at + 1] if at + 1 < len(found) else None
        if other and other.start - one.end == 1 and _are_halves(one.value, other.value):
            both = (one.value + other.value, one.value, other.value)
            yield Number(one.start, other.end, both, in_words=True)
            at += 2
        else:
            yield one
            at += 1


def _are_halves(one: str, other: str) -> bool:
    return one.isdecimal() and int(one) in _HUNDREDS and len(other) == 2 and other.isdecimal()

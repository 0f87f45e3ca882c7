"""Numbers in text: as digits, as English words, and whether they stand in a source."""

from __future__ import annotations

import re

_DIGITS = re.compile(
    r"(?<![A-Za-z_\-\d.,])(\d+(?:[.,]\d+)*)(?:(?:\s?|-)(k|K|thousand|million|billion)\b)?"
)
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNITS = {word: value for value, word in enumerate(_SMALL.split())}
_TENS = {word: 10 * (index + 2) for index, word in enumerate(_ROUND.split())}
_SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "k": 1_000}
_NUMBER_WORD = "|".join([*_UNITS, *_TENS, "hundred", "thousand", "million", "billion"])
_SPOKEN = re.compile(
    rf"\b(?:{_NUMBER_WORD})(?:(?:[\s-]+and)?[\s-]+(?:{_NUMBER_WORD}|point))*\b", re.IGNORECASE
)
_LONGEST_COUNT = 30
# Words that count nothing in "one of them", "the two", "a hundred times".
_VAGUE = {"0", "1", "2", "3", "10", "100", "1000", "1000000", "1000000000"}


def written_numbers(text: str) -> list[str]:
    """The numbers written in digits, in order, in one form (no thousands marks, no zeros behind).

    Digits that belong to a name (``GPT-2``, ``cl100k``) are no numbers.

    >>> written_numbers("50,000 merges, 2.20 times, GPT-2, v3, 1.5 million")
    ['50000', '2.2', '1500000']
    """
    return [_scaled(found.group(1), found.group(2)) for found in _DIGITS.finditer(text)]


def spoken_numbers(text: str) -> list[str]:
    """The numbers said in English words, in order, in digits; vague ones are left out.

    >>> spoken_numbers("two hundred fifty six tokens, two point two, eleven of the two")
    ['256', '2.2', '11']
    """
    values = [_value(found.group().lower()) for found in _SPOKEN.finditer(text)]
    return [value for value in values if value not in _VAGUE]


def known_numbers(*sources: str) -> set[str]:
    """Every number that stands in the sources, in any way of writing it."""
    known: set[str] = set()
    for source in sources:
        known.update(written_numbers(source))
        # Names and code: a 2 said in "GPT-2" or an index in `ids[1:]` is still on the screen.
        known.update(_plain(digits) for digits in re.findall(r"\d+(?:[.,]\d+)*", source))
        known.update(re.findall(r"\d+", source))
        # "30 642": a recogniser's way of hearing one number in two.
        known.update("".join(pair) for pair in re.findall(r"\b(\d{1,3})[ ,](\d{3})\b", source))
        for found in _SPOKEN.finditer(source):
            known.add(_value(found.group().lower()))
            known.update(_value(word) for word in re.findall(_NUMBER_WORD, found.group().lower()))
    return known


def _scaled(digits: str, scale: str | None) -> str:
    plain = _plain(digits)
    # "1.2.3 million" is a version or a list, and nobody counts with thirty digits.
    if not scale or plain.count(".") > 1 or "," in plain or len(plain) > _LONGEST_COUNT:
        return plain
    return _plain(f"{float(plain) * _SCALES[scale.lower()]:.6f}")


def _plain(digits: str) -> str:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        digits = digits.replace(",", "")
    digits = digits.replace(",", ".") if digits.count(",") == 1 else digits
    if digits.count(".") == 1:
        digits = digits.rstrip("0").rstrip(".")
    return digits.lstrip("0") or "0" if not digits.startswith("0.") else digits


def _value(spoken: str) -> str:
    whole, point, fraction = spoken.partition(" point ")
    total = current = 0
    for word in re.findall(_NUMBER_WORD, whole):
        if word == "hundred":
            # Twice "hundred" is a stammer.
            current = max(1, current) * 100 if current < 100 else current
        elif word in _SCALES:
            total += max(1, current) * _SCALES[word]
            current = 0
        else:
            current += _UNITS.get(word, _TENS.get(word, 0))
    value = str(total + current)
    if not point:
        return value
    digits = "".join(str(_UNITS.get(word, 0)) for word in re.findall(_NUMBER_WORD, fraction))
    return _plain(f"{value}.{digits or '0'}")

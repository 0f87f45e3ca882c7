"""The one number reader: digits, numerals and words, in any language, in one form.

A number has the readings that it can have ("1.024" is 1024 in German and a fraction in English): it
stands in a source when one of them does, so that no right number is called invented.
"""

from __future__ import annotations

import regex

from pipeline.text.languages.known import language_of
from pipeline.text.numbers import cjk, english
from pipeline.text.numbers.halves import halves
from pipeline.text.numbers.number_words import spoken_numbers
from pipeline.text.numbers.numerals import Number, canonical, numbers_in_digits, plain_digits

# Words that count nothing in "one of them", "the two", "a hundred times", 一种, 十分.
_VAGUE = frozenset(str(one) for one in (0, 1, 2, 3, *(10**power for power in range(1, 10))))
_DIGITS = regex.compile(r"\d+(?:[.,]\d+)*")
_SPLIT = regex.compile(r"\b(\d{1,3})[ ,](\d{3})\b")


def numbers_in(text: str, language: str | None = None) -> list[Number]:
    """The numbers in ``text``, in order; in words only those that surely count something.

    Digits that belong to a name (``GPT-2``, ``cl100k``) are no numbers.

    Args:
        language: of the text; None: English.

    >>> [n.value for n in numbers_in("two hundred fifty six, two point two, eleven of the two")]
    ['256', '2.2', '11']
    >>> [n.value for n in numbers_in("约30万个，五万零二百五十七", "zh")]
    ['300000', '50257']
    >>> [n.value for n in numbers_in("1.024 Zeilen, 50 000 und zwölftausend", "de")]
    ['1024', '50000', '12000']
    """
    found = [one for one in _all(text, language) if not (one.in_words and one.value in _VAGUE)]
    return sorted(found, key=lambda one: one.start)


def written_numbers(text: str, language: str | None = None) -> list[str]:
    """The numbers written in digits or numerals, each in its likeliest reading.

    >>> written_numbers("50,000 merges, 2.20 times, GPT-2, v3, 1.5 million")
    ['50000', '2.2', '1500000']
    """
    return [one.value for one in numbers_in(text, language) if not one.in_words]


def known_numbers(*sources: str, language: str | None = None) -> frozenset[str]:
    """Every number that stands in the sources, in every reading; screens may be in English."""
    known: set[str] = set()
    for source in sources:
        text = plain_digits(source)
        for tongue in {language, "en"}:
            found = sorted(_all(source, tongue), key=lambda one: one.start)
            known.update(value for one in found for value in one.readings)
            known.update(halves(source, found))
        # Names and code: a 2 said in "GPT-2" or an index in `ids[1:]` is still on the screen.
        known.update(canonical(digits) for digits in _DIGITS.findall(text))
        known.update(canonical(digits) for digits in regex.findall(r"\d+", text))
        # "30 642": a recogniser's way of hearing one number in two.
        known.update("".join(pair) for pair in _SPLIT.findall(text))
        known.update(english.values(source))
    return frozenset(known)


def _all(text: str, language: str | None) -> list[Number]:
    plain = plain_digits(text)
    known = language_of(language)
    words = spoken_numbers(text, known.code if known else "en")
    found: list[Number] = []
    taken = bytearray(len(text))
    for one in (*_numerals(plain), *numbers_in_digits(plain, language), *words):
        if not any(taken[one.start : one.end]):
            taken[one.start : one.end] = bytes([1]) * (one.end - one.start)
            found.append(one)
    return found


def _numerals(text: str) -> list[Number]:
    found = []
    for match in cjk.NUMERAL.finditer(text):
        if cjk.counts_nothing(text, match.start()):
            continue
        value = cjk.value(match[0])
        if value is None:
            continue
        readings = [canonical(str(value))]
        signs = match[0]
        if len(signs) == 2 and cjk.are_digits(signs):
            # 三五 is "three to five" as often as 35.
            readings += [str(one) for char in signs if (one := cjk.value(char))]
        readings += [canonical(str(one)) for one in cjk.shortened(signs)]
        in_words = not any(char.isdecimal() for char in signs)
        found.append(Number(match.start(), match.end(), tuple(readings), in_words))
    return found

"""Numbers written in digits, in the digits and with the separators of any language.

Separators by language: CLDR 46 (``numbers/symbols``). Where one separator stands before three
digits, the same signs are a thousand in one language and a fraction in the next: both readings are
given, the language's own first.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import MappingProxyType

import regex

from pipeline.text.english import word_set
from pipeline.text.languages.known import language_of
from pipeline.text.numbers.scales import scales_of

# Languages with a decimal comma; all others at hand have a decimal point.
_COMMA = word_set(
    "af az be bg bs ca cs da de el es et eu fi fo fr gl hr hu hy id is it ka kk ky lt lv mk nb nl"
    " nn no pl pt ro ru sk sl sq sr sv tg tr uk uz vi"
)
_SPACES = "\u00a0\u202f\u2009"
_WHOLE = (
    rf"\d{{1,3}}(?:[ {_SPACES}]\d{{3}})+(?!\d)(?:[.,]\d+)?"
    r"|\d{1,3}(?:['’]\d{3})+(?!\d)(?:\.\d+)?"
    r"|\d+(?:[.,]\d+)*"
)
_LONGEST_COUNT = 30  # digits before a word of scale; a longer run is a key or a hash
_MARKS: Mapping[str, str] = MappingProxyType({"٫": ".", "٬": ",", "．": ".", "，": ","})


@dataclass(frozen=True)
class Number:
    """A number in a text.

    Attributes:
        start, end: its place.
        readings: what it can mean, in plain digits ("50257", "2.5"), the likeliest first.
        in_words: whether it is said in words, where "one" and "a hundred" may count nothing.
    """

    start: int
    end: int
    readings: tuple[str, ...]
    in_words: bool = False

    @property
    def value(self) -> str:
        return self.readings[0]


def plain_digits(text: str) -> str:
    """``text``, letter by letter, with the digits 0 to 9 and ASCII marks inside of numbers.

    >>> plain_digits("٥٠٬٢٥٧ ５０ १२")
    '50,257 50 12'
    """
    if text.isascii():
        return text
    chars = list(text)
    for at, char in enumerate(chars):
        if char.isdecimal() and not char.isascii():
            chars[at] = str(unicodedata.digit(char))
    for at in range(1, len(chars) - 1):
        if chars[at] in _MARKS and chars[at - 1].isdecimal() and chars[at + 1].isdecimal():
            chars[at] = _MARKS[chars[at]]
    return "".join(chars)


@lru_cache(maxsize=64)
def _number(code: str | None) -> regex.Pattern[str]:
    """A number in digits, with a word of scale of the language (two letters) behind it."""
    known = language_of(code)
    # Where words have no spaces the next one may follow at once.
    end = r"(?![\p{L}\p{M}])" if known is None or known.script.spaced else ""
    return regex.compile(
        rf"(?<![\p{{Latin}}\p{{Cyrillic}}_\-\d.,])(?P<digits>{_WHOLE})"
        rf"(?:(?:[ {_SPACES}]?|-)(?P<scale>{scales_of(code).pattern})"
        rf"(?: (?P<more>millones|milhões|millions))?{end})?"
    )


def numbers_in_digits(text: str, language: str | None = None) -> list[Number]:
    """The numbers in digits, in order; digits that belong to a name (``GPT-2``) are none.

    Args:
        text: see ``plain_digits``.
        language: of the text; None: a decimal point.

    >>> [n.readings for n in numbers_in_digits("1.024 und 2,5 Millionen", "de")]
    [('1024', '1.024'), ('2500000',)]
    """
    comma = _has_comma(language)
    known = language_of(language)
    code = known.code if known else None
    found = []
    for match in _number(code).finditer(text):
        digits, end = match["digits"], match.end("digits")
        if " " in digits and not _groups_by_space(language):
            # Two numbers side by side: the first one alone.
            digits = digits.split(" ")[0]
            end = match.start() + len(digits)
            found.append(Number(match.start(), end, _readings(digits, comma)))
            rest = match["digits"][len(digits) :]
            found += [
                Number(one.start + end, one.end + end, one.readings)
                for one in numbers_in_digits(rest, language)
            ]
            continue
        readings = _readings(digits, comma)
        scale = _scale(match, code)
        if scale is not None and len(digits) <= _LONGEST_COUNT:
            scaled = tuple(one for value in readings if (one := times(value, scale)))
            if scaled:
                readings, end = scaled, match.end()
        found.append(Number(match.start(), end, readings))
    return found


def canonical(value: Decimal | str) -> str:
    """Plain digits without zeros in front or behind: ``2.20`` is ``2.2``."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return str(value)
    plain = f"{number:f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.lstrip("0") or "0" if not plain.startswith("0.") else plain


def times(value: str, scale: int) -> str | None:
    """``value`` times ``scale``; None for what is no number ("1.2.3")."""
    try:
        return canonical(Decimal(value) * scale)
    except InvalidOperation:
        return None


def _scale(match: regex.Match[str], code: str | None) -> int | None:
    if not match["scale"]:
        return None
    return scales_of(code).value(match["scale"]) * (10**6 if match["more"] else 1)


def _readings(digits: str, comma: bool) -> tuple[str, ...]:
    digits = regex.sub(rf"[ {_SPACES}'’]", "", digits)
    commas, points = digits.count(","), digits.count(".")
    if commas and points:
        decimal = "," if digits.rfind(",") > digits.rfind(".") else "."
        other = "." if decimal == "," else ","
        whole = digits.replace(other, "")
        if whole.count(decimal) == 1:
            return (canonical(whole.replace(decimal, ".")),)
        return (digits,)
    if not commas and not points:
        return (canonical(digits),)
    mark = "," if commas else "."
    groups = digits.split(mark)
    grouped = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    indian = mark == "," and len(groups) > 2 and len(groups[-1]) == 3
    indian = indian and all(len(group) == 2 for group in groups[1:-1])
    if len(groups) > 2:
        is_count = (grouped and groups[0] != "0") or indian
        return (canonical("".join(groups)),) if is_count else (digits,)
    fraction = canonical(".".join(groups))
    if not grouped or groups[0].startswith("0"):
        return (fraction,)
    thousand = canonical("".join(groups))
    own_is_thousand = (mark == ".") == comma
    return (thousand, fraction) if own_is_thousand else (fraction, thousand)


def _has_comma(language: str | None) -> bool:
    known = language_of(language)
    return known is not None and known.code in _COMMA


def _groups_by_space(language: str | None) -> bool:
    """Where thousands are grouped by a space: with a decimal comma, roughly."""
    return _has_comma(language)

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
from types import MappingProxyType

import regex

from pipeline.text.english import word_set
from pipeline.text.languages.known import language_of

# Languages with a decimal comma; all others at hand have a decimal point.
_COMMA = word_set(
    "af az be bg bs ca cs da de el es et eu fi fo fr gl hr hu hy id is it ka kk ky lt lv mk nb nl"
    " nn no pl pt ro ru sk sl sq sr sv tg tr uk uz vi"
)
# Where a "billion" is a million millions.
_LONG_SCALE = word_set("de da nb nn no sv fi nl pl cs sk hu hr sl es it fr pt")
_M, _G, _T = 10**6, 10**9, 10**12
# Words of scale behind digits; a star stands for the endings of inflected forms.
_SCALE_WORDS: tuple[tuple[int, str], ...] = (
    (1000, "k K thousand Tsd. Tsd Tausend tausend duizend tusen tusind mille mila mil bin nghìn"),
    (1000, "ngàn тысяч* тыс. тыс тис. тисяч* ألف ألفا ألفًا ألفاً آلاف هزار אלף אלפים हज़ार हजार พัน"),
    (10**4, "หมื่น"),
    (10**5, "लाख lakh lakhs แสน"),
    (_M, "million millions Million Millionen millioner Mio. Mio mln. mln millones millón milhão"),
    (_M, "milhões milioni milione miljoen miljon miljoner milyon triệu миллион* млн. млн"),
    (_M, "мільйон* مليون ملايين میلیون מיליון मिलियन ล้าน"),
    (10**7, "करोड़ करोड crore crores"),
    (
        _G,
        "milliard milliards Milliarde Milliarden Mrd. Mrd miliard* miljard miljarder milyar tỷ tỉ",
    ),
    (_G, "миллиард* млрд. млрд мільярд* مليار مليارات میلیارد מיליארד bilhão bilhões अरब बिलियन"),
    (_G, "billion billions"),
    (_T, "Billion Billionen bilioni billones billón trillion trillón триллион* ट्रिलियन"),
)
_SCALES: Mapping[str, int] = MappingProxyType(
    {word: value for value, words in _SCALE_WORDS for word in words.split()}
)
_BY_LENGTH = sorted(_SCALES, key=len, reverse=True)
_SCALE = "|".join(regex.escape(word).replace(r"\*", r"\p{L}*") for word in _BY_LENGTH)
_SPACES = "\u00a0\u202f\u2009"
_WHOLE = (
    rf"\d{{1,3}}(?:[ {_SPACES}]\d{{3}})+(?!\d)(?:[.,]\d+)?"
    r"|\d{1,3}(?:['’]\d{3})+(?!\d)(?:\.\d+)?"
    r"|\d+(?:[.,]\d+)*"
)
_NUMBER = regex.compile(
    rf"(?<![\p{{Latin}}\p{{Cyrillic}}_\-\d.,])(?P<digits>{_WHOLE})"
    rf"(?:(?:[ {_SPACES}]?|-)(?P<scale>{_SCALE})(?: (?P<more>millones|milhões|millions))?"
    r"(?![\p{L}\p{M}]))?"
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


def numbers_in_digits(text: str, language: str | None = None) -> list[Number]:
    """The numbers in digits, in order; digits that belong to a name (``GPT-2``) are none.

    Args:
        text: see ``plain_digits``.
        language: of the text; None: a decimal point.

    >>> [n.readings for n in numbers_in_digits("1.024 und 2,5 Millionen", "de")]
    [('1024', '1.024'), ('2500000',)]
    """
    comma = _has_comma(language)
    found = []
    for match in _NUMBER.finditer(text):
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
        scale = _scale(match, language)
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


def _scale(match: regex.Match[str], language: str | None) -> int | None:
    word = match["scale"]
    if not word:
        return None
    value = _SCALES.get(word) or next(
        value for one, value in _SCALES.items() if one[-1] == "*" and word.startswith(one[:-1])
    )
    known = language_of(language)
    if word.lower() in ("billion", "billions", "billionen") and known:
        value = _T if known.code in _LONG_SCALE else _G
    return value * (_M if match["more"] else 1)


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

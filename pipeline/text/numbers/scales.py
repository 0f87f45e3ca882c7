"""Words of scale behind digits ("5 tysięcy", "2 लाख"), in every language that CLDR has.

CLDR's compact formats (Babel) name them in the forms that stand behind a number; cases that they
leave out share the word's beginning. What is written in any language, and what CLDR does not have,
stands in ``_EVERYWHERE``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

import regex

from pipeline.text.english import word_set
from pipeline.text.languages.known import language_of

_M, _G, _T = 10**6, 10**9, 10**12
# A star stands for the endings of inflected forms.
_WORDS: tuple[tuple[int, str], ...] = (
    (1000, "k K thousand Tsd. Tsd Tausend tausend duizend tusen tusind mille mila mil bin nghìn"),
    (1000, "ngàn тысяч* тыс. тыс тис. тисяч* ألف ألفا ألفًا ألفاً آلاف هزار אלף אלפים हज़ार हजार พัน"),
    (10**4, "หมื่น"),
    (10**5, "लाख lakh lakhs แสน லட்சம் లక్ష లక్షలు లక్షల ಲಕ್ಷ ലക്ഷം લાખ ਲੱਖ"),
    (_M, "million millions Million Millionen millioner Mio. Mio mln. mln millones millón milhão"),
    (_M, "milhões milioni milione miljoen miljon miljoner milyon triệu миллион* млн. млн"),
    (_M, "мільйон* مليون ملايين میلیون מיליון मिलियन ล้าน εκατομμυρίων"),
    (10**7, "करोड़ करोड crore crores கோடி కోటి కోట్లు కోట్ల ಕೋಟಿ കോടി કરોડ ਕਰੋੜ"),
    (
        _G,
        "milliard milliards Milliarde Milliarden Mrd. Mrd miliard* miljard miljarder milyar tỷ tỉ",
    ),
    (_G, "миллиард* млрд. млрд мільярд* مليار مليارات میلیارد מיליארד bilhão bilhões अरब बिलियन"),
    (_G, "billion billions δισεκατομμυρίων"),
    (_T, "Billion Billionen bilioni billones billón trillion trillón триллион* ट्रिलियन"),
)
_EVERYWHERE: Mapping[str, int] = MappingProxyType(
    {word: value for value, words in _WORDS for word in words.split()}
)
# Where "billion", written so, is a million millions.
_LONG_SCALE = word_set("de da nb nn no sv fi nl pl cs sk hu hr sl es it fr pt")
# Nouns behind numbers in more cases than CLDR's two or three.
_INFLECTED = word_set(
    "pl cs sk hr sl sr bs bg mk uk be ru el fi hu et lv lt tr az ka hy ro kk ky uz"
)
_SHORTEST_STEM = 4  # letters; "mil" begins many words
_LONGEST_ENDING = 4
# Read with their numerals (see ``cjk``).
_NUMERALS = ("zh", "yue", "ja", "ko")
_PATTERN = regex.compile(r"(?P<zeros>0+)[\s\u200e\u200f]*(?P<word>[^\d;]*[^\d;\s\u200e\u200f])")
_ONE_LETTER = regex.compile(r"\p{Latin}\.?")


class Scales:
    """The words of scale of one language, among those that are written in all."""

    def __init__(self, code: str | None) -> None:
        own = dict(_of_cldr(code)) if code else {}
        self._values = {**_EVERYWHERE, **own}
        if "billion" not in own:
            self._values |= dict.fromkeys(
                ("billion", "billions"), _T if code in _LONG_SCALE else _G
            )
        longest_first = sorted(self._values, key=len, reverse=True)
        self.pattern = "|".join(map(_as_pattern, longest_first))

    def value(self, word: str) -> int:
        """What a word that ``pattern`` matches stands for."""
        word = regex.sub(r"\s+", " ", word)
        if word in self._values:
            return self._values[word]
        stems = [one for one in self._values if one.endswith("*") and word.startswith(one[:-1])]
        return self._values[max(stems, key=len)]


@lru_cache(maxsize=64)
def scales_of(code: str | None) -> Scales:
    """The words of scale of a language (two letters), or of all where it is not known.

    >>> scales_of("pl").value("tysięcy"), scales_of("bn").value("লাখ"), scales_of("de").value("Mio.")
    (1000, 100000, 1000000)
    """
    return Scales(code)


def _as_pattern(word: str) -> str:
    escaped = regex.escape(word.removesuffix("*")).replace(r"\ ", r"\s")
    return escaped + (rf"\p{{L}}{{0,{_LONGEST_ENDING}}}" if word.endswith("*") else "")


def _of_cldr(code: str) -> Iterator[tuple[str, int]]:
    from babel.core import Locale, UnknownLocaleError

    known = language_of(code)
    if known is None or code in _NUMERALS:
        return
    try:
        formats = Locale.parse(code).compact_decimal_formats
    except UnknownLocaleError:
        return
    for width in ("short", "long"):
        forms: dict[int, list[str]] = {}
        for by_size in formats.get(width, {}).values():
            for size, number in by_size.items():
                found = _PATTERN.fullmatch(number.pattern.replace("'", ""))
                if found and not _ONE_LETTER.fullmatch(found["word"]):
                    value = int(size) // 10 ** (len(found["zeros"]) - 1)
                    forms.setdefault(value, []).append(found["word"].replace("\xa0", " "))
        for value, words in forms.items():
            yield from ((word, value) for word in words)
            yield from ((word.removesuffix("."), value) for word in words)
            stem = _beginning(words)
            if width == "long" and code in _INFLECTED and len(stem) >= _SHORTEST_STEM:
                yield f"{stem}*", value


def _beginning(words: list[str]) -> str:
    """The letters that all the words begin with."""
    same = 0
    for letters in zip(*words, strict=False):
        if len(set(letters)) > 1:
            break
        same += 1
    return words[0][:same]

"""Numbers said in words.

English has a reader of its own (see ``english``); German, French, Spanish, Portuguese,
Dutch, Italian and Danish are read by ``text2num``; Hindi, Russian, Arabic and Korean by the tables
below. Chinese and Japanese say their numerals (see ``cjk``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

import regex

from pipeline.text.numbers import english
from pipeline.text.numbers.numerals import Number, canonical

_LIBRARY = ("de", "fr", "es", "pt", "nl", "it", "da")
_TOKEN = regex.compile(r"[\p{L}\p{M}]+|[^\s\p{L}\p{M}]")
# 0 to 99, ten a line.
_HINDI = (
    "शून्य एक दो तीन चार पाँच छह सात आठ नौ"
    " दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस"
    " बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस"
    " तीस इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस उनतालीस"
    " चालीस इकतालीस बयालीस तैंतालीस चौवालीस पैंतालीस छियालीस सैंतालीस अड़तालीस उनचास"
    " पचास इक्यावन बावन तिरपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ"
    " साठ इकसठ बासठ तिरसठ चौंसठ पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर"
    " सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उनासी"
    " अस्सी इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी"
    " नब्बे इक्यानवे बानवे तिरानवे चौरानवे पचानवे छियानवे सत्तानवे अट्ठानवे निन्यानवे"
)
_HINDI_OTHER = {"पांच": 5, "छः": 6, "छे": 6, "पन्द्रह": 15, "अट्ठारह": 18, "अठाईस": 28, "चौंसठ": 64}
_RUSSIAN = {
    "ноль": 0, "один": 1, "одна": 1, "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5,
    "шесть": 6, "семь": 7, "восемь": 8, "девять": 9, "десять": 10, "одиннадцать": 11,
    "двенадцать": 12, "тринадцать": 13, "четырнадцать": 14, "пятнадцать": 15, "шестнадцать": 16,
    "семнадцать": 17, "восемнадцать": 18, "девятнадцать": 19, "двадцать": 20, "тридцать": 30,
    "сорок": 40, "пятьдесят": 50, "шестьдесят": 60, "семьдесят": 70, "восемьдесят": 80,
    "девяносто": 90, "сто": 100, "двести": 200, "триста": 300, "четыреста": 400, "пятьсот": 500,
    "шестьсот": 600, "семьсот": 700, "восемьсот": 800, "девятьсот": 900,
}  # fmt: skip
_ARABIC = {
    "صفر": 0, "واحد": 1, "واحدة": 1, "اثنان": 2, "اثنين": 2, "اثنتان": 2, "ثلاثة": 3, "ثلاث": 3,
    "أربعة": 4, "أربع": 4, "خمسة": 5, "خمس": 5, "ستة": 6, "ست": 6, "سبعة": 7, "سبع": 7,
    "ثمانية": 8, "ثماني": 8, "ثمان": 8, "تسعة": 9, "تسع": 9, "عشرة": 10, "عشر": 10,
    "عشرون": 20, "عشرين": 20, "ثلاثون": 30, "ثلاثين": 30, "أربعون": 40, "أربعين": 40,
    "خمسون": 50, "خمسين": 50, "ستون": 60, "ستين": 60, "سبعون": 70, "سبعين": 70, "ثمانون": 80,
    "ثمانين": 80, "تسعون": 90, "تسعين": 90, "مئتان": 200, "مائتان": 200, "مئتين": 200,
    "مائتين": 200, "ثلاثمائة": 300, "ثلاثمئة": 300, "أربعمائة": 400, "أربعمئة": 400,
    "خمسمائة": 500, "خمسمئة": 500, "ستمائة": 600, "ستمئة": 600, "سبعمائة": 700, "سبعمئة": 700,
    "ثمانمائة": 800, "ثمانمئة": 800, "تسعمائة": 900, "تسعمئة": 900,
}  # fmt: skip
_KOREAN = {
    "하나": 1, "둘": 2, "셋": 3, "넷": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
    "열": 10, "스물": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70, "여든": 80,
    "아흔": 90,
}  # fmt: skip


_KOREAN_BEFORE_NOUNS = {"한": 1, "두": 2, "세": 3, "네": 4}
_KOREAN |= {
    ten + unit: value + more
    for ten, value in _KOREAN.items()
    if value >= 10
    for unit, more in (_KOREAN | _KOREAN_BEFORE_NOUNS).items()
    if more < 10
} | {"스무": 20}


class _Table:
    """The words of one language: ``units`` are added up, ``scales`` multiply what stands before."""

    def __init__(
        self, units: Mapping[str, int], scales: Mapping[str, int], prefix: str = "", point: str = ""
    ) -> None:
        self.units, self.scales, self.point = units, scales, point
        words = sorted([*units, *scales], key=len, reverse=True)
        one = rf"{f'{prefix}?' if prefix else ''}(?:{'|'.join(words)})"
        more = rf"(?:\s+(?:{point}\s+)?{one})*" if point else rf"(?:\s+{one})*"
        self.pattern = regex.compile(rf"(?<![\p{{L}}\p{{M}}]){one}{more}(?![\p{{L}}\p{{M}}])")
        self.word = regex.compile("|".join([*words, point] if point else words))


_TABLES: Mapping[str, _Table] = MappingProxyType(
    {
        "hi": _Table(
            {word: value for value, word in enumerate(_HINDI.split())} | _HINDI_OTHER,
            {"सौ": 100, "हज़ार": 1000, "हजार": 1000, "लाख": 10**5, "करोड़": 10**7, "अरब": 10**9},
            point="दशमलव",
        ),
        "ru": _Table(
            _RUSSIAN,
            {
                "тысяча": 1000, "тысячи": 1000, "тысяч": 1000, "миллион": 10**6,
                "миллиона": 10**6, "миллионов": 10**6, "миллиард": 10**9, "миллиарда": 10**9,
                "миллиардов": 10**9,
            },
        ),
        "ar": _Table(
            _ARABIC,
            {"مئة": 100, "مائة": 100, "ألف": 1000, "ألفا": 1000, "آلاف": 1000, "مليون": 10**6,
             "ملايين": 10**6, "مليار": 10**9},
            prefix="و",
        ),
        "ko": _Table(_KOREAN, {}),
    }
)  # fmt: skip


def spoken_numbers(text: str, language: str) -> list[Number]:
    """The numbers in words, in order; none where no reader knows the language (two letters).

    >>> [n.value for n in spoken_numbers("two hundred fifty six, two point two", "en")]
    ['256', '2.2']
    >>> spoken_numbers("fünfzigtausend", "de")[0].value, spoken_numbers("दो लाख", "hi")[0].value
    ('50000', '200000')
    """
    if language == "en":
        return list(english.numbers(text))
    if language in _LIBRARY:
        return list(_by_library(text, language))
    table = _TABLES.get(language)
    if table is None:
        return []
    return [
        _number(found, canonical(_composed(table.word.findall(found[0]), table)))
        for found in table.pattern.finditer(text)
    ]


def _number(found: regex.Match[str], value: str) -> Number:
    return Number(found.start(), found.end(), (value,), in_words=True)


class _Token:
    def __init__(self, text: str) -> None:
        self._text = text

    def text(self) -> str:
        return self._text

    def nt_separated(self, previous: object) -> bool:
        return False

    def not_a_number_part(self) -> bool:
        return False


def _by_library(text: str, language: str) -> Iterator[Number]:
    from text_to_num import find_numbers

    places = list(_TOKEN.finditer(text))
    tokens = [_Token(place[0]) for place in places]
    for found in find_numbers(tokens, language, 0):
        words = [place[0] for place in places[found.start : found.end]]
        if found.is_ordinal or not any(word.isalpha() for word in words):
            continue
        value = canonical(found.text.replace(",", "."))
        start, end = places[found.start].start(), places[found.end - 1].end()
        yield Number(start, end, (value,), in_words=True)


def _composed(words: list[str], table: _Table) -> Decimal:
    total = current = 0
    for at, word in enumerate(words):
        if word == table.point and word:
            digits = "".join(str(table.units.get(one, 0)) for one in words[at + 1 :])
            return Decimal(f"{total + current}.{digits or '0'}")
        if word not in table.scales:
            current += table.units[word]
        elif table.scales[word] == 100:
            current = max(1, current) * 100
        else:
            total += max(1, current) * table.scales[word]
            current = 0
    return Decimal(total + current)

"""Numbers said in words.

English has a reader of its own (see ``english``); German, French, Spanish, Portuguese,
Dutch, Italian and Danish are read by ``text2num``; the languages of ``word_tables`` by those.
Chinese and Japanese say their numerals (see ``cjk``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

import regex

from pipeline.text.languages.codes import base_language
from pipeline.text.numbers import english
from pipeline.text.numbers.numerals import Number, canonical
from pipeline.text.numbers.word_tables import NUMBER_WORDS, NumberWords

_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'"})
_LIBRARY = ("de", "fr", "es", "pt", "nl", "it", "da")
_TOKEN = regex.compile(r"[\p{L}\p{M}]+|[^\s\p{L}\p{M}]")


class _Reader:
    """Finds the numbers of one language in a text, and adds their words up."""

    def __init__(self, known: NumberWords) -> None:
        self._known = known
        words = "|".join(sorted([*known.units, *known.scales], key=len, reverse=True))
        one = rf"{f'{known.prefix}?' if known.prefix else ''}(?:{words})"
        between = "|".join(filter(None, (known.point, known.joint)))
        more = rf"\s+(?:(?:{between})\s+)?{one}" if between else rf"\s+{one}"
        self._pattern = regex.compile(rf"(?<![\p{{L}}\p{{M}}]){one}(?:{more})*(?![\p{{L}}\p{{M}}])")
        self._word = regex.compile(f"{words}|{known.point}" if known.point else words)

    def numbers(self, text: str) -> Iterator[Number]:
        for found in self._pattern.finditer(text.translate(_APOSTROPHES)):
            if found[0] not in self._known.doubtful:
                yield _number(found, canonical(self._composed(self._word.findall(found[0]))))

    def _composed(self, words: list[str]) -> Decimal:
        """Units added up; a scale takes whatever smaller stands before it."""
        terms: list[int] = []
        for at, word in enumerate(words):
            if word == self._known.point:
                digits = "".join(str(self._known.units.get(one, 0)) for one in words[at + 1 :])
                return Decimal(f"{sum(terms)}.{digits or '0'}")
            scale = self._known.scales.get(word)
            if scale is None:
                terms.append(self._known.units[word])
                continue
            smaller = sum(term for term in terms if term < scale)
            terms = [term for term in terms if term >= scale] + [max(1, smaller) * scale]
        return Decimal(sum(terms))


_READERS: Mapping[str, _Reader] = MappingProxyType(
    {code: _Reader(known) for code, known in NUMBER_WORDS.items()}
)
# Said as numerals, which ``cjk`` reads.
_NUMERALS = ("zh", "yue", "ja")


def reads_number_words(language: str | None) -> bool:
    """Whether numbers that are said in words are read in the language; None counts as English.

    Where they are not, no number can be called invented: it may have been said.

    >>> reads_number_words("pl"), reads_number_words("zh-TW"), reads_number_words("sw")
    (True, True, False)
    """
    code = base_language(language) or "en"
    return code in ("en", *_LIBRARY, *_NUMERALS) or code in _READERS


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
    reader = _READERS.get(language)
    return list(reader.numbers(text)) if reader else []


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

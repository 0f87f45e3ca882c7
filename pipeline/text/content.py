"""The words that carry the content of a text, in a form in which texts can be compared.

Where words are spaced, that is the stems of all words but stop words. In Chinese and Japanese it is
pairs of neighbouring characters, without those of particles and kana endings: they find the same
words again without a dictionary. In Thai it is BudouX's words.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise

import regex

from pipeline.text.languages.stop_words import is_content, stop_words
from pipeline.text.phrases import phrases
from pipeline.text.scripts import UNSPACED_LETTER, script_code
from pipeline.text.stemming import stem
from pipeline.text.words import bare, words

# Characters that are hardly ever part of a content word: particles, pronouns, measure words.
_EMPTY_HAN = frozenset(
    "的了是在和就都而及与與着著或个個们們你您我他她它这這那有不也很到说說要会會可以对對之于於把被让讓给給"
    "从從向因为為所但如果再又还還更最只才吗嗎呢吧啊呀嘛哪么麼什些每其某各并並且则則即若虽雖然後后前中上下里裡"
    "来來去得地过過没沒能想看做用一二三四五六七八九十百千万萬"
)
_RUN = regex.compile(
    rf"(?P<letters>(?:{UNSPACED_LETTER}\p{{M}}*)+)|(?:(?!{UNSPACED_LETTER}).)+",
    regex.V1 | regex.DOTALL,
)
_KANJI = regex.compile(r"[\p{Script=Han}\p{Script=Katakana}ー々]")


def content_terms(text: str, language: str | None = None) -> list[str]:
    """The content of ``text`` in order: stems, and pairs of characters.

    >>> content_terms("The merges are counted"), content_terms("分词器"), content_terms("計算する")
    (['merg', 'count'], ['分词', '词器'], ['計算'])
    """
    found: list[str] = []
    for run in _RUN.finditer(text):
        found += _of_letters(run["letters"]) if run["letters"] else _stems(run[0], language)
    return found


def content_stems(text: str, language: str | None = None) -> set[str]:
    """The content of ``text``, each term once."""
    return set(content_terms(text, language))


def _stems(text: str, language: str | None) -> Iterator[str]:
    for word in words(text):
        key = word.removesuffix("'s")
        if is_content(bare(key), language):
            yield stem(key, language)


def _of_letters(text: str) -> Iterator[str]:
    if script_code(text[0]) not in ("Hani", "Jpan"):
        stops = stop_words("th")
        yield from (one for one in phrases(text) if len(one) > 2 and one not in stops)
        return
    for telling, run in groupby(text, _tells):
        if telling:
            yield from (a + b for a, b in pairwise(run))


def _tells(char: str) -> bool:
    return bool(_KANJI.match(char)) and char not in _EMPTY_HAN

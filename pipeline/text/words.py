"""The one tokeniser: words where a script has spaces, letters where it has none; and back to text.

A letter is a grapheme cluster (UAX #29, ``\\X`` of the module ``regex``): a combining mark never
splits a word of Hindi nor a letter of Thai.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import regex

from pipeline.text.scripts import UNSPACED, UNSPACED_LETTER

_INSIDE = rf"[[\p{{L}}\p{{N}}\p{{M}}\u200c\u200d]--{UNSPACED_LETTER}]"
_LETTERS = rf"[[\p{{L}}\p{{M}}\u200c\u200d]--{UNSPACED_LETTER}]"
_WORD = regex.compile(
    rf"(?={UNSPACED_LETTER})\X|{_INSIDE}+(?:['’.]{_LETTERS}+|[.,٫٬]\p{{Nd}}+)*", regex.V1
)
_UNSPACED = regex.compile(UNSPACED_LETTER, regex.V1)
_SHARED_WORDS = 4  # in a row, for which the limits of the checks were measured
_NO_LETTER = regex.compile(r"[^\p{L}\p{M}\p{N}\u200c\u200d]+")

_CJK = r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\u30fc\uff00-\uff9f]"
_CJK_GAP = regex.compile(f"(?<={_CJK}[\\p{{Pe}}\\p{{Pf}}]?) (?=[\\p{{Ps}}\\p{{Pi}}]?{_CJK})")
# The marks of Chinese and Japanese are as wide as a letter and a space; a joiner joins.
_WIDE_MARK = r"[\u3001-\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f]"
_GAP = regex.compile(
    f"(?<={UNSPACED}) (?={UNSPACED})|(?<={_WIDE_MARK}) | (?={_WIDE_MARK})|(?<=[\u200c\u200d]) "
)
_LETTER = r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々]"
# Between two letters, after closing and before opening punctuation.
_BETWEEN = regex.compile(
    rf"(?<={_LETTER}[\p{{Pe}}\p{{Pf}}、。，．！？：；…]*)(?=[\p{{Ps}}\p{{Pi}}]*{_LETTER})", regex.V1
)


def words(text: str) -> list[str]:
    """The words of ``text`` in order, in lower case; a letter of a script without spaces is one.

    >>> words("It's 2.2, isn't it? 编码 of GPT-2")
    ["it's", '2.2', "isn't", 'it', '编', '码', 'of', 'gpt', '2']
    >>> words("हिन्दी में"), words("می‌شوند"), words("กำลัง")
    (['हिन्दी', 'में'], ['می\\u200cشوند'], ['กำ', 'ลั', 'ง'])
    """
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def spaced(text: str) -> str:
    """The words of ``text`` between spaces: what it says stands in it as whole words.

    >>> spaced("byte pair") in spaced("A byte-pair encoding"), spaced("air") in spaced("a pair")
    (True, False)
    """
    return f" {' '.join(words(text))} "


def is_letter(word: str) -> bool:
    """Whether a word from ``words`` is a letter of a script without spaces."""
    return bool(_UNSPACED.match(word))


@lru_cache(maxsize=1 << 16)
def bare(text: str) -> str:
    """Only the letters, marks and digits of ``text``, in lower case.

    >>> bare("GPT-2,"), bare("हिन्दी।")
    ('gpt2', 'हिन्दी')
    """
    return _NO_LETTER.sub("", text.lower())


def word_runs(found: list[str], length: int) -> Iterator[tuple[str, ...]]:
    """All runs of ``length`` neighbouring words, in order."""
    return zip(*(found[start:] for start in range(length)), strict=False)


def shared_runs(text: str, source: str) -> float:
    """The part of the text's runs of four words that the source has too, 0 to 1; 0 without one."""
    mine = list(word_runs(words(text), _SHARED_WORDS))
    theirs = set(word_runs(words(source), _SHARED_WORDS))
    return sum(run in theirs for run in mine) / len(mine) if mine else 0.0


def longest_shared(text: str, source: str, least: int = 8) -> list[str]:
    """The runs of ``least`` words or more that stand in the source too, the longest first."""
    mine, theirs = words(text), words(source)
    places: dict[tuple[str, ...], list[int]] = {}
    for at, run in enumerate(word_runs(theirs, least)):
        places.setdefault(run, []).append(at)
    found = []
    at = 0
    while at <= len(mine) - least:
        length = 0
        for start in places.get(tuple(mine[at : at + least]), ()):
            here = least
            while (
                at + here < len(mine)
                and start + here < len(theirs)
                and mine[at + here] == theirs[start + here]
            ):
                here += 1
            length = max(length, here)
        if length:
            found.append(" ".join(mine[at : at + length]))
        at += max(length, 1)
    return sorted(found, key=lambda run: (-len(run.split()), run))


def occurrences(text: str, wanted: Iterable[str]) -> int:
    """How many words of ``text`` are among ``wanted`` (lower case)."""
    chosen = frozenset(wanted)
    return sum(word in chosen for word in words(text))


def joined(words: Iterable[str]) -> str:
    """``words`` with spaces between them, save in scripts that have none.

    A word of Thai that begins with a space keeps it: it begins a phrase.

    >>> joined(["two", "words"]), joined(["你", "好"]), joined(["用", "BPE"])
    ('two words', '你好', '用 BPE')
    >>> joined(["คำ", "นี้", " แล้ว"]), joined(["好，", "BPE", "。"])
    ('คำนี้ แล้ว', '好，BPE。')
    """
    return _GAP.sub("", " ".join(words)).replace("  ", " ").strip()


def sentences_joined(texts: Iterable[str]) -> str:
    """Sentences as a paragraph: a space between them, save in Chinese and Japanese.

    Thai, Lao, Khmer and Burmese have no space between words, but one between sentences.

    >>> sentences_joined(["好。", "是的。"]), sentences_joined(["ใช่ครับ", "ต่อไป"])
    ('好。是的。', 'ใช่ครับ ต่อไป')
    """
    return _CJK_GAP.sub("", " ".join(texts))


def unspaced_parts(word: str) -> list[str]:
    """``word``, which has no white space, in the smallest parts that ``joined`` reunites.

    Chinese and Japanese come without spaces: a line of theirs is cut into letters, each with the
    punctuation that belongs to it, so that times and cuts are as fine as for other languages. A
    letter beside one of another script stays with it.

    >>> unspaced_parts("今天讲BPE算法。"), unspaced_parts("word")
    (['今', '天', '讲BPE算', '法。'], ['word'])
    """
    return _BETWEEN.split(word)

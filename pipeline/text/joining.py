"""Words put together to a text, with the space that their script has between words."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from pipeline.text.scripts import UNSPACED

_CJK = r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\u30fc\uff00-\uff9f]"
_CJK_GAP = regex.compile(f"(?<={_CJK}[\\p{{Pe}}\\p{{Pf}}]?) (?=[\\p{{Ps}}\\p{{Pi}}]?{_CJK})")
_GAP = regex.compile(f"(?<={UNSPACED}) (?={UNSPACED})")


_LETTER = r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々]"
# Between two letters, after closing and before opening punctuation.
_BETWEEN = regex.compile(
    rf"(?<={_LETTER}[\p{{Pe}}\p{{Pf}}、。，．！？：；…]*)(?=[\p{{Ps}}\p{{Pi}}]*{_LETTER})", regex.V1
)


def joined(words: Iterable[str]) -> str:
    """``words`` with spaces between them, save in scripts that have none.

    A word of Thai that begins with a space keeps it: it begins a phrase.

    >>> joined(["two", "words"]), joined(["你", "好"]), joined(["用", "BPE"])
    ('two words', '你好', '用 BPE')
    >>> joined(["คำ", "นี้", " แล้ว"])
    'คำนี้ แล้ว'
    """
    return _GAP.sub("", " ".join(words)).replace("  ", " ").strip()


def sentences_joined(texts: Iterable[str]) -> str:
    """Sentences as a paragraph: a space between them, save in Chinese and Japanese.

    Thai, Lao, Khmer and Burmese have no space between words, but one between sentences.

    >>> sentences_joined(["好。", "是的。"]), sentences_joined(["ใช่ครับ", "ต่อไป"])
    ('好。是的。', 'ใช่ครับ ต่อไป')
    """
    return _CJK_GAP.sub("", " ".join(texts))


def units(word: str) -> list[str]:
    """``word``, which has no white space, in the smallest parts that ``joined`` reunites.

    Chinese and Japanese come without spaces: a line of theirs is cut into letters, each with the
    punctuation that belongs to it, so that times and cuts are as fine as for other languages. A
    letter beside one of another script stays with it.

    >>> units("今天讲BPE算法。"), units("word")
    (['今', '天', '讲BPE算', '法。'], ['word'])
    """
    return _BETWEEN.split(word)

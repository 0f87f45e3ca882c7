"""Words put together to a text, with the space that their script has between words."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from pipeline.text.scripts import UNSPACED

_GAP = regex.compile(f"(?<={UNSPACED}) (?={UNSPACED})")


_LETTER = r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々]"
# Between two letters, after closing and before opening punctuation.
_BETWEEN = regex.compile(
    rf"(?<={_LETTER}[\p{{Pe}}\p{{Pf}}、。，．！？：；…]*)(?=[\p{{Ps}}\p{{Pi}}]*{_LETTER})", regex.V1
)


def joined(words: Iterable[str]) -> str:
    """``words`` with spaces between them, save in scripts that have none.

    >>> joined(["two", "words"]), joined(["你", "好"]), joined(["用", "BPE"])
    ('two words', '你好', '用 BPE')
    """
    return _GAP.sub("", " ".join(words))


def units(word: str) -> list[str]:
    """``word``, which has no white space, in the smallest parts that ``joined`` reunites.

    Chinese and Japanese come without spaces: a line of theirs is cut into letters, each with the
    punctuation that belongs to it, so that times and cuts are as fine as for other languages. A
    letter beside one of another script stays with it.

    >>> units("今天讲BPE算法。"), units("word")
    (['今', '天', '讲BPE算', '法。'], ['word'])
    """
    return _BETWEEN.split(word)

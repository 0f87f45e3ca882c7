"""Counting and comparing words, in scripts with and without spaces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.text.stopwords import is_content

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+(?:['’.][^\W\d_{_CJK}]+|[.,]\d+)*")
_CJK_CHARACTER = re.compile(rf"[{_CJK}]")
# A Chinese translation has about 1.6 characters for each English word.
_WORDS_PER_CJK = 0.6
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ers", "er", "ed", "es", "ly", "s", "e", "y")
_LONGEST_STEM = 7


def words(text: str) -> list[str]:
    """The words of ``text`` in order, in lower case; a Chinese or Japanese character is one.

    >>> words("It's 2.2, isn't it? 编码 of GPT-2")
    ["it's", '2.2', "isn't", 'it', '编', '码', 'of', 'gpt', '2']
    """
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def word_count(text: str) -> int:
    """How much text it is, in words of a language with spaces.

    >>> word_count("five words are in this"), word_count("词元化器把文本变成整数")
    (5, 7)
    """
    found = words(text)
    cjk = sum(1 for word in found if _CJK_CHARACTER.match(word))
    return len(found) - cjk + round(cjk * _WORDS_PER_CJK)


def is_cjk(text: str) -> bool:
    """Whether the text is for the most part Chinese or Japanese."""
    found = words(text)
    return 2 * sum(1 for word in found if _CJK_CHARACTER.match(word)) > len(found)


def stem(word: str) -> str:
    """A crude stem under which a word's forms meet; for comparing, not for reading.

    >>> stem("merging") == stem("merges") == stem("merge")
    True
    >>> stem("tokenizer") == stem("tokenize")
    True
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:_LONGEST_STEM]


def content_stems(text: str) -> set[str]:
    """The stems of the words that carry the content."""
    return {stem(word.removesuffix("'s")) for word in words(text) if is_content(word)}


def runs(found: list[str], length: int) -> Iterator[tuple[str, ...]]:
    """All runs of ``length`` neighbouring words, in order."""
    return zip(*(found[start:] for start in range(length)), strict=False)


def shared_runs(text: str, source: str, length: int = 4) -> float:
    """The part of the text's word runs that stand in the source too, 0 to 1; 0 without a run."""
    mine = list(runs(words(text), length))
    theirs = set(runs(words(source), length))
    return sum(run in theirs for run in mine) / len(mine) if mine else 0.0


def longest_shared(text: str, source: str, least: int = 8) -> list[str]:
    """The runs of ``least`` words or more that stand in the source too, the longest first."""
    mine, theirs = words(text), words(source)
    places: dict[tuple[str, ...], list[int]] = {}
    for at, run in enumerate(runs(theirs, least)):
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

"""How alike two words are, to the ear and letter by letter."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

# English spelling to sound, roughly Metaphone (L. Philips, "Hanging on the Metaphone", 1990), in
# order of application; vowels go last.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^(?:kn|gn|pn)", "n"),
        (r"^wr", "r"),
        (r"^ps", "s"),
        (r"(?<=[aeiou])gh", ""),
        (r"ph", "f"),
        (r"tch|ch", "C"),
        (r"sh|ti(?=on|a)|ci(?=a|o)", "X"),
        (r"th", "0"),
        (r"dg(?=[eiy])|g(?=[eiy])", "j"),
        (r"ck|q|c(?![eiy])", "k"),
        (r"c|z", "s"),
        (r"x", "ks"),
        (r"v", "f"),
        (r"(.)\1+", r"\1"),
        (r"(?<!^)[aeiouyhw]+", ""),
        (r"^[aeiouy]", "a"),
    )
)


@cache
def sound_of(word: str) -> str:
    """A key that words said alike share: consonants, and whether a vowel begins it.

    >>> sound_of("bite") == sound_of("byte"), sound_of("karpathi") == sound_of("karpathy")
    (True, True)
    """
    sound = word.lower()
    for pattern, replacement in _SOUNDS:
        sound = pattern.sub(replacement, sound)
    return sound


@lru_cache(maxsize=1 << 18)
def distance(one: str, other: str) -> int:
    """Levenshtein's distance: insertions, deletions and substitutions of letters.

    >>> distance("reex", "regex")
    1
    """
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        corner, row[0] = row[0], i
        for j, target in enumerate(other, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (letter != target))
    return row[-1]


def common_prefix(one: str, other: str) -> int:
    """How many letters two words begin with together."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def is_subsequence(letters: str, word: str) -> bool:
    """Whether ``letters`` stand in ``word`` in this order, others between them allowed."""
    rest = iter(word)
    return all(letter in rest for letter in letters)


@cache
def common_words() -> Mapping[str, int]:
    """About 25,000 English words and their place in the order of frequency, the first 256.

    They are the whole-word tokens of GPT-2, whose byte pairs were merged in order of frequency;
    the list comes with openai-whisper. Empty where that package is not installed.
    """
    spec = find_spec("whisper")
    places = spec.submodule_search_locations if spec else None
    path = Path(places[0]) / "assets" / "gpt2.tiktoken" if places else None
    if path is None or not path.is_file():
        return MappingProxyType({})
    words: dict[str, int] = {}
    for line in path.read_bytes().splitlines():
        token, _, rank = line.partition(b" ")
        word = base64.b64decode(token)
        if word[:1] == b" " and word[1:].isalpha():
            words.setdefault(word[1:].decode("ascii", "ignore").lower(), int(rank))
    return MappingProxyType(words)

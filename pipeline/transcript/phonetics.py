"""How alike two words are, to the ear and letter by letter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from pipeline.errors import MissingDependencyError

_WORD_LIST = "frequency_dictionary_en_82_765.txt"
_COMMON = 25_000  # of the 82,765 words of the list; what is rarer is a candidate for a name
_EVERYDAY = 400  # place in the list up to which words are everyday ones,
# Of 3,710 pairs of forms of one word that are alike (three letters in four), 98% have more of their
# beginning in common; at 0.8, 85%.
SAME_STEM = 0.7
_CAPITALISED = frozenset(
    ["i", "jan", "january", "american", "ebay", "united", "john", "york", "june"]
)  # or not

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


_SOFT_G = re.compile("g(?=[eiy])")
_HARD_G = "9"  # in its place: no rule of spelling touches it


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


@cache
def _sounds_of(word: str) -> frozenset[str]:
    """The keys of the ways to say it: ``ch`` and a ``g`` before e, i and y are hard or soft."""
    soft = word.lower()
    hard = _SOFT_G.sub(_HARD_G, soft)
    readings = (soft, hard, soft.replace("ch", "k"), hard.replace("ch", "k"))
    return frozenset(sound_of(reading).replace(_HARD_G, "g") for reading in readings)


def sound_alike(one: str, other: str) -> bool:
    """Whether two words can be said alike.

    >>> sound_alike("regx", "regex"), sound_alike("tech", "tik"), sound_alike("jet", "net")
    (True, True, False)
    """
    return not _sounds_of(one).isdisjoint(_sounds_of(other))


def lacks_one_sound(one: str, other: str) -> bool:
    """Whether one of two words can be said as the other with one sound left out.

    >>> lacks_one_sound("reex", "regex"), lacks_one_sound("argv", "arxv")
    (True, False)
    """
    pairs = ((a, b) for a in _sounds_of(one) for b in _sounds_of(other))
    return any(
        abs(len(a) - len(b)) == 1 and (is_subsequence(a, b) or is_subsequence(b, a))
        for a, b in pairs
    )


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


def differs_in_one(one: str, other: str) -> bool:
    """Whether their distance is 1, told by how far they agree from both ends.

    >>> differs_in_one("reex", "regex"), differs_in_one("token", "token")
    (True, False)
    """
    longest = max(len(one), len(other))
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    before = common_prefix(one, other)
    after = common_prefix(one[::-1], other[::-1])
    return before + after >= longest - 1


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
    """The 25,000 most frequent English words and their place in that order, from 0.

    Raises:
        MissingDependencyError: symspellpy is not installed.
    """
    words = [word for word in _listed() if word.isalpha()][:_COMMON]
    return MappingProxyType({word: place for place, word in enumerate(words)})


@cache
def english_words() -> frozenset[str]:
    """The 82,765 English words that spelling dictionaries know, in lower case.

    Raises:
        MissingDependencyError: symspellpy is not installed.
    """
    return frozenset(_listed())


@cache
def _listed() -> tuple[str, ...]:
    """English words in the order of their frequency.

    The list comes with symspellpy: word counts of Google Books, limited to words that spelling
    dictionaries know (https://github.com/wolfgarbe/SymSpell#frequency-dictionary).
    """
    spec = find_spec("symspellpy")  # not imported: only its list is wanted
    if spec is None or not spec.origin:
        raise MissingDependencyError(
            "the list of common words is missing: symspellpy is not installed",
            "pip install symspellpy",
        )
    path = Path(spec.origin).with_name(_WORD_LIST)
    return tuple(line.split()[0] for line in path.read_text(encoding="utf-8-sig").splitlines())


def is_written_small(word: str) -> bool:
    """Whether a word, in lower case, is one of the everyday English words, and no name.

    >>> is_written_small("when"), is_written_small("paris"), is_written_small("i")
    (True, False, False)
    """
    return word not in _CAPITALISED and common_words().get(word, _COMMON) < _EVERYDAY

"""The forms of a word as one, for comparing, never for reading.

Snowball's stemmers (https://snowballstem.org, M. F. Porter), each made for its language. One rule
of our own comes first: "tokenize" and "tokenizer" are one subject, "token" is another, and the
English stemmer makes one of the three.

A glossary has to tell "encoder" from "encoding", of which a stemmer makes one: ``base_form`` takes
plurals alone for forms, ``possible_bases`` verb forms where their base is known to be meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from threading import Lock
from types import MappingProxyType

import regex

from pipeline.text.languages.known import language_of
from pipeline.text.scripts import script_code
from pipeline.text.words import words

_ALGORITHMS: Mapping[str, str] = MappingProxyType(
    {
        "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech",
        "da": "danish", "nl": "dutch", "en": "english", "eo": "esperanto", "et": "estonian",
        "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi",
        "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian",
        "lt": "lithuanian", "ne": "nepali", "nb": "norwegian", "nn": "norwegian",
        "no": "norwegian", "fa": "persian", "pl": "polish", "pt": "portuguese",
        "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish", "sv": "swedish",
        "ta": "tamil", "tr": "turkish", "yi": "yiddish",
    }
)  # fmt: skip
# The language that a word is taken for where none is known, by its script.
_USUAL: Mapping[str, str] = MappingProxyType(
    {"Latn": "en", "Cyrl": "ru", "Grek": "el", "Arab": "ar", "Deva": "hi", "Taml": "ta"}
)
_IZE = regex.compile(r"(.{3,}i[sz])(?:e|es|ed|er|ers|ing|ation|ations)")
# A stemmer keeps the word it is at in itself, and parts of a chapter are checked in threads.
_ONE_AT_A_TIME = Lock()
_MOST_WORDS = 1 << 16  # remembered: a lecture has 2,000 to 4,000 different ones

_SHORTEST = 4  # letters of a word that is a plural: "bus", "gas" and "its" are none
_NOT_PLURAL = ("ss", "us", "is")
_SIBILANTS = ("s", "x", "z", "ch", "sh", "g")


def stem(word: str, language: str | None = None) -> str:
    """The stem of one word in lower case; the word itself where its language has no stemmer.

    Args:
        language: of the text; None, and a word in another script than the language's: the most
            used language of the word's script.

    >>> stem("merging") == stem("merges") == stem("merge")
    True
    >>> stem("tokenizer") == stem("tokenize") != stem("tokens") == stem("token")
    True
    >>> stem("Aufmerksamkeiten", "de") == stem("Aufmerksamkeit", "de"), stem("算", "zh")
    (True, '算')
    """
    known = language_of(language)
    return _stemmed(word, known.code if known else None)


@lru_cache(maxsize=_MOST_WORDS)
def _stemmed(word: str, code: str | None) -> str:
    small = word.lower().removesuffix("'s")
    script = script_code(small[:1]) if small else ""
    known = language_of(code)
    if known is None or script not in known.scripts:
        code = _USUAL.get(script)
    if code == "en" and (found := _IZE.fullmatch(small)):
        return found[1]
    algorithm = _ALGORITHMS.get(code or "")
    if not algorithm:
        return small
    with _ONE_AT_A_TIME:
        return _stemmer(algorithm)(small)


@lru_cache(maxsize=len(_ALGORITHMS))
def _stemmer(algorithm: str) -> Callable[[str], str]:
    import snowballstemmer

    stem_word: Callable[[str], str] = snowballstemmer.stemmer(algorithm).stemWord
    return stem_word


def base_form(word: str) -> str:
    """The word in small letters, its plural as its singular; code is left as it is.

    >>> base_form("Merges") == base_form("merge"), base_form("matches") == base_form("match")
    (True, True)
    >>> base_form("queries") == base_form("query"), base_form("classes") == base_form("class")
    (True, True)
    >>> base_form("get_stats"), base_form("status"), base_form("GPUs")
    ('get_stats', 'status', 'gpu')
    """
    if word[:-1].isupper() and word.endswith("s"):
        return word[:-1].casefold()
    small = word.casefold()
    in_code = not word.isalpha() or (not word.isupper() and not word[1:].islower())
    if in_code or len(word) < _SHORTEST:
        return small
    if small.endswith("s") and not small.endswith(_NOT_PLURAL):
        small = small[:-1]
    if small.endswith("e") and small[:-1].endswith(_SIBILANTS):
        small = small[:-1]  # "classe" of "classes", and so "cache" too
    if small.endswith("ie"):
        return small[:-2] + "i"
    return small[:-1] + "i" if small.endswith("y") else small


def in_base_forms(text: str) -> str:
    """The words of the text as ``base_form`` has them, with a space around each.

    >>> in_base_forms("token pair") in in_base_forms("All token pairs")
    True
    """
    return f" {' '.join(map(base_form, words(text)))} "


def possible_bases(key: str) -> frozenset[str]:
    """What the folded word could be a form of ("merging", "merged": merge); empty for most words.

    >>> merging, merged = (possible_bases(base_form(word)) for word in ("merging", "merged"))
    >>> base_form("merge") in merging & merged
    True
    >>> base_form("split") in possible_bases(base_form("splitting"))
    True
    """
    for ending in ("ing", "ed"):
        root = key.removesuffix(ending)
        if root != key and len(root) >= _SHORTEST - 1 and " " not in key:
            doubled = root[:-1] if root[-1] == root[-2] else root
            return frozenset(base_form(word) for word in (root, f"{root}e", doubled))
    return frozenset()

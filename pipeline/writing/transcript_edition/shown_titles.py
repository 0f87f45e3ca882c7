"""What stands large on a slide and is no title: what is just being said, and what was misread."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import regex

from pipeline.text.punctuation import ends_sentence
from pipeline.text.scripts import is_unspaced
from pipeline.text.units import word_count
from pipeline.text.words import words

# Letters that a sentence begins with, or has inside, where a slide shows the sentence itself:
# subtitles, or notes that are read out. Titles are read out, too, but seldom such long ones.
_BEGINNING, _INSIDE = 24, 32
_UNSPACED_SHARE = 0.5  # of them, in Chinese, Japanese and Thai
_LONG_SENTENCE = 8  # words; a shorter one with a full stop may be a title
# A word of another script that was read in Latin letters and digits ("Ha3Baem").
# A word with an accent, which what reads pictures may drop; its other letters tell it.
_MARKED = regex.compile(
    r"^(?=.*[a-z])(?=.*[[\p{Latin}]--[\x00-\x7f]])[\p{Latin}'-]{2,30}$", regex.V1
)
_GARBLED = regex.compile(r"\p{L}+\d+\p{L}{2,}")


def is_no_title(shown: str, sentences: Sequence[str]) -> bool:
    """Whether ``shown`` is what is said in the midst of ``sentences``, a sentence, or misread.

    ``sentences`` may be whole parts of the lecture as well.

    >>> said = ["In the last chapter, you and I started it."]
    >>> is_no_title("In the last chapter, you and I star", said)
    True
    >>> is_no_title("In the last chapter", said), is_no_title("Ha3Baem Attention", said)
    (False, True)
    """
    if ends_sentence(shown) and "?" not in shown and word_count(shown) >= _LONG_SENTENCE:
        return True
    return _is_said(shown, sentences) or _is_garbled(shown, sentences)


def _is_said(shown: str, sentences: Sequence[str]) -> bool:
    shown_words = words(shown)
    length = len("".join(shown_words)) / (_UNSPACED_SHARE if is_unspaced(shown) else 1)
    if length < _BEGINNING:
        return False
    letters = "".join(shown_words[:-1])  # the last word may be cut
    return any(
        len(one) > len("".join(shown_words))
        and (one.startswith(letters) or (length >= _INSIDE and letters in one))
        for one in map(_letters, sentences)
    )


@lru_cache(maxsize=1 << 12)
def _letters(text: str) -> str:
    return "".join(_words(text))


def _is_garbled(shown: str, sentences: Sequence[str]) -> bool:
    said = {word for sentence in sentences for word in _words(sentence)}
    odd = [word for word in words(shown) if word not in said]
    marked = [word for word in said if _MARKED.search(word)] if odd else []
    return any(
        _GARBLED.fullmatch(word) or any(_has_lost_marks(word, one) for one in marked)
        for word in odd
    )


def _has_lost_marks(shown: str, said: str) -> bool:
    """Whether ``shown`` is ``said`` without some of its accents, or of the letters under them.

    >>> _has_lost_marks("trưc", "trước"), _has_lost_marks("modele", "modèle")
    (True, True)
    >>> _has_lost_marks("wort", "wörter"), _has_lost_marks("vektor", "vektoren")
    (False, False)
    """
    places = {0}
    for letter in said:
        reached = {at + 1 for at in places if shown[at : at + 1] in (letter, _base(letter))}
        places = reached if letter.isascii() else places | reached
    return len(shown) in places


@lru_cache(maxsize=512)
def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]


@lru_cache(maxsize=1 << 12)
def _words(text: str) -> tuple[str, ...]:
    return tuple(words(text))

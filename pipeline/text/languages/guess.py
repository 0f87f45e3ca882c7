"""Whether a text is in another language than it should be: told by scripts and function words.

No more is asked than "is this the wrong one of two": between two languages of one script the words
that carry no content decide (half the words of a text in its own language, a twentieth of those in
another).
"""

from __future__ import annotations

from functools import lru_cache

from pipeline.text.languages.codes import base_language, is_traditional
from pipeline.text.languages.known import Language, language_of
from pipeline.text.languages.stop_words import stop_words
from pipeline.text.scripts import letters_by_script
from pipeline.text.words import bare, is_letter, words

# Of the letters, how many have to be of the scripts of the language; Latin terms stand anywhere.
_OWN_SCRIPT = 0.4
# Japanese has kana in every sentence, Chinese has none.
_KANA = 0.05
# What a model falls back to beside the lecture's language: one that it was trained on most.
_USUAL = ("en", "de", "es", "fr", "pt", "ru", "ar")
# Of Chinese characters: a third of a text tells its standard, a name or a quotation is let be.
_OTHER_CHARACTERS = 0.1
# Function words of the other language, of all words and over its own. Of one lecture in six
# languages with Latin letters, no passage of 12 words (of 2,456) is taken for another language so,
# and 95% of those in another are told, with 40 words 97%; as many as its own: 2 wrong, 99.6% told.
_LEAST_WORDS, _SHARE, _TIMES_AS_MANY = 12, 0.25, 2.0
_LEAST_LETTERS = 30  # in all; 12 words of English have 50


def is_foreign(text: str, language: str | None, source: str | None = None) -> bool:
    """Whether ``text`` is surely not in ``language``; False for a short text or one not known.

    Args:
        source: the language that it was made from, in which it may have been left.

    >>> english = "The model reads the text and it predicts which of the words is the next one."
    >>> is_foreign(english, "de"), is_foreign(english, "en"), is_foreign(english * 2, "zh")
    (True, False, True)
    """
    known = language_of(language)
    letters = letters_by_script(text)
    total = sum(letters.values())
    if known is None or total < _LEAST_LETTERS:
        return False
    if "Jpan" in known.scripts and letters["Hani"] > total / 2:
        return True
    if known.scripts[0] == "Hani" and _has_other_characters(text, is_traditional(language)):
        return True
    own_scripts = {*known.scripts, *(["Hani"] if "Jpan" in known.scripts else [])}
    if sum(count for code, count in letters.items() if code in own_scripts) < _OWN_SCRIPT * total:
        return True
    others = {*_USUAL, base_language(source) or "en"}
    return any(_is_rather(text, other, known) for other in others)


def is_told(language: str | None) -> bool:
    """Whether ``is_foreign`` can find anything: by its script, or by function words at hand.

    >>> is_told("nb"), is_told("ka"), is_told("is"), is_told("x-none")
    (True, True, False, False)
    """
    known = language_of(language)
    return known is not None and (known.scripts[0] != "Latn" or bool(stop_words(known.code)))


def _has_other_characters(text: str, traditional: bool) -> bool:
    """Whether Chinese is in simplified characters instead of traditional ones, or the reverse.

    Told by the characters that only one of the two national standards has (GB 2312 and Big5: about
    a third of a running text).
    """
    simplified = sum(_only_in(char, "gb2312", "big5") for char in text)
    classic = sum(_only_in(char, "big5", "gb2312") for char in text)
    wrong, right = (simplified, classic) if traditional else (classic, simplified)
    han = letters_by_script(text)["Hani"]
    return wrong > _TIMES_AS_MANY * right and wrong > _OTHER_CHARACTERS * han


@lru_cache(maxsize=1 << 14)
def _only_in(char: str, one: str, other: str) -> bool:
    return char > "\u2e7f" and _encodes(char, one) and not _encodes(char, other)


def _encodes(char: str, codec: str) -> bool:
    try:
        char.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _is_rather(text: str, other: str, than: Language) -> bool:
    """Whether the function words are the other language's, where both have the same script."""
    known = language_of(other)
    if known is None or known.code == than.code or known.scripts[0] != than.scripts[0]:
        return False
    if not stop_words(than.code):
        return False  # nothing speaks for the language: the other one would always win
    # Lists of function words have numbers in some languages.
    found = [bare(word) for word in words(text) if not is_letter(word) and not word.isdigit()]
    if len(found) < _LEAST_WORDS or not than.script.spaced:
        return False
    theirs = sum(word in stop_words(known.code) for word in found)
    mine = sum(word in stop_words(than.code) for word in found)
    return theirs > _SHARE * len(found) and theirs > _TIMES_AS_MANY * mine

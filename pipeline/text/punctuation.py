"""Which marks end a sentence or a clause, in the script that they stand in.

The full stop of an abbreviation belongs to it: "Mr. Bernoulli" is not the end of a sentence, nor is
"3. Mai" in German.
"""

from __future__ import annotations

from typing import NamedTuple

import regex

from pipeline.text.english import FUNCTION_WORDS
from pipeline.text.languages.abbreviations import (
    BEFORE_NAMES,
    NUMBERED,
    TITLES,
    TRAILING,
    has_ordinals_before_capitals,
    leads,
)
from pipeline.text.languages.known import language_of
from pipeline.text.languages.stop_words import stop_words
from pipeline.text.scripts import (
    COMMON_CLAUSE_ENDS,
    COMMON_SENTENCE_ENDS,
    SCRIPTS,
    script_code,
)

# Quotation marks and brackets that may stand behind the mark.
_CLOSERS = regex.compile(r"[\p{Pe}\p{Pf}\p{Pi}\"'*_]+$")
_OPENERS = regex.compile(r"^[\p{P}¿¡]+")
_TERMINAL = regex.compile(r"\p{Sentence_Terminal}")
_LAST_LETTER = regex.compile(r"\p{L}", regex.REVERSE)
# Inverted marks open a Spanish sentence; the Armenian ones stand inside a word.
_MARK = regex.compile(
    rf"(?:[\p{{Terminal_Punctuation}}{COMMON_SENTENCE_ENDS}](?=[\s\p{{P}}<]|$)"
    r"|(?<=[\p{Script=Deva}\p{Script=Beng}])\s?\|"
    r"|[¿¡՞՜՛]"
    r"|[\p{Terminal_Punctuation}--\p{ASCII}](?=\p{L}))",
    regex.MULTILINE | regex.VERSION1,
)

# All marks that end a sentence in some script, for the inside of a character class.
SENTENCE_ENDS = "".join(
    sorted(
        set(COMMON_SENTENCE_ENDS).union(*(script.sentence_ends for script in SCRIPTS.values()))
        - set(";:|")  # of Greek, Armenian and Hindi; elsewhere they end no sentence
    )
)

_DOTTED = regex.compile(r"(?:\p{L}{1,2}\.)+\p{L}{1,2}")
_MARKS_BEFORE = regex.compile(r"^[\p{P}]+")
# Of the days and months, chapters, steps and centuries that people count.
_ORDINAL = regex.compile(r"(?:[12]?[0-9]|3[01])\.")


class Marks(NamedTuple):
    """What is written at the end of a sentence and of a clause; "" where nothing is."""

    stop: str
    comma: str


_STOPS = {"Deva": "।", "Beng": "।", "Guru": "।", "Orya": "।", "Ethi": "።", "Armn": "։",
          "Tibt": "།", "Khmr": "។", "Mymr": "။", "Hani": "。", "Jpan": "。",
          "Thai": "", "Laoo": ""}  # fmt: skip
_COMMAS = {"Hani": "，", "Jpan": "、"}


def marks_of(language: str | None) -> Marks:
    """The marks that restored punctuation gets; a comma only where captions' lines stand for one.

    >>> marks_of("ja"), marks_of("th").stop, marks_of("de").stop
    (Marks(stop='。', comma='、'), '', '.')
    """
    known = language_of(language)
    code = known.script.code if known else "Latn"
    if known and known.code == "ur":
        return Marks("۔", "")
    return Marks(_STOPS.get(code, "."), _COMMAS.get(code, ""))


def ends_sentence(text: str) -> bool:
    """Whether ``text`` (a word, or more) closes a sentence; quotation marks may stand behind.

    The script of its last letter decides: the semicolon of Greek is a question mark.

    >>> ends_sentence("है।"), ends_sentence("“Yes.”"), ends_sentence("λοιπόν;"), ends_sentence("so;")
    (True, True, True, False)
    """
    return _ends(text, clause=False)


def sentence_ends(word: str, following: str | None, language: str | None = None) -> bool:
    """Whether a sentence ends with ``word``, where ``following`` is the next one, or None.

    The full stop of an abbreviation ends none, nor does one after which a small letter follows.

    Args:
        language: of both; None: only what is written short in every language counts.

    >>> sentence_ends("Mr.", "Bernoulli"), sentence_ends("end.", "The"), sentence_ends("vs.", None)
    (False, True, True)
    >>> sentence_ends("example.com.", "and"), sentence_ends("है।", "यह")
    (False, True)
    >>> sentence_ends("3.", "Mai", "de"), sentence_ends("3.", "Das", "de")
    (False, True)
    """
    if not ends_sentence(word):
        return False
    if is_abbreviation(_CLOSERS.sub("", word), following, language):
        return False
    first = _OPENERS.sub("", following or "")[:1]
    return not first.islower()


def ends_clause(text: str) -> bool:
    """Whether ``text`` ends with a comma, colon, semicolon or dash of its script.

    >>> ends_clause("首先，"), ends_clause("first,"), ends_clause("end.")
    (True, True, False)
    """
    return _ends(text, clause=True)


def mark_count(text: str) -> int:
    """How many marks of punctuation ``text`` has, in any script; those inside numbers do not count.

    >>> mark_count("Hi, 3.14 it is. ¿Ok?"), mark_count("好，是的。对"), mark_count("no marks")
    (4, 2, 0)
    """
    return sum(1 for _ in _MARK.finditer(text))


def _ends(text: str, clause: bool) -> bool:
    bare = _CLOSERS.sub("", text.rstrip())
    if not bare or bare[-1].isalnum():
        return False
    last = bare[-1]
    letter = _LAST_LETTER.search(bare)
    script = SCRIPTS.get(script_code(letter[0])) if letter else None
    sentence = COMMON_SENTENCE_ENDS + (script.sentence_ends if script else "")
    if not clause:
        return last in sentence or _foreign(last, clause)
    own = COMMON_CLAUSE_ENDS + (script.clause_ends if script else "")
    return last not in sentence and (last in own or _foreign(last, clause))


def _foreign(last: str, clause: bool) -> bool:
    """Of a mark from another script than the word's ("BPE。"): whether it ends as asked."""
    if last.isascii():
        return False
    sets = [script.clause_ends if clause else script.sentence_ends for script in SCRIPTS.values()]
    return any(last in marks for marks in sets) or (not clause and bool(_TERMINAL.match(last)))


def is_abbreviation(word: str, following: str | None = None, language: str | None = None) -> bool:
    """Whether the full stop at the end of ``word`` only shortens it, or makes it a place in a row.

    Args:
        word: with the full stop.
        following: the next word; None where there is none: then only a title counts.
        language: of both, as for ``sentence_ends``.

    >>> is_abbreviation("Mr.", "Bernoulli"), is_abbreviation("etc.", "and"), is_abbreviation("so.")
    (True, True, False)
    >>> is_abbreviation("No.", "7"), is_abbreviation("No.", "That"), is_abbreviation("J.", "Tukey")
    (True, False, True)
    """
    if not word.endswith("."):
        return False
    letters = _MARKS_BEFORE.sub("", word)[:-1]
    bare = letters.lower()
    if following is None:
        return bare in TITLES
    following = _MARKS_BEFORE.sub("", following)
    if bare in TITLES or leads(bare, language) or (bare in NUMBERED and following[:1].isdigit()):
        return True
    if bare in TRAILING:
        return not following[:1].isupper()
    opens = _opens_sentences(following, language)
    if has_ordinals_before_capitals(language) and _ORDINAL.fullmatch(word):
        return following[:1].isupper() and not opens
    named = following[:1].isupper() and not opens
    if bare in BEFORE_NAMES:
        return named
    if len(letters) == 1:
        # "J. Tukey" and "S. 12", but not "so do I. Then", nor "plan B. So".
        page = following[:1].isdigit() and has_ordinals_before_capitals(language)
        return (named or page) and letters.isupper() and letters != "I"
    # "p.m. We" ends one, "U.S. Senate" does not.
    return bool(_DOTTED.fullmatch(letters)) and not opens


def _opens_sentences(word: str, language: str | None) -> bool:
    """Whether a capital of ``word`` says that a sentence begins, as it is no name nor noun."""
    known = language_of(language)
    if known is None or known.code == "en":
        return word.lower() in FUNCTION_WORDS
    return word.lower() in stop_words(known.code)

"""Text on screens in a script that the OCR does not know is nonsense: it is left out.

Of lines drawn at 44 pixels the models in the ``rapidocr`` package read every letter of Latin,
Chinese and Japanese ones, 64% of Greek, and none of Korean, Cyrillic, Hebrew, Arabic, Thai and
Hindi: their dictionary has no such letters, and they put Latin words there that nobody wrote. In a
lecture in such a language only what is surely Latin stays: code, and lines of English words. The
pictures stay as they are.
"""

from __future__ import annotations

import re

from pipeline.models import Frame, Screens
from pipeline.text.languages.known import language_of
from pipeline.transcript.phonetics import english_words

ENGLISH = 0.6  # of the words of a line: the nonsense has one in ten
LEAST_LETTERS = 4  # in one of them: short words come about by chance
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(
    r"^\s*(?:def|class|import|from|return|for|while|if|elif|else)\b|\w\(.*\)|\w = \S"
)


def readable(screens: Screens, language: str | None) -> tuple[Frame, ...]:
    """The frames, in the same order, without text that cannot have been read.

    Args:
        language: spoken in the lecture (BCP 47); None or one that is not known: all text stays.
    """
    if knows_script(screens, language):
        return screens.frames
    return tuple(_readable(frame) for frame in screens.frames)


def knows_script(screens: Screens, language: str | None) -> bool:
    """Whether what read the screens knows the script of a language (BCP 47); True of others."""
    known = language_of(language)
    return known is None or bool(set(screens.scripts).intersection(known.scripts))


def _readable(frame: Frame) -> Frame:
    text = "\n".join(line for line in frame.text.splitlines() if _is_latin(line))
    lines = tuple(line for line in frame.lines if _is_latin(line.text))
    return frame.model_copy(update={"text": text, "lines": lines})


def _is_latin(line: str) -> bool:
    """Whether a line is code, or made of English words."""
    if not line.isascii():
        return False
    found = [word.lower() for word in _WORD.findall(line)]
    if not found:
        return False
    english = [word for word in found if word in english_words()]
    if _CODE.search(line) and english:
        return True
    return len(english) >= ENGLISH * len(found) and max(map(len, english)) >= LEAST_LETTERS

"""What a frame's text says: its title, its most telling line, whether it grows an earlier one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.article.spoken import bare
from pipeline.model import Frame

_LONGEST_TITLE = 70
_WINDOW_TITLE = re.compile(
    r"https?://|www\.|\.(?:py|ipynb|html|com|org|io)\b|^(?:file|edit|view|insert|cell|kernel)\b",
    re.IGNORECASE,
)


def distinct(frames: Sequence[Frame]) -> list[Frame]:
    """Frames that show a screen of their own, in order of time.

    Left out: returns of an earlier screen, the lecturer's face, and steps of a screen that is
    built up (a later frame shows all of their text and more).
    """
    shown = sorted(
        (f for f in frames if f.same_as is None and f.kind != "talking head"),
        key=lambda frame: (frame.start_ms, frame.id),
    )
    return [
        frame
        for index, frame in enumerate(shown)
        if not (index + 1 < len(shown) and grows(frame, shown[index + 1]))
    ]


def grows(earlier: Frame, later: Frame) -> bool:
    """Whether ``later`` shows (nearly) everything that ``earlier`` shows, and more."""
    before, after = _words(earlier.text), _words(later.text)
    if not before or after.total() < before.total():
        return False
    return (before & after).total() >= 0.85 * before.total()


def lines(frame: Frame) -> list[str]:
    """The frame's lines of text that say something, top to bottom."""
    return [
        line for text in frame.text.splitlines() if len(bare(line := " ".join(text.split()))) > 1
    ]


def slide_title(frame: Frame) -> str | None:
    """The title of a slide, or None when the frame is no slide or has no telling first line."""
    found = lines(frame)
    if frame.kind not in ("slide", "diagram") or not found:
        return None
    return found[0] if _reads_as_title(found[0]) else None


def salient_line(frame: Frame) -> str | None:
    """The line that best tells what is on the screen, or None when no line reads well."""
    for line in lines(frame):
        if _reads_as_title(line):
            return line
    return None


def _reads_as_title(line: str) -> bool:
    letters = sum(char.isalpha() for char in line)
    words = line.split()
    return (
        4 <= len(line) <= _LONGEST_TITLE
        and letters >= 0.6 * len(line.replace(" ", ""))
        and sum(len(word) for word in words) / len(words) >= 2.5
        and not _WINDOW_TITLE.search(line)
    )


def _words(text: str) -> Counter[str]:
    return Counter(key for token in text.split() if (key := bare(token)))

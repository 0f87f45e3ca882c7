"""Which frames show a screen of their own, and the titles of slides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.models import Frame, Video
from pipeline.sources.ids import is_named_after_source
from pipeline.text.words import bare, words
from pipeline.writing.transcript_edition.window_chrome import WindowChrome

_LONGEST_TITLE = 90
_FIRST_SLIDE_MS = 60_000  # a slide that comes later is no title slide
_FILE_NAME = re.compile(r"^\S+\.(?:py|ipynb|html|js|c|cpp|rs|md|txt)$", re.IGNORECASE)


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


def slide_titles(frames: Sequence[Frame]) -> list[tuple[int, str]]:
    """(start in ms, title) of every slide that has one, in order; a window is no slide."""
    chrome = WindowChrome(frames)
    found = []
    for frame in distinct(frames):
        lines = chrome.content(frame)
        slide = frame.kind in ("slide", "diagram") and not chrome.in_window(frame)
        if slide and lines and reads_as_title(lines[0]):
            found.append((frame.start_ms, lines[0]))
    return found


def lecture_title(video: Video, frames: Sequence[Frame]) -> str:
    """The video's title; where that is only its file's name, what its first slide is called."""
    if not is_named_after_source(video.title, video.video_id):
        return video.title
    for start_ms, title in slide_titles(frames)[:1]:
        if len(words(title)) > 1 and start_ms - video.start_ms <= _FIRST_SLIDE_MS:
            return title
    return video.title


def reads_as_title(line: str) -> bool:
    """Whether a line read from a picture is made of words, and short enough for a title."""
    letters = sum(char.isalpha() for char in line)
    parts = line.split()
    return (
        4 <= len(line) <= _LONGEST_TITLE
        and letters >= 0.6 * len(line.replace(" ", ""))
        and sum(map(len, parts)) / len(parts) >= 2.5
        and not _FILE_NAME.match(line)
    )


def _words(text: str) -> Counter[str]:
    return Counter(key for token in text.split() if (key := bare(token)))

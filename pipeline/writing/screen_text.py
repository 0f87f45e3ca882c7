"""The text of a screen as a writer is shown it: without the window around it, and not too long."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.models import Frame
from pipeline.text.words import words

# Menus, tabs and addresses stand at the top, page numbers and footers at the bottom.
_TOP_LINES, _BOTTOM_LINES = 8, 2
_LEAST_FRAMES = 4
_SHARE_OF_FRAMES = 0.25
_ALIKE = 0.5
_LEAST_WORDS = 2
_MENU_NAMES = (
    "file edit view insert cell kernel widgets help window tools history bookmarks runtime develop "
    "format go options terminal selection run settings"
)
_MENU = frozenset(_MENU_NAMES.split())
_MENU_WORDS = 3
_CODE = re.compile(r"=|\w\(|:\s*$|^\s*(?:return|import|from|pass|else|try)\b")
_GAP = re.compile(r"(?<=\S) {4,}(?=\S)")


@dataclass(frozen=True)
class RecurringLines:
    """The lines that recur at the upper and at the lower edge of many screens, as sets of words."""

    top: tuple[frozenset[str], ...]
    bottom: tuple[frozenset[str], ...]

    def holds(self, line: str, place: int, count: int) -> bool:
        """Whether ``line``, the ``place``-th of ``count``, is one of them, give or take what was
        misread."""
        if _TOP_LINES <= place < count - _BOTTOM_LINES:
            return False
        key = _key(line)
        if _CODE.search(line):
            return False
        return (
            len(key & _MENU) >= _MENU_WORDS
            or not any(len(word) > 2 or word.isdigit() for word in key)
            or (place < _TOP_LINES and any(_alike(key, known) for known in self.top))
            or (place >= count - _BOTTOM_LINES and any(_alike(key, known) for known in self.bottom))
        )


def window_of(frames: Sequence[Frame]) -> RecurringLines:
    """What belongs to the window and not to the lecture: at the edge of two fifths of the screens.

    Reading errors differ from screen to screen, so lines are compared by their words.
    """
    screens = [frame.text.rstrip().splitlines() for frame in frames]
    # A short screen's last lines are its footer, not its head.
    tops = [lines[: min(_TOP_LINES, max(0, len(lines) - _BOTTOM_LINES))] for lines in screens]
    bottoms = [lines[-_BOTTOM_LINES:] for lines in screens]
    return RecurringLines(_recurring(tops), _recurring(bottoms))


def shown_text(text: str, window: RecurringLines, longest: int, flat: bool = False) -> str:
    """``text`` without the window's lines and wide gaps, cut at a line end to ``longest`` letters.

    The indentation of the lines to each other is kept, unless ``flat`` is true. Where it has to be
    cut and holds code, it begins with the code: what stands above it (tabs, an address, menus) says
    least.
    """
    lines = text.rstrip().splitlines()
    kept = [
        _GAP.sub("   ", line.rstrip())
        for place, line in enumerate(lines)
        if line.strip() and not window.holds(line, place, len(lines))
    ]
    indent = min((len(line) - len(line.lstrip()) for line in kept), default=0)
    plain = "\n".join(line.strip() if flat else line[indent:] for line in kept)
    return plain if _length(plain) <= longest else _cut(_from_code(plain), longest)


def _from_code(text: str) -> str:
    """``text`` from its first line of code on; all of it where none is."""
    lines = text.splitlines()
    first = next((place for place, line in enumerate(lines) if _CODE.search(line)), 0)
    return "\n".join(["[...]", *lines[first:]] if first else lines)


def _length(text: str) -> int:
    """Letters of all lines; spaces cost next to nothing."""
    return sum(len(re.sub(r"\s+", " ", line)) for line in text.splitlines())


def _cut(text: str, longest: int) -> str:
    """``text`` up to the line in which its ``longest``-th letter stands."""
    room = longest
    kept: list[str] = []
    for line in text.splitlines():
        room -= _length(line)
        if room < 0:
            return "\n".join([*kept, "[...]"])
        kept.append(line)
    return text


def _recurring(edges: Sequence[Sequence[str]]) -> tuple[frozenset[str], ...]:
    counted: list[tuple[frozenset[str], int]] = []
    for edge in edges:
        for key in dict.fromkeys(_key(line) for line in edge):
            if len(key) < _LEAST_WORDS:
                continue
            for place, (known, count) in enumerate(counted):
                if _alike(key, known):
                    counted[place] = (known, count + 1)
                    break
            else:
                counted.append((key, 1))
    enough = max(_LEAST_FRAMES, _SHARE_OF_FRAMES * len(edges))
    return tuple(known for known, count in counted if count >= enough)


def _key(line: str) -> frozenset[str]:
    return frozenset(words(line))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one) and len(one & other) >= _ALIKE * len(one | other)

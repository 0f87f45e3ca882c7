"""The text of a screen as a writer is shown it: without the window around it, and not too long."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.models import Frame
from pipeline.text.content import content_stems
from pipeline.text.window_lines import is_menu
from pipeline.text.words import bare, words

# Menus, tabs and addresses stand at the top, page numbers and footers at the bottom.
_TOP_LINES, _BOTTOM_LINES = 8, 2
_LEAST_FRAMES = 4
_SHARE_OF_FRAMES = 0.25
_ALIKE = 0.5
_LEAST_WORDS = 2
# Entries of menus and file trees have fewer words.
_LEAST_SAYING = 3
# Two readings of one tab bar share .6 to .9 of their letters, two lines of a text under .5.
_MISREAD = 0.6
_CODE = re.compile(r"=|\w\(|:\s*$|^\s*(?:return|import|from|pass|else|try)\b")
_GAP = re.compile(r"(?<=\S) {4,}(?=\S)")
_CLOSED_GAP = "   "
# Tabs, a search bar, buttons: above code, never part of it.
_BAR_LINES = 5
_COLUMNS = re.compile(r"\S {3,}\S.* {3,}\S")


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
            is_menu(line)
            or not any(len(word) > 2 or word.isdigit() for word in key)
            or (place < _TOP_LINES and any(_alike(key, known) for known in self.top))
            or (place >= count - _BOTTOM_LINES and any(_alike(key, known) for known in self.bottom))
        )


class ScreenTexts:
    """The texts of a lecture's screens, each cut to what it is wanted for."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        self._window = window_of(frames)
        self._lines = [frame.text.rstrip().splitlines() for frame in frames]
        self._place = {frame.id: place for place, frame in enumerate(frames)}
        self._first_on: dict[str, int] = {}
        for place, lines in enumerate(self._lines):
            for line in lines:
                self._first_on.setdefault(bare(line), place)

    def shown(
        self,
        frame: Frame,
        longest: int,
        said: str = "",
        flat: bool = False,
        told: Sequence[str] = (),
    ) -> str:
        """The text of ``frame`` without the window's lines and wide gaps, at most ``longest``
        letters of it.

        Where it has to be cut, the run of lines stays that says most: lines that were on no screen
        before, code above all, and words of the speech.

        Args:
            said: the speech that belongs to it.
            flat: without the lines' indentation to each other.
            told: lines that are given elsewhere and left out here, in whichever reading.
        """
        elsewhere = [_key(line) for line in told]
        lines = frame.text.rstrip().splitlines()
        kept = [
            (place, _GAP.sub(_CLOSED_GAP, line.rstrip()))
            for place, line in enumerate(lines)
            if line.strip()
            and not self._window.holds(line, place, len(lines))
            and not (frame.kind == "code" and place < _BAR_LINES and _COLUMNS.search(line.strip()))
            and not _is_among(line, elsewhere)
        ]
        lengths = [_length(line) for _, line in kept]
        run = range(len(kept))
        if sum(lengths) > longest:
            spoken = content_stems(said)
            news = [
                (0, frozenset[str]()) if self._is_old(frame, at, line) else _news(line, spoken)
                for at, line in kept
            ]
            run = _telling_run(lengths, news, longest)
        text = _outdented([kept[at][1] for at in run], flat)
        before = ["[...]"] if run.start > 0 else []
        after = ["[...]"] if run.stop < len(kept) else []
        return "\n".join([*before, *text, *after])

    def _is_old(self, frame: Frame, place: int, line: str) -> bool:
        """Whether the line was on an earlier screen; at the top, where tabs and addresses stand,
        also in another misreading."""
        number = self._place.get(frame.id, 0)
        key = bare(line)
        if self._first_on.get(key, number) < number:
            return True
        if number == 0 or place >= _TOP_LINES or is_code(line):
            return False
        tops = (bare(one) for one in self._lines[number - 1][:_TOP_LINES])
        return any(SequenceMatcher(None, key, top, False).ratio() > _MISREAD for top in tops)


def window_of(frames: Sequence[Frame]) -> RecurringLines:
    """What belongs to the window and not to the lecture: at the edge of two fifths of the screens.

    Reading errors differ from screen to screen, so lines are compared by their words.
    """
    screens = [frame.text.rstrip().splitlines() for frame in frames]
    # A short screen's last lines are its footer, not its head.
    tops = [lines[: min(_TOP_LINES, max(0, len(lines) - _BOTTOM_LINES))] for lines in screens]
    bottoms = [lines[-_BOTTOM_LINES:] for lines in screens]
    return RecurringLines(_recurring(tops), _recurring(bottoms))


def _news(line: str, spoken: Collection[str]) -> tuple[int, frozenset[str]]:
    """What a new line is worth by itself, and the words of the speech in it."""
    worth = 2 if is_code(line) else int(len(words(line)) >= _LEAST_SAYING)
    return worth, frozenset(content_stems(line).intersection(spoken))


def is_code(line: str) -> bool:
    """Whether the line is one of code, and not of several columns (tabs, a search bar)."""
    return bool(_CODE.search(line)) and _CLOSED_GAP not in line.strip()


def _telling_run(
    lengths: Sequence[int], news: Sequence[tuple[int, frozenset[str]]], longest: int
) -> range:
    """The run of lines of together at most ``longest`` letters that says most, the first of equal
    ones, grown to what there is room for: upwards first, for code begins above.

    Empty where no line is short enough.
    """
    best, most = range(0), -1
    for start in range(len(lengths)):
        room, worth = longest, 0
        heard: set[str] = set()
        for end in range(start, len(lengths)):
            room -= lengths[end]
            if room < 0:
                break
            worth += news[end][0] + 2 * len(news[end][1] - heard)
            heard |= news[end][1]
            if worth > most:
                best, most = range(start, end + 1), worth
    room = longest - sum(lengths[at] for at in best)
    start, stop = best.start, best.stop
    while start > 0 and lengths[start - 1] <= room:
        start -= 1
        room -= lengths[start]
    while stop < len(lengths) and lengths[stop] <= room:
        room -= lengths[stop]
        stop += 1
    return range(start, stop)


def _outdented(lines: Sequence[str], flat: bool) -> list[str]:
    """The lines without the indentation that the code among them has in common; what stands
    further left (a tab bar) begins at the edge."""
    code = [line for line in lines if is_code(line)]
    indent = min((len(line) - len(line.lstrip()) for line in code or lines), default=0)
    return [
        line.strip() if flat else line[min(indent, len(line) - len(line.lstrip())) :]
        for line in lines
    ]


def _length(line: str) -> int:
    """Letters of a line; spaces cost next to nothing."""
    return len(re.sub(r"\s+", " ", line))


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


def _is_among(line: str, keys: Sequence[frozenset[str]]) -> bool:
    own = _key(line) if keys else frozenset()
    return any(_alike(own, one) for one in keys)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one) and len(one & other) >= _ALIKE * len(one | other)

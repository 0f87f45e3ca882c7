"""Where the content of a window lies: below its menus, tabs, addresses and tool bars, above its
status bar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.models import Frame, ScreenLine
from pipeline.text.window_lines import is_menu
from pipeline.writing.transcript_edition.screen_code.alike import look
from pipeline.writing.transcript_edition.screen_code.lines import looks_like_code

HEAD = 0.22  # of the height of the picture: a browser with the menus of a notebook takes so much
_FOOT = 0.06  # of the height: a status bar and the dots of a slide stand there
_NEAR = 6  # pixels: a bar stands at the same height on every screen
_BEGINNING = 10  # letters by which a bar is known again: tabs come and go behind them
_LEAST_FRAMES = 3

_Key = tuple[str, int]


class WindowHeads:
    """Knows the heads of the windows of one lecture.

    Args:
        frames: those that show different screens: a line in the upper part that stands at the same
            place on three of them, and is no code, belongs to the window.
    """

    def __init__(self, frames: Sequence[Frame]) -> None:
        seen: Counter[_Key] = Counter()
        feet: Counter[_Key] = Counter()
        for frame in frames:
            seen.update({_key(row) for row in _upper_rows(frame)})
            feet.update({_key(row) for row in _lowest_rows(frame)})
        self._seen, self._feet = seen, feet

    def below(self, frame: Frame) -> int:
        """The height in pixels at which the content of ``frame`` begins; 0 where it has no head."""
        edges = [
            max(line.box.y + line.box.height for line in row)
            for row in _upper_rows(frame)
            if self._is_bar(row)
        ]
        return max(edges, default=0)

    def above(self, frame: Frame) -> int:
        """The height in pixels at which the content ends; that of the picture without a bar.

        The last line of code may stand still at the lower edge: what Python could be is no bar.
        """
        edges = [
            min(line.box.y for line in row)
            for row in _lowest_rows(frame)
            if _times(self._feet, row) >= _LEAST_FRAMES and not _may_be_code(row)
        ]
        return min(edges, default=frame.height)

    def _is_bar(self, row: Sequence[ScreenLine]) -> bool:
        text = " ".join(line.text for line in row)
        if is_menu(text):
            return True
        known = _times(self._seen, row) >= _LEAST_FRAMES and len(_key(row)[0]) > 2
        return known and not looks_like_code(text)


def _upper_rows(frame: Frame) -> list[list[ScreenLine]]:
    """The rows of the upper part, each from left to right."""
    return _rows([line for line in frame.lines if line.box.y < HEAD * frame.height])


def _lowest_rows(frame: Frame) -> list[list[ScreenLine]]:
    """The rows at the lower edge, each from left to right."""
    least = (1 - _FOOT) * frame.height
    return _rows([line for line in frame.lines if line.box.y + line.box.height / 2 > least])


def _rows(lines: Sequence[ScreenLine]) -> list[list[ScreenLine]]:
    rows: list[list[ScreenLine]] = []
    for line in sorted(lines, key=lambda line: (line.box.y, line.box.x)):
        if rows and line.box.y - rows[-1][0].box.y < line.box.height / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.box.x) for row in rows]


def _key(row: Sequence[ScreenLine]) -> _Key:
    text = look(" ".join(line.text for line in row))
    return text[:_BEGINNING], row[0].box.y // _NEAR


def _times(seen: Counter[_Key], row: Sequence[ScreenLine]) -> int:
    """On how many frames the row stands at this height."""
    name, place = _key(row)
    return sum(seen[(name, near)] for near in (place - 1, place, place + 1))


def _may_be_code(row: Sequence[ScreenLine]) -> bool:
    return any(mark in line.text for line in row for mark in "=()[]{}") or any(
        line.text.rstrip().endswith(":") for line in row
    )

"""Spaces and pairs of quotes are counted where letters stand on a grid."""

from __future__ import annotations

import pytest

from pipeline.video.ocr.character_grid import on_grid
from pipeline.video.ocr.lines import TextLine

PITCH = 9.6
OTHERS = (
    "import collections",
    "def counted(words):",
    "    return sorted(words)",
    "x = counted(names)",
)


def read(shown: str, text: str, top: int = 0, pitch: float = PITCH) -> TextLine:
    """A line that shows ``shown`` and was read as ``text``, each letter of it in its place."""
    columns = []
    column = 0
    for letter in "".join(text.split()):
        column = shown.index(letter, column)
        columns.append(column)
        column += 1
    places = tuple(round(100 + (one + 0.5) * pitch) for one in columns)
    return TextLine(100, top, places[-1] + 5, top + 20, text, places=places)


def placed(shown: str, text: str) -> str:
    lines = [read(one.strip(), one.strip()) for one in OTHERS]
    return on_grid([*lines, read(shown, text)])[-1].text


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("They are equal.  The first is taken.", "They are equal. The first is taken."),
        ("return ''.join(chunks)", "return''.join(chunks)"),
        ("and a ``name`` in quotes", "and a `name` in quotes"),
        ("def __setitem__(self, index):", "def __setitem_(self, index):"),
        ("self.print_all(rows)", "self.print_all(rows)"),
        ("def __init__(self, rows):", "def __init_(self, rows):"),
        ("words for ``o`` if possible", "words for`o if possible"),
        ("this is as it stands (already)", "this is as it stands (already)"),
    ],
)
def test_what_was_not_read_is_filled_in_where_letters_leave_room(shown: str, text: str) -> None:
    assert placed(shown, text) == shown


def test_a_proportional_font_has_no_grid() -> None:
    text = "Will it run? All ill will fill it."
    places, left = [], 100.0
    for letter in text:
        width = 4.0 if letter in "il. ?" else 11.5
        if letter != " ":
            places.append(round(left + width / 2))
        left += width
    line = TextLine(100, 0, round(left), 20, text, places=tuple(places))
    lines = [read(one.strip(), one.strip()) for one in OTHERS]
    assert on_grid([*lines, line])[-1] == line
    assert on_grid([line] * 5) == [line] * 5


def test_lines_whose_letters_have_no_places_stay() -> None:
    line = TextLine(0, 0, 100, 20, "two  words")
    assert on_grid([line]) == [line]

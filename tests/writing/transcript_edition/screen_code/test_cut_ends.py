"""Code that goes on beyond the edge of the screen says so, and is not run."""

from __future__ import annotations

import pytest

from pipeline.document.blocks import Cell
from pipeline.i18n.transcript_edition import edition_words
from pipeline.models import Frame
from pipeline.writing.transcript_edition.figure_captions import FigureCaptions
from pipeline.writing.transcript_edition.screen_code.extraction import ScreenCell, screen_cells
from pipeline.writing.transcript_edition.section_text import Headings, SectionText, Show
from tests.writing.transcript_edition.lectures import lecture
from tests.writing.transcript_edition.screen_code.screens import Place, screen, written

ROWS = 36  # of a picture
END = "...  # the screen ends here"


def at_edge(text: str, below: int = 0) -> Frame:
    """A screen that ends so many rows below the last line of ``text``."""
    return screen(1, written(text, ROWS - below - len(text.splitlines())))


def cell(frame: Frame) -> ScreenCell:
    (found,) = screen_cells([frame])
    return found


@pytest.mark.parametrize(
    ("shown", "indent"),
    [
        ("def first(values):\n    found = []\n    for one in values:", 8),
        ("def first(values):\n    found = []\n    found.append(1)", 4),
        ("def first(values):\n    for one in values:\n        if one:\n            return one", 8),
        ("class Shelf:\n    def size(self):\n        return len(self.books)", 4),
        ("for one in [1, 2]:\n    print(one)\n    print(one + 1)", 4),
    ],
)
def test_the_end_of_what_may_go_on_is_marked(shown: str, indent: int) -> None:
    found = cell(at_edge(shown))
    assert found.source.splitlines()[-1] == " " * indent + END
    assert found.excerpt
    assert found.output == ""
    assert found.unread == ()  # the picture shows no more


def test_brackets_and_texts_that_go_on_are_closed_behind_the_mark() -> None:
    call = "import os\noptions = dict(\n    name='a',\n    size=os.cpu_count(),"
    assert cell(at_edge(call)).source == call + "\n    # ... the screen ends here\n)\n"
    text = 'def first(values):\n    """The first\n    of the values'
    source = cell(at_edge(text)).source
    assert source == f'{text}\n    …"""\n    {END}\n'


@pytest.mark.parametrize(
    "shown",
    [
        "def first(values):\n    found = values[0]\n    return found",
        "size = 3\nvalues = list(range(size))\nprint(values)",
    ],
)
def test_what_has_ended_is_whole_at_the_edge_too(shown: str) -> None:
    found = cell(at_edge(shown))
    assert "..." not in found.source
    assert not found.excerpt


def test_with_room_below_it_code_is_whole() -> None:
    shown = "def first(values):\n    found = []\n    found.append(values[0])"
    assert not cell(at_edge(shown, below=3)).excerpt
    assert cell(at_edge(shown, below=2)).excerpt


def test_below_an_output_nothing_of_the_code_is_missing() -> None:
    shown = "for one in [1, 2]:\n    print(one)\n1\n2"
    found = cell(at_edge(shown))
    assert (found.source, found.output) == ("for one in [1, 2]:\n    print(one)\n", "1\n2")


def test_a_line_cut_in_two_by_the_edge_is_left_out() -> None:
    lines = written("def first(values):\n    found = []\n    found.append(1)", ROWS - 4)
    half = (ROWS - 1 - 0.4, 4, "reLurn f0und")
    found = cell(screen(1, [*lines, half]))
    assert found.source.splitlines()[-2:] == ["    found.append(1)", f"    {END}"]


def test_the_whole_definition_is_taken_from_a_screen_that_shows_it() -> None:
    whole = "def first(values):\n    found = values[0]\n    found += 1\n    return found"
    begun = "\n".join(whole.splitlines()[:3])
    frames = [at_edge(begun), screen(2, written("print('here')\nprint('there')"))]
    for shown in ([*frames, screen(3, written(whole))], [screen(0, written(whole)), *frames]):
        (found,) = [one for one in screen_cells(shown) if "def first" in one.source]
        assert found.source == whole + "\n"
        assert not found.excerpt


FIRST_NUMBERS = [(row, 0.0, f"{row + 1}") for row in range(6)]
REST = "found = len(values)\nresult = found + total\nprint(result)"
BEGIN = "# ... the screen begins here\n"


LONGER = f"{REST}\nmost = max(values)\nleast = min(values)\nprint(most, least)"


def test_what_may_begin_above_the_screen_says_so() -> None:
    assert cell(screen(1, written(REST))).source == f"{BEGIN}{REST}\n"
    assert cell(screen(1, written(REST, 2))).source == f"{BEGIN}{REST}\n"
    half = (-0.35, 0, "tota1 ≥ surn va1ues")
    assert cell(screen(1, [half, *written(REST, 0.2)])).source == f"{BEGIN}{REST}\n"


@pytest.mark.parametrize(
    "places",
    [
        written(REST, 3),
        [(0, 0, "In [4]:"), *written(REST, 0, 10)],
        written(f"import total\n{REST}"),
        [*FIRST_NUMBERS, *written(LONGER, 0, 6)],
    ],
)
def test_a_beginning_that_is_known_has_no_mark(places: list[Place]) -> None:
    assert BEGIN not in cell(screen(1, places)).source


def test_the_mark_is_in_the_language_of_the_lecture() -> None:
    frame = at_edge("def first(values):\n    found = []\n    found.append(1)")
    segments, _ = lecture(["Das ist die erste Funktion."], [frame])
    words = edition_words("de")
    captions = FigureCaptions(segments, words)
    text = SectionText("Code", segments, 0, 1, words, captions, iter(["c1"]))
    text.write([], [Show(0, cell(frame))], Headings({}, {}))
    (made,) = [block for block in text.blocks if isinstance(block, Cell)]
    assert made.source.endswith("    ...  # der Bildschirm endet hier\n")
    assert made.tags == ("excerpt",)

"""Of code that was not read whole, the smallest statement is left out, and its screen is told."""

from __future__ import annotations

import pytest

from pipeline.writing.transcript_edition.screen_code.extraction import ScreenCell, screen_cells
from pipeline.writing.transcript_edition.screen_code.gaps import read_lines
from pipeline.writing.transcript_edition.screen_code.indentation import shaped
from tests.writing.transcript_edition.screen_code.screens import screen, written

PROGRAM = '''\
class Shelf:
    """Books, by their number."""

    def __init__(self, size):
        self.size = size
        self.books = {}

    def put(self, number, title):
        """Put a book where none is."""
        if number >= self.size:
            raise KeyError(
                number,
                self.size,
            )
        self.books[number] = title

    def titles(self):
        found = sorted(self.books)
        return [self.books[k] for k in found]'''


def cells(old: str, new: str) -> list[ScreenCell]:
    assert PROGRAM.count(old) == 1
    return screen_cells([screen(1, written(PROGRAM.replace(old, new)))])


def lines(source: str) -> list[str]:
    return [line for line in source.splitlines() if line.strip()]


@pytest.mark.parametrize(
    ("shown", "read", "left_out"),
    [
        ("self.size = size", "self size ~ size", ["        self.size = size"]),
        ("found = sorted(self.books)", "found sorted self books)", None),
        ("number,\n                self.size", "number number,\n                self.size", None),
        ("if number >= self.size:", "if number > ≥ self size", None),
        ("def titles(self):", "def titles of self", None),
        ("self.books = {}", "self books", None),
    ],
)
def test_the_smallest_statement_that_was_not_read_is_left_out(
    shown: str, read: str, left_out: list[str] | None
) -> None:
    (cell,) = cells(shown, read)
    given = lines(cell.source)
    assert any(line.strip() == "..." for line in given)
    # What is said is what was shown.
    assert [line for line in given if line.strip() != "..."] == [
        line for line in lines(PROGRAM) if line in given
    ]
    missing = [line for line in lines(PROGRAM) if line not in given]
    assert len(missing) <= 6
    if left_out:
        assert missing == left_out
    assert cell.excerpt
    assert [frame.id for frame in cell.unread] == ["f0001"]


def test_code_that_was_read_whole_has_no_gap() -> None:
    (cell,) = screen_cells([screen(1, written(PROGRAM))])
    assert lines(cell.source) == lines(PROGRAM)
    assert cell.unread == ()


def test_code_that_was_read_whole_on_another_screen_replaces_one_with_a_gap() -> None:
    broken = PROGRAM.replace("self.size = size", "self size ~ size")
    other = [
        screen(1, written(broken)),
        screen(2, written("x = 1\ny = 2")),
    ]
    found = screen_cells([*other, screen(3, written(PROGRAM))])
    (cell,) = [one for one in found if "class Shelf" in one.source]
    assert lines(cell.source) == lines(PROGRAM)
    assert cell.unread == ()


def test_prose_and_code_that_is_mostly_lost_stay_pictures() -> None:
    text = "def all of us:\n    we went to the river\n    and the boats came\n    for the evening"
    assert screen_cells([screen(1, written(text))]) == []
    lost = "def area(side):\n    a side ~ 2\n    b of two\n    c in the end\n    return side"
    assert screen_cells([screen(1, written(lost))]) == []


def test_a_docstring_that_lost_its_quotes_is_one_gap_and_what_is_above_and_below_stays() -> None:
    text = PROGRAM.replace(
        '"""Put a book where none is.', "Put a book where none is\n        and no"
    )
    text = text.replace('and no"""', "and no other book")
    (cell,) = screen_cells([screen(1, written(text))])
    kept = [line for line in lines(PROGRAM) if "Put a book" not in line]
    assert [line for line in lines(cell.source) if line.strip() != "..."] == kept
    assert cell.source.count("...") == 1


def test_a_break_above_a_string_that_is_never_closed_is_left_out_first() -> None:
    text = PROGRAM.replace("self.size = size", "self size ~ size")
    text += '\n\n    def last(self):\n        """What is never closed.\n        return 1'
    (cell,) = screen_cells([screen(1, written(text))])
    assert "        ...\n        self.books = {}" in cell.source
    assert "def titles(self):" in cell.source


def test_the_rest_of_a_method_whose_head_was_not_read_is_no_program() -> None:
    rest = "\n".join(
        f"        total{k} = sum(values[{k}:])\n        print(total{k})" for k in range(4)
    )
    shown = written(PROGRAM) + written("it is all there, see page ten", 22) + written(rest, 24)
    (cell,) = screen_cells([screen(1, shown)])
    assert "total" not in cell.source


def test_of_a_long_class_more_lines_may_have_been_misread_than_of_a_short_one() -> None:
    head = "class Parts:"
    parts = [
        f"    def part{number}(self):\n        left = {number}\n        return left"
        for number in range(20)
    ]
    text = "\n".join([head, *parts])
    misread = text
    for number in (3, 9, 15):
        misread = misread.replace(f"left = {number}\n", f"left~= {number}\n")
    found = read_lines(shaped(misread.splitlines()), lambda _: True)
    assert found
    assert [line.text for line in found] == text.splitlines()


def test_a_line_that_was_not_read_between_others_is_a_gap() -> None:
    shown = "count = 3\nsize = 2 * count]]\ntotal = count + 1\nprint(total)"
    (cell,) = screen_cells([screen(1, written(shown, 5))])
    assert cell.source == "count = 3\n...\ntotal = count + 1\nprint(total)\n"
    assert cell.excerpt
    assert [frame.id for frame in cell.unread] == ["f0001"]


def test_no_gap_stands_for_comments_or_at_the_end() -> None:
    shown = "count = 3\n# three (at first)\ntotal = count + 1\nprint(total) ] = ("
    (cell,) = screen_cells([screen(1, written(shown))])
    assert cell.source == "count = 3\n# three (at first)\ntotal = count + 1\n"
    assert not cell.excerpt


def test_a_comment_stays_with_its_statement_however_far_left_it_was_read() -> None:
    shown = [(0, 7, "# how many there are"), *written("count = 3\nprint(count)", 1, 12)]
    shown += written("# with one more\ntotal = count + 1\nprint(total)", 4, 12)
    (cell,) = screen_cells([screen(1, shown)])
    assert cell.source.splitlines() == [
        "# how many there are",
        "count = 3",
        "print(count)",
        "# with one more",
        "total = count + 1",
        "print(total)",
    ]

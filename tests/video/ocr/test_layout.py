"""Places of text turned into text: indentation, margins, columns, tables."""

from __future__ import annotations

from pipeline.video.ocr.layout import lay_out, snapped
from pipeline.video.ocr.lines import TextLine

WIDTH, HEIGHT = 10, 20


def line(x: float, row: float, text: str) -> TextLine:
    """``text`` drawn ``x`` characters from the left in ``row``, in fixed pitch."""
    left = round(x * WIDTH)
    top = round(row * 30)
    return TextLine(left, top, left + WIDTH * len(text), top + HEIGHT, text)


def test_no_text_is_an_empty_string() -> None:
    assert lay_out(()) == ""


def test_code_keeps_its_indentation_measured_from_its_margin() -> None:
    lines = [
        line(10.2, 0, "def f(x):"),
        line(13.8, 1, "for y in x:"),
        line(18.3, 2, "print(y)"),
        line(14.1, 3, "return x"),
    ]
    assert lay_out(lines) == "def f(x):\n    for y in x:\n        print(y)\n    return x"


def test_pieces_of_one_row_are_read_from_left_to_right_with_their_distance() -> None:
    assert lay_out([line(9, 0, "= aa"), line(0, 0, "Z"), line(30, 0, "9 tokens")]) == (
        "Z    = aa    9 tokens"
    )


def test_the_numbers_of_notebook_cells_are_left_out() -> None:
    lines = [line(0, 0, "In [57]:"), line(12, 0, "def f():"), line(16, 1, "return 1")]
    assert lay_out(lines) == "def f():\n    return 1"
    assert lay_out([line(0, 0, "[1] x = 1"), line(4, 1, "y = 2")]) == "x = 1\ny = 2"


def test_rising_line_numbers_are_left_out_but_other_numbers_stay() -> None:
    code = ["a = 1", "b = 2", "c = 3", "d = 4"]
    numbered = [line(0, k, f"{k + 7} {text}") for k, text in enumerate(code)]
    assert lay_out(numbered) == "\n".join(code)
    bare = [line(0, k, str(k + 7)) for k in range(4)]
    assert lay_out(bare) == ""
    printed = [line(0, k, text) for k, text in enumerate(["256 a", "99 b", "12 c", "3 d"])]
    assert lay_out(printed) == "256 a\n99 b\n12 c\n3 d"


def test_columns_are_read_one_after_the_other_below_their_heading() -> None:
    left = [line(0, k, f"left column line {k}") for k in range(1, 5)]
    right = [line(30, k + 0.4, f"right column line {k}") for k in range(1, 5)]
    text = lay_out([line(5, 0, "A heading over both of the columns"), *left, *right])
    assert text.splitlines() == [
        "A heading over both of the columns",
        *(f"left column line {k}" for k in range(1, 5)),
        *(f"right column line {k}" for k in range(1, 5)),
    ]


def test_a_table_is_read_row_by_row() -> None:
    rows = [("model", "layers"), ("small", "12"), ("medium", "24"), ("large", "36")]
    cells = [line(x, k, row[c]) for k, row in enumerate(rows) for c, x in ((0, 0), (1, 20))]
    assert [row.split() for row in lay_out(cells).splitlines()] == [list(row) for row in rows]


def test_a_line_measured_a_character_off_joins_the_step_of_the_others() -> None:
    assert snapped([0, 4.1, 7.9, 8.1, 3.9, 7.1, 0]) == [0, 4, 8, 8, 4, 8, 0]
    # Without a step in it (a slide), what is measured stays.
    assert snapped([0, 3, 7.4]) == [0, 3, 7]


def test_the_last_rows_of_two_columns_belong_to_the_columns() -> None:
    # With its last name the list would stand beside the code row for row, as a table does.
    names = [line(0, row, f"name {row}") for row in (0, 1.5, 2.5, 4, 7, 8, 9)]
    code = [line(12, row, f"counted[{row}] = values[{row}] + 1") for row in range(10)]
    assert lay_out([*names, *code]).splitlines() == [one.text for one in (*names, *code)]

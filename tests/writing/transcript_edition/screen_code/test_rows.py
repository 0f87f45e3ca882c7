"""The rows of a screen, column by column."""

from __future__ import annotations

from pipeline.writing.transcript_edition.screen_code.rows import panes
from pipeline.writing.transcript_edition.screen_code.window_heads import WindowHeads
from tests.writing.transcript_edition.screen_code.screens import screen, written

CODE = """\
def doubled(values):
    found = []
    for one in values:
        found.append(2 * one)
    return found

print(doubled([1]))"""


def numbered(first: int = 1) -> list[tuple[float, float, str]]:
    return [(row, 30, f"{first + row}") for row in range(7)]


def texts(columns: object) -> list[list[str]]:
    return [[row.text for row in rows] for rows in columns]  # type: ignore[attr-defined]


def test_a_column_of_nothing_but_line_numbers_is_no_pane() -> None:
    places = [*numbered(), *written("one\ntwo\nthree\nfour\nfive\nsix\nseven", column=80)]
    assert texts(panes(screen(1, places))) == [
        ["one", "two", "three", "four", "five", "six", "seven"]
    ]


def test_a_short_list_beside_numbered_code_is_a_pane_of_its_own() -> None:
    places = [(0, 0, "app.py"), *numbered(), *written(CODE, column=36)]
    assert ["app.py"] in texts(panes(screen(1, places)))
    assert [line.strip() for line in CODE.splitlines() if line] in texts(panes(screen(1, places)))


def test_a_status_bar_on_every_screen_is_no_content_and_still_code_is() -> None:
    bar = (35.4, 2, "main  Ln 12, Col 8  Spaces 4")
    frames = [screen(n, [*written(CODE, row=n), bar]) for n in range(3)]
    heads = WindowHeads(frames)
    assert all(
        "main" not in text for f in frames for p in texts(panes(f, 0, heads.above(f))) for text in p
    )
    still = [screen(n, [(n, 0, "x = 1"), (35.4, 0, "print(x)")]) for n in range(3)]
    assert WindowHeads(still).above(still[0]) == still[0].height


def test_spaces_between_pieces_of_a_line_are_counted_by_their_place() -> None:
    lines = written('values = list(range(3))\nwords = "one" + name + ""\nfound = name + "one two"')
    made = screen(1, [*lines, (4, 0, 'print(f("'), (4, 13, 'hello world!"))')])
    before, after = made.lines[-2:]
    wider = [
        before.model_copy(update={"box": before.box.model_copy(update={"width": 95})}),
        after.model_copy(update={"box": after.box.model_copy(update={"x": 126})}),
    ]
    (rows,) = panes(made.model_copy(update={"lines": (*made.lines[:-2], *wider)}))
    assert rows[-1].text == 'print(f("    hello world!"))'


def test_a_box_that_begins_with_a_button_is_as_far_left_as_its_text() -> None:
    lines = "import os.path\nvalues = sorted(names)\nfound = values[0]\nprint(found, values)\nz = 3"
    made = screen(1, written(f"{lines}\nprint(z)", 0, 12))
    first = made.lines[0]
    box = first.box.model_copy(update={"x": first.box.x - 45, "width": first.box.width + 45})
    button = first.model_copy(update={"box": box})
    (rows,) = panes(made.model_copy(update={"lines": (button, *made.lines[1:])}))
    assert len({round(row.left) for row in rows}) == 1

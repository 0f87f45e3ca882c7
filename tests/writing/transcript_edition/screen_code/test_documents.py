"""Programs that scroll, grow and change, put together from their frames."""

from __future__ import annotations

import re

from pipeline.writing.transcript_edition.screen_code.extraction import screen_cells
from tests.writing.transcript_edition.screen_code.screens import Place, screen, written

PROGRAM = '''\
class Shelf:
    """Books, by their number."""
    def __init__(self, size):
        self.size = size
        self.books = {}
    def put(self, number, title):
        if number >= self.size:
            raise KeyError(number)
        self.books[number] = title
    def titles(self):
        return [self.books[k] for k in sorted(self.books)]'''


def views(*ranges: tuple[int, int]) -> list[list[Place]]:
    lines = PROGRAM.splitlines()
    return [written("\n".join(lines[first:end])) for first, end in ranges]


def sources(*shown: list[Place]) -> list[str]:
    cells = screen_cells([screen(number, places) for number, places in enumerate(shown)])
    return [re.sub("\n+", "\n", cell.source) for cell in cells]


def test_a_program_that_is_scrolled_comes_in_one_piece() -> None:
    assert sources(*views((0, 6), (3, 9), (6, 11))) == [PROGRAM + "\n"]


TWICE = """\
def merged(parts, key):
    heap = []
    if key is None:
        for order, it in enumerate(parts):
            try:
                step = it.__next__
                append([step(), order * sign, step])
            except StopIteration:
                pass
        order_heap(heap)
        while len(heap) > 1:
            value, order, step = heap[0]
            yield value
        return
    for order, it in enumerate(parts):
        try:
            step = it.__next__
            append([key(value), order * sign, value, step])
        except StopIteration:
            pass
    order_heap(heap)
    while len(heap) > 1:
        key_value, order, value, step = heap[0]
        yield value"""


def test_a_scrolled_view_continues_the_same_lines_not_longer_ones_that_are_alike() -> None:
    lines = TWICE.splitlines()
    shown = [written("\n".join(lines[first:end])) for first, end in ((0, 12), (4, 24))]
    assert sources(*shown) == [TWICE + "\n"]


def test_a_program_that_is_scrolled_back_comes_once() -> None:
    assert sources(*views((5, 11), (2, 8), (0, 6), (4, 11))) == [PROGRAM + "\n"]


def test_a_program_stands_where_its_last_line_is_shown_first() -> None:
    frames = [screen(n, places) for n, places in enumerate(views((0, 6), (3, 11), (0, 8)))]
    (cell,) = screen_cells(frames)
    assert cell.frame.id == "f0001"


def test_a_line_is_read_as_most_frames_read_it() -> None:
    shown = views((0, 11), (0, 11), (0, 11))
    shown[1][4] = (4, 8, "self.books = {)")
    shown[2][7] = (7, 12, "raise KeyError[number]")
    assert sources(*shown) == [PROGRAM + "\n"]


def test_a_line_that_the_edge_of_the_view_cuts_replaces_none() -> None:
    shown = views((0, 7), (4, 11))
    shown[1][0] = (0.4, 8, "seIf.b00ks")
    assert sources(*shown) == [PROGRAM + "\n"]


def test_a_line_that_one_frame_overlooks_stays() -> None:
    shown = views((0, 11), (0, 11))
    del shown[1][4]
    assert sources(*shown) == [PROGRAM + "\n"]


def test_what_is_typed_counts_when_it_is_finished() -> None:
    typed = "values = [1, 2, 3]\nwhole = sum(values)\nprint(who"
    done = "values = [1, 2, 3]\nwhole = sum(values)\nprint(whole)\nprint(values)"
    assert sources(written(typed), written(done)) == [done + "\n"]


def test_lines_that_the_head_of_a_class_hides_stay_as_the_numbers_of_lines_tell() -> None:
    lines = PROGRAM.splitlines()
    numbers = [(row, 2.0, f"{row + 20}") for row in range(len(lines))]
    whole = [*numbers, *written(PROGRAM, column=8)]
    kept = "\n".join([lines[0], *lines[5:]])
    hidden = [(row, 2.0, number) for row, (_, _, number) in enumerate([numbers[0], *numbers[5:]])]
    assert sources(whole, [*hidden, *written(kept, column=8)]) == [PROGRAM + "\n"]


def test_a_definition_that_was_changed_is_as_it_became() -> None:
    early = (
        "def shrunk(values):\n    while True:\n        if values[0] > 9:\n            break\n"
        "        values = values[1:]\n    return values\nprint(shrunk([1, 12]))"
    )
    late = early.replace("while True:", "while len(values) > 1:").replace("[1, 12]", "[]")
    (source,) = sources(written(early), written(late))
    assert source == late + "\n"


def test_a_view_that_begins_inside_a_function_shows_the_whole_ones_below_it() -> None:
    rest = "    found = sorted(values)\n    return dict(zip(found, values))\n\n"
    assert sources(written(f"{rest}{PROGRAM}")) == [PROGRAM + "\n"]
    (source,) = sources(written(f"    found = 1\n{rest}# Two remarks\n# above it.\n{PROGRAM}"))
    assert source.endswith(PROGRAM + "\n") and "found" not in source
    method = "        self.count = 0\n        self.size = size\n    def size(self):\n        pass\n"
    assert sources(written(f"{method}{PROGRAM}")) == [PROGRAM + "\n"]


def test_code_that_is_replaced_was_there() -> None:
    first = "values = [1, 2, 3]\nwhole = sum(values)\nprint(whole * 100, whole)"
    second = "values = [1, 2, 3]\nwhole = sum(values)\nvalues.append(whole ** 2)\nprint(values)"
    got = sources(written(first), written(second))
    assert got[0] == first + "\n"
    assert "values.append(whole ** 2)" in got[1]


def test_another_program_is_no_part_of_it() -> None:
    other = "def area(width, height):\n    return width * height\nprint(area(2, 3))"
    assert sources(*views((0, 11)), written(other)) == [PROGRAM + "\n", other + "\n"]


def test_a_list_of_files_beside_the_code_is_none_of_it() -> None:
    files = [(row, 2.0, name) for row, name in enumerate(["app.py", "notes.md", "setup.cfg"])]
    numbered = [(row, 30.0, str(int(row) + 1)) for row, _, _ in views((0, 11))[0]]
    code = [(row, column + 34, text) for row, column, text in views((0, 11))[0]]
    assert sources([*files, *numbered, *code]) == [PROGRAM + "\n"]


def test_indents_of_two_stay_so() -> None:
    narrow = (
        "def count(items):\n  seen = {}\n  for item in items:\n    seen[item] = 1\n  return seen"
    )
    assert sources(written(narrow)) == [narrow + "\n"]


def test_lines_inside_brackets_stay_under_the_bracket() -> None:
    wide = 'VALUES = [(10, "X"), (9, "IX"),\n          (5, "V"), (4, "IV")]\nprint(VALUES)'
    assert sources(written(wide)) == [wide + "\n"]


def test_a_program_stands_where_it_was_whole_though_a_letter_was_misread_there() -> None:
    whole = "def shut(name):\n    kept = name\n    return kept.encode(errors='replace')"
    misread = whole.replace("replace", "replate")
    shown = [screen(number, written(text)) for number, text in enumerate([misread, whole, whole])]
    (cell,) = screen_cells(shown)
    assert cell.source == whole + "\n"
    assert cell.frame.id == shown[0].id


def test_a_line_stands_where_a_pointer_hid_a_round_letter_of_it() -> None:
    whole = "values = [3, 1, 2]\nprint(sorted(values))"
    misread = whole.replace("sorted", "sbrted")
    shown = [screen(number, written(text)) for number, text in enumerate([misread, whole, whole])]
    (cell,) = screen_cells(shown)
    assert (cell.source, cell.frame.id) == (whole + "\n", shown[0].id)


def test_a_program_stands_where_its_last_number_was_changed() -> None:
    early = "def grown(sizes):\n    wide = max(sizes)\n    return [wide + 3 for one in sizes]"
    late = early.replace("+ 3", "+ 4")
    shown = [screen(number, written(text)) for number, text in enumerate([early, late, late])]
    (cell,) = screen_cells(shown)
    assert cell.source == late + "\n"
    assert cell.frame.id == shown[1].id


def test_what_stands_below_a_definition_goes_where_its_fuller_form_stands() -> None:
    table = (
        "table = {number: number for number in range(9)}\nfor key in steps:\n    table[key] = 0\n"
    )
    early = "def doubled(number):\n    found = sum(table)\n    return found\n"
    late = early.replace("sum(table)", "sum(table[number:], start=table[0] * number)")
    call = "print(doubled(21))"
    shown = [
        screen(number, [(0, 2, "[1]:"), *written(f"{table}{function}{call}", 0, 8)])
        for number, function in enumerate([early, late])
    ]
    sources = [cell.source for cell in screen_cells(shown)]
    assert [source.count(call) for source in sources] == [0, 1]
    assert sources[-1].endswith(f"{late}\n\n{call}\n")

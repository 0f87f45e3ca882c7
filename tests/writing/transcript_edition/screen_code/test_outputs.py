"""Outputs are claimed only where they are known: in the output area of the same cell."""

from __future__ import annotations

from pipeline.writing.transcript_edition.screen_code.extraction import ScreenCell, screen_cells
from tests.writing.transcript_edition.screen_code.screens import Place, screen, written

CODE = "values = [3, 1, 2]\nvalues.sort()\nprint(values)"


def cells(*places: Place) -> list[ScreenCell]:
    return screen_cells([screen(0, places)])


def test_what_stands_below_a_numbered_cell_is_its_output() -> None:
    (cell,) = cells((0, 2, "[4]:"), *written(CODE, 0, 8), (4, 8, "[1,2, 3]"))
    assert cell.output == "[1, 2, 3]"


def test_a_value_at_the_end_of_a_cell_is_code_and_its_output_known() -> None:
    shown = "values = [3, 1, 2]\nlen(values), values[0]"
    (cell,) = cells((0, 2, "In [4]:"), *written(shown, 0, 12), (3, 1, "Out[4]:"), (3, 12, "(3, 3)"))
    assert cell.source == shown + "\n"
    assert cell.output == "(3, 3)"


def test_an_output_that_is_indented_is_no_part_of_the_code_above() -> None:
    loop = 'for year in (1990, 2022):\n    print(f"{year:>6}: {hex(year)}")'
    shown = [(2.6, 10.0, "1990: MCMXC"), (3.6, 10.0, "2022: MMXXII")]
    (cell,) = cells((0, 2, "[4]:"), *written(loop, 0, 8), *shown)
    assert cell.source == loop + "\n"
    assert cell.output == "1990: MCMXC\n2022: MMXXII"


def test_an_output_ends_where_the_next_cell_begins() -> None:
    first, second = cells(
        (0, 2, "[4]:"),
        *written(CODE, 0, 8),
        (4, 8, "[1, 2, 3]"),
        (6, 2, "[5]:"),
        *written("total = sum(values)\nprint(total)", 6, 8),
        (9, 8, "6"),
    )
    assert (first.output, second.output) == ("[1, 2, 3]", "6")


def test_what_stands_beside_code_is_not_its_output() -> None:
    beside = [(float(row), 60.0, f"{row} 4 5 6 7 8") for row in range(6)]
    (cell,) = cells(*written(CODE), *beside)
    assert cell.output == ""


def test_what_stands_far_below_code_is_not_its_output() -> None:
    (cell,) = cells(*written(CODE), (9, 0, "Tabs and calendars"))
    assert cell.output == ""


def test_what_begins_elsewhere_than_code_outside_of_a_notebook_is_not_its_output() -> None:
    (cell,) = cells(*written(CODE), (4, 30, "page 7"))
    assert cell.output == ""


def test_fewer_lines_than_the_code_prints_are_of_an_earlier_run() -> None:
    twice = CODE + "\nprint(len(values))\nprint(max(values))"
    (cell,) = cells((0, 2, "[4]:"), *written(twice, 0, 8), (6, 8, "[1, 2, 3]"))
    assert cell.output == ""


def test_an_output_that_is_cut_off_is_not_claimed() -> None:
    (cell,) = cells((0, 2, "[4]:"), *written(CODE, 0, 8), (4, 8, "[1, 2,"))
    assert cell.output == ""


PROGRAM = "def double(n):\n    return 2 * n\nprint(double(21))"


def test_a_shell_prints_a_file_and_what_running_it_prints() -> None:
    (cell,) = cells(
        (0, 0, "$ cat double.py"),
        *written(PROGRAM, 1),
        (4, 0, "$ python3 double.py"),
        (5, 0, "42"),
        (6, 0, "$ git status"),
        (7, 0, "On branch main"),
    )
    assert cell.source.splitlines()[-1] == "print(double(21))"
    assert cell.output == "42"


def test_what_other_commands_print_is_no_output() -> None:
    (cell,) = cells(
        (0, 0, "ada@desk:~/demo$ cat double.py"),
        *written(PROGRAM, 1),
        (4, 0, "ada@desk:~/demo$ git status"),
        (5, 0, "On branch main"),
    )
    assert cell.output == ""


def test_code_outside_of_the_cells_of_a_notebook_is_text() -> None:
    text, cell = cells(
        *written("for n in range(3):\n    n = n + 1\n    print(n)", 0, 8),
        (5, 2, "[1]:"),
        *written(CODE, 5, 8),
    )
    assert text.excerpt
    assert not cell.excerpt


def test_definitions_run_even_where_what_stands_below_them_cannot() -> None:
    function, call = cells(
        *written(f"{PROGRAM}\nfirst = double(text)\nsecond = double(first)\nprint(text)")
    )
    assert (function.excerpt, call.excerpt) == (False, True)


def test_sample_text_of_a_web_page_has_no_output_wherever_it_comes_again() -> None:
    loop = "for n in range(3):\n    n = n + 1\n    print(n)"
    page = [
        (0.0, 0.0, "Safari File Edit View History Bookmarks Window Help"),
        (1.0, 0.0, "sample.org"),
    ]
    first = screen(0, [*page, *written(loop, 8)])
    second = screen(1, [*written(loop, 8), (11.0, 0.0, "Hello world")])
    (cell,) = screen_cells([first, second])
    assert (cell.excerpt, cell.output) == (True, "")


def test_the_heading_of_what_comes_next_in_a_notebook_is_no_output() -> None:
    head = (6, 8, "How a list is sorted")
    (cell,) = cells((0, 2, "[4]:"), *written(CODE, 0, 8), (4, 8, "[1, 2, 3]"), head)
    assert cell.output == "[1, 2, 3]"


def test_an_output_with_an_empty_row_has_as_many_rows_as_are_printed() -> None:
    code = f"{CODE}\nprint(len(values))"
    shown = [(5, 8, "[1, 2, 3]"), (7, 8, "3")]
    (cell,) = cells((0, 2, "[4]:"), *written(code, 0, 8), *shown)
    assert cell.output == "[1, 2, 3]\n3"


def test_a_sign_that_the_reader_does_not_know_is_no_output() -> None:
    code = written("sign = bytes([128])\nprint(sign.decode(errors='replace'))", 0, 8)
    (read,) = screen_cells([screen(0, [(0, 2, "[4]:"), *code, (3, 8, "a")])])
    assert read.output == "a"
    unsure = screen(0, [(0, 2, "[4]:"), *code, (3, 8, "a")], confidence=0.94)
    (cell,) = screen_cells([unsure])
    assert cell.output == ""


LONG = 'poem = "The river that never was seen from the road goes on below the bridge and the'


def test_a_string_that_goes_on_beyond_the_edge_has_an_ellipsis_and_the_output_of_the_whole() -> (
    None
):
    code = written(f"{LONG}\nwords = poem.split()\nprint(len(words))", 0, 22)
    (cell,) = cells((0, 14, "[4]:"), *code, (4, 22, "17"))
    assert cell.source.startswith(f'{LONG}…"\nwords = poem.split()\n')
    assert (cell.excerpt, cell.shortened, cell.output) == (False, True, "17")
    assert [frame.id for frame in cell.unread] == ["f0000"]


def test_a_long_text_in_three_quotes_goes_on_beyond_the_edge_too() -> None:
    long = LONG.replace('"', '"""').removesuffix("the") + "it\\u"
    shown = written(f"{long}\nwords = poem.split()\nprint(len(words))", 0, 22)
    for quotes in ('"""', '" "'):
        first = (*shown[0][:2], shown[0][2].replace('"""', quotes))
        (cell,) = cells((0, 14, "[4]:"), first, *shown[1:])
        assert cell.source.startswith(long.removesuffix("\\u") + '…"""\nwords = poem.split()\n')
        assert cell.shortened


def test_an_empty_list_below_a_cell_is_its_output_and_no_prompt() -> None:
    (cell,) = cells((0, 2, "[4]:"), *written("values = []\nprint(values)", 0, 8), (3, 8, "[]"))
    assert (cell.source, cell.output) == ("values = []\nprint(values)\n", "[]")


def test_a_string_whose_end_was_not_read_has_an_ellipsis_as_its_box_is_wider() -> None:
    code = "values = sorted([3, 1, 2])\ntotal = sum(values)\nprint(total)\nprint('\nprint(values)"
    shown = screen(0, [(0, 2, "[4]:"), *written(f"{code}\nprint(max(values))", 0, 8)])
    lines = [
        line.model_copy(update={"box": line.box.model_copy(update={"width": 110})})
        if line.text == "print('"
        else line
        for line in shown.lines
    ]
    (cell,) = screen_cells([shown.model_copy(update={"lines": tuple(lines)})])
    assert "print('…')\nprint(values)\n" in cell.source
    assert cell.shortened


def test_a_text_that_ends_on_a_later_line_is_whole() -> None:
    text = LONG.replace('"', '"""') + '\nhas no end"""\nprint(poem)'
    (cell,) = cells((0, 14, "[4]:"), *written(text, 0, 22))
    assert (cell.source, cell.shortened) == (text + "\n", False)


def test_a_function_with_a_text_that_goes_on_beyond_the_edge_is_not_run() -> None:
    function = f"def words():\n    {LONG}\n    return poem.split()"
    (cell,) = cells((0, 14, "[4]:"), *written(function, 0, 22))
    assert (cell.excerpt, cell.shortened) == (True, False)


def test_what_is_computed_from_a_new_value_is_no_repeat() -> None:
    rest = "letters = text.upper()\nletters = sorted(letters)\nprint(letters)"
    first = written(f"text = 'a short one'\n{rest}", 0, 8)
    second = written(f"text = 'another, longer text'\n{rest}", 5, 8)
    found = cells((0, 2, "[4]:"), *first, (5, 2, "[5]:"), *second)
    assert [cell.source.endswith(rest + "\n") for cell in found] == [True, True]


def test_a_quote_that_was_lost_far_from_the_edge_is_put_back() -> None:
    code = written('poem = "The river\nwords = poem.split()\nprint(len(words))', 0, 8)
    (cell,) = cells((0, 2, "[4]:"), *code)
    assert cell.source.startswith('poem = "The river"\n')
    assert not cell.excerpt


def test_a_line_that_was_not_read_to_its_end_swallows_no_others() -> None:
    code = written("values = [3, 1]\nprint('\nlarger = max(values)\nprint(larger)", 0, 8)
    numbers = [(5 + row, 6 - row, "12, 13") for row in range(3)]
    (cell,) = cells((0, 2, "[4]:"), *code, *numbers)
    assert "larger = max(values)\nprint(larger)\n" in cell.source


def test_a_statement_with_another_number_is_no_repeat() -> None:
    first = written('tokens = list(range(9))\nprint("length:", len(tokens))', 0, 8)
    second = written('tokens2 = list(range(9))\nprint("length:", len(tokens2))', 4, 8)
    found = cells((0, 2, "[4]:"), *first, (4, 2, "[5]:"), *second)
    assert [cell.source.splitlines()[-1] for cell in found] == [
        'print("length:", len(tokens))',
        'print("length:", len(tokens2))',
    ]


def test_an_empty_prompt_whose_bracket_was_read_as_a_digit_is_one() -> None:
    typed = written("total = sum([1, 2])\nprint(total)", 6, 12)
    first, second = cells(
        (0, 2, "[4]:"), *written(CODE, 0, 12), (4, 12, "[1, 2, 3]"), (6, 2, "In [ 1:"), *typed
    )
    assert first.output == "[1, 2, 3]"
    assert second.source == "total = sum([1, 2])\nprint(total)\n"


def test_a_long_output_is_known_where_the_next_cell_is_seen_below_it() -> None:
    loop = 'for step in range(20):\n    print(f"step {step} of the way")'
    shown = [(2.6 + row, 12, f"step {row} of the way") for row in range(20)]
    (cut,) = cells((0, 2, "[4]:"), *written(loop, 0, 12), *shown)
    assert cut.output == ""
    (whole,) = cells((0, 2, "[4]:"), *written(loop, 0, 12), *shown, (24, 2, "[5]:"))
    assert whole.output.splitlines() == [f"step {row} of the way" for row in range(20)]


def test_a_string_of_which_letters_were_not_read_is_shown_beside_its_picture_and_not_run() -> None:
    code = "greeting = 'hello'\nletters = list(greeting)\nlater = sorted(letters)\nprint(later)"
    rest = "again = ''.join(later)\nprint(again)"
    made = screen(0, [(0, 2, "[4]:"), *written(f"{code}\n{rest}", 0, 8)])
    (whole,) = screen_cells([made])
    assert not whole.excerpt
    lines = tuple(
        line.model_copy(update={"box": line.box.model_copy(update={"width": line.box.width + 60})})
        if line.text == "greeting = 'hello'"
        else line
        for line in made.lines
    )
    (cell,) = screen_cells([made.model_copy(update={"lines": lines})])
    assert cell.excerpt
    assert [frame.id for frame in cell.unread] == ["f0000"]


def test_a_cell_of_a_notebook_that_shows_a_value_is_one_where_its_output_is_seen() -> None:
    places = [
        (0, 0, "In [1]:"),
        *written("merges = {(1, 2): 3}\nmerges[3, 4] = 5", 0, 10),
        (4, 0, "In [2]:"),
        (4, 10, "merges"),
        (5.5, 0, "Out[2]:"),
        *written("{(1, 2): 3,\n (3, 4): 5}", 5.5, 10),
        (9, 0, "In [3]:"),
        *written("merges.clear()\nprint(merges)", 9, 10),
    ]
    cells = screen_cells([screen(1, places)])
    assert [(cell.source, cell.output) for cell in cells][1:2] == [
        ("merges\n", "{(1, 2): 3,\n(3, 4): 5}")
    ]
    assert not cells[1].excerpt

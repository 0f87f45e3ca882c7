"""Which blocks are cells, with which tags and claims, in the styles that people write."""

from __future__ import annotations

import pytest

from pipeline.cells.program import (
    Program,
    as_written,
    defined_names,
    prepared,
    rewritten,
    with_claimed_outputs,
)
from pipeline.document.blocks import Cell, List, Listing, Paragraph
from pipeline.document.parse import parse
from pipeline.document.walk import cells


def only(markdown: str) -> Program:
    (cell,) = cells(with_claimed_outputs(parse(markdown)))
    return prepared(cell)


def claims(source: str) -> list[tuple[int | None, str]]:
    return [(one.statement, one.text) for one in only(f"```python\n{source}\n```").claims]


@pytest.mark.parametrize("info", ["text", "output", "text output", "console", ""])
def test_a_listing_right_after_a_cell_is_its_claimed_output(info: str) -> None:
    program = only(f"```python\nprint(1)\n```\n\n```{info}\n1\n```\n")
    assert program.claimed == "1"


@pytest.mark.parametrize("line", ["Output:", "**Output:**", "*The result is:*", "This prints:"])
def test_a_line_that_says_output_may_stand_between_and_goes(line: str) -> None:
    blocks = with_claimed_outputs(parse(f"```python\nprint(1)\n```\n\n{line}\n\n```\n1\n```\n"))
    assert blocks == (Cell(id="cell-1", language="python", source="print(1)", output="1"),)


def test_citations_between_a_cell_and_its_output_are_the_cells() -> None:
    text = "```python\n1\n```\n\n[[s0001]]\n\nOutput: [[s0002]]\n\n```\n1\n```\n\n[[s0003]]\n"
    (cell,) = with_claimed_outputs(parse(text))
    assert isinstance(cell, Cell)
    assert cell.output == "1\n"
    assert [one.ids for one in cell.citations] == ["s0001", "s0002", "s0003"]


def test_an_output_in_a_list_is_found_there() -> None:
    (found,) = with_claimed_outputs(
        parse("- so:\n  ```python\n  1\n  ```\n\n  Output:\n\n  ```\n  1\n  ```\n")
    )
    assert isinstance(found, List)
    assert [type(block) for block in found.items[0]] == [Paragraph, Cell]


@pytest.mark.parametrize("between", ["Some words.", "Some words:", "![x](frame:f1)", "> Output:"])
def test_a_listing_elsewhere_is_no_claim(between: str) -> None:
    text = f"```\nalone\n```\n```python\nx\n```\n{between}\n\n```text\na quotation\n```\n"
    blocks = parse(text)
    assert with_claimed_outputs(blocks) == blocks
    assert isinstance(blocks[-1], Listing)


def test_a_cell_of_another_language_claims_nothing() -> None:
    blocks = parse("```bash\nls\n```\n\nOutput:\n\n```\nx\n```\n")
    assert with_claimed_outputs(blocks) == blocks
    assert only("```bash\nls # 1\n```").claims == ()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("print(x)  # 65", [(0, "65")]),
        ("encode('ab')  # [46, 47]", [(0, "[46, 47]")]),
        ("print(a, b)  # 65 66", [(0, "65 66")]),
        ("x\n# [1, 2]", [(0, "[1, 2]")]),
        ("print(x)  # -> hello there", [(0, "hello there")]),
        ("print(x)  # => 3 tokens", [(0, "3 tokens")]),
        ("print(x)\n# Output: hello", [(0, "hello")]),
        ("x = 1\nprint(x)  # 'one'\ny = 2", [(1, "'one'")]),
        ("print(\n    x,\n)  # 7", [(0, "7")]),
    ],
)
def test_outputs_in_comments_are_claims(source: str, expected: list[tuple[int, str]]) -> None:
    assert claims(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "print(x)  # the length in bytes",
        "size = 276  # 276",
        "x = [1]  # [1]",
        "for i in x:\n    print(i)  # 3",
        "print('# 65')",
        "print(x)  # TODO: 3 things",
        "print(x)  #",
    ],
)
def test_other_comments_are_prose(source: str) -> None:
    assert claims(source) == []


def test_a_session_with_prompts_is_code_with_claims() -> None:
    cell = only("```python\n>>> x = 2\n>>> x * 3\n6\n>>> for i in range(2):\n...     i\n0\n1\n```")
    assert cell.source == "x = 2\nx * 3\nfor i in range(2):\n    i\n"
    assert [(one.statement, one.text) for one in cell.claims] == [(1, "6"), (2, "0\n1")]
    assert cell.prompts


def test_code_that_does_not_parse_has_a_problem_and_no_claims() -> None:
    cell = only("```python\nprint(1  # 1\n```")
    assert cell.problem.startswith("SyntaxError")
    assert cell.claims == ()


def test_the_names_a_cell_defines_are_those_of_its_module() -> None:
    source = (
        "import a.b, c as d\nfrom e import f\nx = y, (z, w) = 1, (2, 3)\n"
        "for i in q:\n    j = [k for k in i]\nclass C:\n    m = 1\ndef g():\n    n = 1\n"
        "with open(p) as h:\n    pass\n"
    )
    assert defined_names(source) == {*["a", "d", "f", "x", "y", "z", "w", "i", "j", "C", "g", "h"]}


def ran(source: str, stdout: str, **cell: str) -> Cell:
    """The cell after it printed ``stdout``, which its comments claim otherwise."""
    program = prepared(Cell(id="c", language="python", source=source, **cell))
    wrong = [(claim, stdout.strip()) for claim in program.claims if claim.statement is not None]
    return rewritten(program, wrong, stdout)


def test_a_real_output_takes_the_place_of_the_claimed_one() -> None:
    assert ran("print(4)", "4\n", output="5\n").output == "4\n"
    assert ran("x = 4", "", output="5\n").output is None


@pytest.mark.parametrize(
    ("source", "stdout", "expected"),
    [
        ("f(1)  # 3", "2\n", "f(1)  # 2\n"),
        ("f(1)  # -> 3", "2\n", "f(1)  # -> 2\n"),
        ("f(1)  # 3", "2\n3\n", "f(1)\n"),
        ("f(1)  # 3", "x" * 100, "f(1)\n"),
        (">>> f(1)\n3", "2\n", ">>> f(1)\n3\n"),
    ],
)
def test_a_false_comment_is_put_right_or_goes(source: str, stdout: str, expected: str) -> None:
    assert ran(source, stdout).source == expected


def test_an_output_in_the_text_is_short_and_says_what_is_missing() -> None:
    assert as_written("\n \n") is None
    written = as_written("".join(f"{number}\n" for number in range(100)))
    assert written is not None
    assert written.endswith("\n59\n... (40 more lines)\n")
    assert as_written("x" * 3000) == "x" * 1997 + "...\n"


def test_what_cannot_be_seen_is_written_out_in_an_output() -> None:
    assert as_written("a\u202eb\n") == "a\\u202eb\n"

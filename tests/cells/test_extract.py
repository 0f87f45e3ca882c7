"""Which blocks are cells, with which tags and claims, in the styles that people write."""

from __future__ import annotations

import pytest

from pipeline.cells.extract import ExtractedCell, defined_names, extract
from pipeline.document.fences import block, fences


def only(markdown: str) -> ExtractedCell:
    (cell,) = extract(markdown)
    return cell


def claims(source: str) -> list[tuple[int | None, str]]:
    return [(one.statement, one.text) for one in only(f"```python\n{source}\n```").claims]


def test_cells_are_numbered_in_order_through_the_text() -> None:
    found = extract("```python\na\n```\ntext\n~~~py\nb\n~~~\n```sh\nls\n```\n", "s1", first=4)
    assert [(c.index, c.section, c.language, c.source) for c in found] == [
        (4, "s1", "python", "a\n"),
        (5, "s1", "py", "b\n"),
        (6, "s1", "sh", "ls\n"),
    ]


@pytest.mark.parametrize(
    "info",
    [
        "python raises-exception slow",
        "{python raises-exception, slow}",
        "Python raises-exception slow",
    ],
)
def test_the_words_after_the_language_are_its_tags(info: str) -> None:
    cell = only(f"```{info}\nx\n```")
    assert (cell.language, cell.tags) == ("python", ("raises-exception", "slow"))


@pytest.mark.parametrize("info", ["text", "output", "text output", "console", ""])
def test_a_block_of_text_after_a_cell_is_its_claimed_output(info: str) -> None:
    cell = only(f"```python\nprint(1)\n```\n\n```{info}\n1\n```\n")
    assert cell.claimed == "1"
    assert cell.output is not None


def test_a_line_that_says_output_may_stand_between() -> None:
    assert only("```python\nprint(1)\n```\n\n**Output:**\n\n```\n1\n```\n").claimed == "1"


def test_a_block_of_text_elsewhere_is_neither_cell_nor_claim() -> None:
    text = "```text\nalone\n```\n```python\nx = 1\n```\nSome words.\n\n```text\na quotation\n```\n"
    assert only(text).claimed is None


def test_a_cell_inside_a_longer_fence_is_no_cell() -> None:
    assert [c.language for c in extract("````markdown\n```python\nx\n```\n````\n")] == ["markdown"]


def test_a_fence_that_is_never_closed_goes_to_the_end() -> None:
    (fence,) = fences("```python\nx = 1\n")
    assert (fence.body, fence.closed) == ("x = 1\n\n", False)


def test_a_cell_in_a_list_loses_the_indent_of_the_list() -> None:
    assert only("- item\n\n  ```python\n  if x:\n      y\n  ```\n").source == "if x:\n    y\n"


def test_backticks_inside_a_block_are_kept_by_a_longer_fence() -> None:
    assert block("text", "```\nx\n```\n") == ["````text", "```", "x", "```", "````"]


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

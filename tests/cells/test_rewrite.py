"""The real outputs stand in the article, and nothing else of it changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Rewritten = Callable[[str], str]


def test_an_output_is_put_after_a_cell_that_had_none(rewritten: Rewritten) -> None:
    assert rewritten("Before.\n\n```python\nprint(1)\n```\nAfter.\n") == (
        "Before.\n\n```python\nprint(1)\n```\n\n```text output\n1\n```\n\nAfter.\n"
    )


def test_a_false_output_gives_way_to_the_real_one(rewritten: Rewritten) -> None:
    assert rewritten("```python\nprint(2 + 2)\n```\n\n**Output:**\n\n```\n5\n```\n\nEnd.\n") == (
        "```python\nprint(2 + 2)\n```\n\n```text output\n4\n```\n\nEnd.\n"
    )


def test_an_output_that_was_claimed_and_did_not_come_goes(rewritten: Rewritten) -> None:
    text = rewritten("```python\nx = 1\n```\n\n```text\n1\n```\n\nEnd.\n")
    assert text == "```python\nx = 1\n```\n\nEnd.\n"


@pytest.mark.parametrize(
    ("line", "corrected"),
    [
        ("print(60 + 5)  # 66", "print(60 + 5)  # 65"),
        ("[4, 6]  # [4, 7]", "[4, 6]  # [4, 6]"),
        ("print('a b')  # -> a c", "print('a b')  # -> a b"),
        ("print(60 + 5)  # 65", "print(60 + 5)  # 65"),
        ("print(1, 2)  # the two", "print(1, 2)  # the two"),
    ],
)
def test_false_comments_are_corrected_in_place(
    rewritten: Rewritten, line: str, corrected: str
) -> None:
    assert f"```python\n{corrected}\nend = 0\n```" in rewritten(
        f"```python\n{line}\nend = 0\n```\n"
    )


def test_an_output_too_long_to_read_is_cut_and_says_so(rewritten: Rewritten) -> None:
    text = rewritten("```python\nfor i in range(1000): print(i)\n```\n")
    assert "59\n... (940 more lines)\n```" in text


def test_an_abbreviated_output_is_replaced_by_the_whole(rewritten: Rewritten) -> None:
    text = rewritten("```python\nprint(list(range(5)))\n```\n\n```text\n[0, 1, ...]\n```\n")
    assert "[0, 1, 2, 3, 4]" in text


def test_a_cell_that_did_not_run_keeps_what_the_text_says(rewritten: Rewritten) -> None:
    text = "```python\nimport no_such_package\n```\n\n```text\n42\n```\n"
    assert rewritten(text) == text


def test_checking_twice_changes_nothing_more(rewritten: Rewritten) -> None:
    text = "Words [[s0001]].\n\n- item\n\n  ```python\n  print('a')\n  3  # 4\n  ```\n\nEnd.\n"
    once = rewritten(text)
    assert "  ```text output\n  a\n  3\n  ```" in once
    assert rewritten(once) == once


def test_a_text_without_cells_is_left_alone(rewritten: Rewritten) -> None:
    text = "# Title\n\nWords, `code`, and\n\n```text\na quotation\n```\n\n![x](frame:f0001)\n"
    assert rewritten(text) == text


def test_output_with_fences_in_it_stays_in_its_block(rewritten: Rewritten) -> None:
    text = rewritten("```python\nprint('```\\n# not a heading\\n```')\n```\n")
    assert "````text output\n```\n# not a heading\n```\n````" in text


def test_the_partial_output_of_an_endless_cell_is_shown(rewritten: Rewritten) -> None:
    text = rewritten("```python\nprint('so far')\nimport os\nos.abort()\n```\n")
    assert "```text output\nso far\n```" in text

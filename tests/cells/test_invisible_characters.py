"""What no reader sees is shown in code and output, and taken out of prose."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.cells.report import CellReport
from tests.cells.conftest import cells


def test_code_that_looks_like_other_code_is_shown_as_it_is(
    run: Callable[..., CellReport],
) -> None:
    cell = run("level = 'user\u202e \u2066# admin\u2069 \u2066'\nprint(len(level))")
    assert cell.source.startswith("level = 'user\\u202e \\u2066# admin\\u2069 \\u2066'")
    assert cell.stdout == "17\n"


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\U000e0041"])
def test_hidden_characters_are_shown_in_output_result_and_error(
    run: Callable[..., CellReport], hidden: str
) -> None:
    written = hidden.encode("ascii", "backslashreplace").decode()
    cell = run(f"import sys\nprint('a{written}')\nsys.stderr.write('{written}')\n1 / 0")
    assert cell.stdout == f"a{written}\n"
    assert cell.stderr == written
    failed = run(f"raise ValueError('{written}')")
    assert failed.reason == f"ValueError: {written}"
    assert hidden not in failed.model_dump_json()


def test_no_half_of_a_pair_leaves_the_sandbox(run: Callable[..., CellReport]) -> None:
    for source in (
        "raise ValueError('\\ud800')",
        "class E(Exception): pass\nE.__name__ = '\\udc00x'\nraise E",
        "globals()['x\\ud800'] = 1\nopen('\\ud800')",
        "class R:\n    def __repr__(self): return '\\ud800'\nR()",
        "import os\nos.system('\\udc80')",
    ):
        cell = run(source)
        cell.model_dump_json().encode("utf-8")
        assert cell.status in ("failed", "blocked"), source


def test_the_rewritten_text_has_nothing_hidden(rewritten: Callable[[str], str]) -> None:
    text = rewritten("A\u202eB\n\n" + cells("print('\\u202e\\x00')"))
    assert text.startswith("AB\n")
    assert "```text output\n\\u202e\\x00\n```" in text

"""What no reader sees is shown in code and output, and taken out of prose."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from pipeline.cells.report import CellReport
from pipeline.text.invisible_characters import shown, unhidden
from tests.cells.conftest import cells

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
PERSIAN = "می\u200cخواهم"
HIDDEN = {
    "an override": "\u202e",
    "an isolate": "\u2066",
    "a zero-width space": "\u200b",
    "a byte order mark": "\ufeff",
    "a tag": "\U000e0041",
    "a selector that no character has": "\U000e01f0",
    "a letter without a form": "\u3164",
    "an escape": "\x1b",
    "a null": "\x00",
}


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
def test_a_hidden_character_is_written_out_in_code_and_gone_from_prose(hidden: str) -> None:
    written = shown(f"a{hidden}b")
    assert written.isprintable()
    assert ast.literal_eval(f"'{written}'") == f"a{hidden}b"
    assert unhidden(f"a{hidden}b") == "ab"


@pytest.mark.parametrize("text", [FAMILY, ENGLAND, PERSIAN, "שלום\u200f!", "❤\ufe0f", "a\tb\nc"])
def test_what_scripts_and_emoji_are_written_with_stays(text: str) -> None:
    assert shown(text) == unhidden(text) == text


def test_half_of_a_surrogate_pair_is_replaced() -> None:
    assert shown("a\ud800b") == unhidden("a\ud800b") == "a\ufffdb"


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

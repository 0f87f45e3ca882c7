"""Words as Markdown that shows exactly these words."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st
from markdown import markdown

from pipeline.document.escape import caption, escaped

SPECIALS = "ab 1.*_`<>[](){}#+-|~$&!\\=:\"'"


def shown(text: str) -> str:
    html = markdown(text, extensions=["tables", "fenced_code"])
    return unescape(re.sub(r"<[^>]+>", "", html)).strip()


def test_special_tokens_survive_as_they_are() -> None:
    assert "<|endoftext|>" in escaped("then comes <|endoftext|> and stops")
    assert shown(escaped("then comes <|endoftext|> and stops")) == (
        "then comes <|endoftext|> and stops"
    )


def test_identifiers_become_code() -> None:
    assert escaped("call get_stats and main() now") == "call `get_stats` and `main()` now"


@given(st.text(SPECIALS, min_size=1, max_size=30))
def test_whatever_is_said_is_what_is_shown(text: str) -> None:
    line = " ".join(text.split())
    assert " ".join(shown(escaped(line)).split()) == line


def test_a_line_that_looks_like_a_list_or_a_heading_is_neither() -> None:
    for line in ("1. first", "- minus", "# comment", "+ plus", "= is"):
        assert markdown(escaped(line)).startswith("<p>"), line


def test_a_caption_has_no_brackets_to_close_it_early() -> None:
    assert "[" not in caption("ids[1:]").replace("\\[", "")
    assert "]" not in caption("a ] b")

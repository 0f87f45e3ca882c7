"""Tokens in colours."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given

from minbpe import BasicTokenizer
from tests.minbpe.texts import texts


@given(texts)
def test_html_holds_every_id_and_the_text(text: str) -> None:
    tokenizer = BasicTokenizer()
    ids = tokenizer.encode(text, "none")
    html = tokenizer.visualise(ids)
    assert [int(idx) for idx in re.findall(r'title="(\d+)"', html)] == ids
    if text.isascii():
        shown = unescape(re.sub(r"<[^>]*>", "", html))
        assert shown == text.replace("\r", "␍").replace("\n", "↵\n")


def test_text_cannot_become_markup() -> None:
    html = BasicTokenizer().visualise(list(b"<b>&"))
    assert "<b>" not in html
    assert "&lt;" in html


def test_part_of_a_character_is_shown_as_its_bytes() -> None:
    assert "\\xf0" in BasicTokenizer().visualise([0xF0])


def test_neighbours_differ_in_colour() -> None:
    colours = re.findall(r"background:(#\w+)", BasicTokenizer().visualise(list(b"abcdefg")))
    assert all(one != other for one, other in pairwise(colours))


def test_a_terminal_line_ends_without_a_background() -> None:
    shown = BasicTokenizer().visualise([97, 10, 98], "terminal")
    assert all(line.endswith("\x1b[0m") for line in shown.split("\n"))
    assert re.sub(r"\x1b\[[\d;]*m", "", shown) == "a↵\nb"


def test_special_tokens_are_shown_and_unknown_ids_named() -> None:
    tokenizer = BasicTokenizer()
    tokenizer.register_special_tokens({"<|end|>": 300})
    assert "&lt;|end|&gt;" in tokenizer.visualise([300])
    with pytest.raises(ValueError, match="301"):
        tokenizer.visualise([301])


def test_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="form is 'pdf'"):
        BasicTokenizer().visualise([97], "pdf")  # type: ignore[arg-type]

"""Spoken words as a text of a document: exactly these words, code among them as code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document.blocks import Paragraph
from pipeline.document.inline import words_of, write
from pipeline.document.parse import parse
from pipeline.document.runs import tidied
from pipeline.document.serialise import serialise
from pipeline.writing.transcript_edition.inline_code import spoken_runs
from tests.document.documents import ALIKE

SPECIALS = "ab 1.*_`<>[](){}#+-|~$&!\\=:\"'"


def text(words: str) -> str:
    return write(tidied(spoken_runs(words)))


def test_special_tokens_and_identifiers_become_code() -> None:
    said = "call get_stats and main() before <|endoftext|> stops"
    assert text(said) == "call `get_stats` and `main()` before `<|endoftext|>` stops"


@pytest.mark.parametrize(
    "said", ["at https://a.b/c_d_e, or", "www.a.org/c_d now", "mail a_b@c-d.de please"]
)
def test_an_address_is_no_code(said: str) -> None:
    assert [one.kind for one in spoken_runs(said)] == ["text"]


def test_two_pieces_of_code_that_touch_are_one() -> None:
    assert text("<|im_start|><|im_end|> it is") == "`<|im_start|><|im_end|>` it is"


@pytest.mark.parametrize(
    "said", ["1. first", "- minus", "# comment", "+ plus", "= is", "```sh is typed", "> more"]
)
def test_a_line_that_looks_like_another_block_is_a_paragraph(said: str) -> None:
    (block,) = parse(serialise([Paragraph(text=text(said))]))
    assert isinstance(block, Paragraph)
    assert words_of(block.text) == said


@ALIKE
@given(st.text(SPECIALS, max_size=30) | st.text(max_size=20))
def test_whatever_is_said_is_what_is_shown(said: str) -> None:
    shown = words_of(text(said))
    assert shown == words_of(write(tidied(spoken_runs(shown))))
    if said.isascii() and said.isprintable():
        assert shown == " ".join(said.split())

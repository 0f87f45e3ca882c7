"""Writing blocks: what is written is Markdown that any reader takes as it is meant."""

from __future__ import annotations

import pytest

from pipeline.document.blocks import Cell, Figure, Heading, List, Listing, Paragraph
from pipeline.document.inline import from_words
from pipeline.document.parse import parse
from pipeline.document.serialise import serialise


@pytest.mark.parametrize(
    "words",
    [
        *("# no", "1. no", "12) no", "- no", "+ no", "> no", "---", "===", "~~~", "| a |"),
        *("a\tb #", "[x]: http://a.b", "[^1]: no", "    four spaces", "$$", "\\[", "![a](b)"),
        "\\begin{align}",
    ],
)
def test_words_that_look_like_a_block_are_a_paragraph(words: str) -> None:
    block = Paragraph(text=from_words(words))
    assert parse(serialise([block])) == (block,)


def test_lists_that_touch_stay_apart_and_empty_items_are_no_line() -> None:
    one = List(items=((Paragraph(text="a"),),))
    deep = List(items=((List(items=((List(items=((),)),),)),),))
    for blocks in ((one, one, one), (deep,), (List(ordered=True, items=((),)),) * 2):
        assert parse(serialise(blocks)) == blocks


def test_a_short_list_is_written_without_empty_lines() -> None:
    inner = List(items=((Paragraph(text="b"),),))
    block = List(
        ordered=True, start=7, items=((Paragraph(text="a"), inner), (Paragraph(text="c"),))
    )
    assert serialise([block]) == "7. a\n   - b\n8. c\n"


def test_a_fence_is_longer_than_any_in_it() -> None:
    block = Listing(source="````\nx\n````\n")
    assert serialise([block]).startswith("`````text\n")
    assert parse(serialise([block])) == (block,)


def test_a_cell_is_followed_by_its_output_its_pictures_and_its_citations() -> None:
    cell = Cell(
        id="cell-1",
        language="python",
        tags=("excerpt",),
        source="plot()",
        output="<plot>",
        pictures=("pictures/a.png", "pictures/b.png"),
        citations=parse("x [[s0001-s0002]]")[0].citations,
    )
    assert serialise([cell]) == (
        "```python excerpt\nplot()\n```\n\n```text output\n<plot>\n```\n\n"
        "![Picture 1 drawn by the code above](pictures/a.png)\n\n"
        "![Picture 2 drawn by the code above](pictures/b.png)\n\n[[s0001-s0002]]\n"
    )
    assert parse(serialise([cell])) == (cell,)


def test_direction_and_invisible_characters_show_in_code_and_are_gone_from_text() -> None:
    cell = Cell(id="a", language="python", source='x = "\u202e\u2066"  # \u200b\x1b')
    text = Paragraph(text="a\u202eb")
    assert serialise([cell, text]) == (
        '```python\nx = "\\u202e\\u2066"  # \\u200b\\x1b\n```\n\nab\n'
    )


def test_a_heading_may_end_in_a_mark_and_begin_with_a_number() -> None:
    for text in ("C #", "1. First", "#", "C#"):
        block = Heading(level=3, text=text)
        assert parse(serialise([block])) == (block,)
    assert serialise([Heading(level=3, text="1. First")]) == "### 1. First\n"


def test_a_caption_may_hold_a_bracket() -> None:
    for caption in ("a] b", "a [ b", "x[0] and [l](http://a.b)"):
        block = Figure(frame="f1", caption=caption)
        assert parse(serialise([block])) == (block,)


def test_nothing_is_an_empty_text() -> None:
    assert serialise([]) == ""
    assert parse("\n\n") == ()

"""The document in the elements of pandoc's JSON."""

from __future__ import annotations

from typing import Any

from pipeline.document.blocks import AnyBlock, Heading, Paragraph
from pipeline.render.formats.pandoc_blocks import NO_ATTRIBUTES, PandocBlocks, text_of

BYTE_PAIRS = [{"t": "Str", "c": "Byte"}, {"t": "Space"}, {"t": "Str", "c": "pairs"}]


def converted(*blocks: AnyBlock) -> list[dict[str, Any]]:
    return PandocBlocks({}, lambda figure: None, lambda path: None).blocks(blocks)


def test_words_have_a_space_between_them_and_none_before() -> None:
    assert text_of(" Byte  pairs") == BYTE_PAIRS
    assert text_of("") == []


def test_a_paragraph_and_a_heading_are_elements_of_their_kind() -> None:
    assert converted(Paragraph(text="Byte pairs")) == [{"t": "Para", "c": BYTE_PAIRS}]
    assert converted(Heading(text="Byte pairs", level=3)) == [
        {"t": "Header", "c": [2, NO_ATTRIBUTES, BYTE_PAIRS]}
    ]


def test_a_paragraph_that_only_cites_is_left_out() -> None:
    assert converted(Paragraph(text="")) == []

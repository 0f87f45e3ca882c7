"""What is written is read back as the same, and whatever is read keeps its words."""

from __future__ import annotations

import re

from hypothesis import given

from pipeline.document.blocks import AnyBlock, Paragraph
from pipeline.document.inline import canonical, from_words, words_of
from pipeline.document.parse import parse
from pipeline.document.serialise import serialise
from tests.document.documents import ALIKE, DOCUMENTS, MARKDOWN
from tests.shared import shared


@ALIKE
@given(DOCUMENTS)
def test_a_document_reads_back_as_it_was_written(blocks: tuple[AnyBlock, ...]) -> None:
    assert parse(serialise(blocks)) == blocks


@ALIKE
@given(MARKDOWN)
def test_any_text_has_one_form_and_loses_no_word(text: str) -> None:
    blocks = parse(text)
    assert parse(serialise(blocks)) == blocks
    kept = "".join(block.model_dump_json() for block in blocks)
    assert [word for word in re.findall(r"w\d+q", text) if word not in kept] == []


@ALIKE
@given(MARKDOWN)
def test_the_canonical_form_of_a_text_is_its_own(text: str) -> None:
    form = canonical(text)
    assert canonical(form) == form
    assert words_of(form) == words_of(text)


@ALIKE
@given(MARKDOWN)
def test_words_show_exactly_as_they_are(text: str) -> None:
    # A broken line of Chinese goes on without a space, so that only the letters are compared.
    visible = "".join(text.replace("\u202e", "").split())
    assert "".join(words_of(from_words(text)).split()) == visible
    # Also where a paragraph begins with what would begin another block.
    read = parse(serialise([Paragraph(text=from_words(text))] if visible else []))
    shown = "".join(words_of(one.text) for one in read if isinstance(one, Paragraph))
    assert "".join(shown.split()) == visible


def test_the_torture_texts_keep_their_form() -> None:
    for name in ("markdown/torture.md", "cells/listcode.md", "cells/quotecode.md"):
        blocks = parse(shared(f"cases/{name}").read_text())
        assert parse(serialise(blocks)) == blocks

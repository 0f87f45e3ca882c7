"""A model's reply becomes the blocks of a chunk, and no word of it is lost."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given

from pipeline.document.blocks import AnyBlock, Figure, Heading, Paragraph
from pipeline.document.parse import parse
from pipeline.document.serialise import serialise
from pipeline.document.walk import cells, cited, figures, prose_of, walk
from pipeline.writing.checks.block_text import everything_in
from pipeline.writing.checks.cleaning import cleaned
from pipeline.writing.replies.reply_cleanup import read_reply
from tests.document.documents import ALIKE, MARKDOWN
from tests.writing.checks.test_chunk import GOOD, material


def read(reply: str) -> tuple[AnyBlock, ...]:
    return read_reply(reply, material())


def marked(text: str) -> list[str]:
    return sorted(re.findall(r"w\d+q", text))


@ALIKE
@given(MARKDOWN)
def test_no_word_of_a_reply_is_lost(reply: str) -> None:
    blocks = read(reply)
    kept = "".join(block.model_dump_json() for block in blocks)
    assert [word for word in marked(reply) if word not in kept] == []
    plain = parse(reply, (), [segment.id for segment in material().chunk.segments])
    assert marked(everything_in(blocks)) == marked(everything_in(plain))


@ALIKE
@given(MARKDOWN)
def test_cleaning_loses_no_word_but_captions_and_addresses(reply: str) -> None:
    blocks = read(reply)
    clean = cleaned(blocks, material())
    captions = " ".join(prose_of([one]) for one in figures(blocks))
    gone = marked(captions) + re.findall(r"https?://\S*", everything_in(blocks))
    left = set(marked(everything_in(blocks))) - set(marked(everything_in(clean)))
    assert all(word in " ".join(gone) for word in left)
    assert parse(serialise(clean), [cell.id for cell in cells(clean)]) == clean


def test_a_reply_within_a_fence_of_markdown_is_the_markdown_in_it() -> None:
    for opening in ("```markdown", "```md", "````text"):
        assert read(f"{opening}\n{GOOD}{opening[:4].rstrip('mt')}\n") == read(GOOD)


def test_tags_around_a_reply_are_no_part_of_it() -> None:
    for framed in (f"<speech>\n{GOOD}\n</speech>", f"{GOOD}\n</speech>\n"):
        assert read(framed) == read(GOOD)


def test_markdown_that_the_lecture_shows_stays_a_cell() -> None:
    shown = f"{GOOD}\n```markdown\n# A title [[s0001]]\n```\n"
    assert [cell.language for cell in cells(read(shown))] == ["markdown"]


def test_a_title_said_again_goes_and_headings_have_one_level() -> None:
    blocks = read(f"# Pairs\n\n{GOOD}\n\n- # Inside a list\n\n## Last\n\nText.")
    found = [one for one in walk(blocks) if isinstance(one, Heading)]
    assert [(one.level, one.text) for one in found] == [
        (3, "How far to go"),
        (3, "Inside a list"),
        (3, "Last"),
    ]


@pytest.mark.parametrize(
    "loose",
    ["[s0002]", "[[s2]]", "[[S0002]]", "[[s0002–s0003]]", "[[s0002, s0003]]", "[[s2]] [[s0003]]"],
)
def test_citations_are_read_as_models_write_them(loose: str) -> None:
    (block,) = read(f"Text. {loose}")
    assert block.citations[0].first == "s0002"
    assert prose_of([block]) == "Text."


def test_a_figure_within_a_paragraph_stands_after_it() -> None:
    first, second = read('See ![a slide](frame:f0001 "it is big") here. [[s0001]]')
    assert isinstance(first, Paragraph) and first.text == "See here."
    assert isinstance(second, Figure) and second.caption == "a slide it is big"


def test_inline_backticks_open_no_fence_and_money_is_no_formula() -> None:
    reply = "```sh -c``` costs $5 and 10 US$ in $HOME. [[s0001]]\n\nAfter it. [[s0002]]"
    first, second = read(reply)
    assert prose_of([first]) == "sh -c costs $5 and 10 US$ in $HOME."
    assert not cells([first, second])


def test_cells_are_numbered_from_birth_in_their_part() -> None:
    listed = "1. First:\n\n   ```python\n   x = 1\n   ```\n\n> ```python\n> y = 2\n> ```\n"
    assert [(cell.id, cell.source) for cell in cells(read(listed))] == [
        ("sec01-1-1", "x = 1\n"),
        ("sec01-1-2", "y = 2\n"),
    ]


def test_a_citation_that_reaches_back_is_cut_to_where_the_last_one_began() -> None:
    blocks = read("One. [[s0002]]\n\n- Two. [[s0001-s0003]]\n\nThree. [[s0001]]")
    assert [one.ids for block in blocks for one in cited(block)] == [
        "s0002",
        "s0002-s0003",
        "s0001",
    ]


def test_what_a_passage_cites_as_said_again_later_cuts_nothing() -> None:
    blocks = read("It counts. [[s0001]] [[s0003]]\n\nIt merges. [[s0002-s0003]]\n")
    assert [one.ids for block in blocks for one in cited(block)] == [
        "s0001",
        "s0003",
        "s0002-s0003",
    ]


def test_a_citation_of_minutes_becomes_several_but_below_a_table() -> None:
    own = material()
    long = tuple(
        segment.model_copy(update={"start_ms": n * 60_000, "end_ms": (n + 1) * 60_000})
        for n, segment in enumerate(own.chunk.segments)
    )
    own = replace(own, chunk=replace(own.chunk, segments=long))
    table = "| a | b |\n| --- | --- |\n| c | d |\n\n[[s0001-s0003]]\n"
    text = "A text. [[s0001-s0003]]\n"
    made = [[one.ids for one in cited(read_reply(reply, own)[0])] for reply in (text, table)]
    assert made == [["s0001-s0002", "s0003"], ["s0001-s0003"]]
    assert serialise(read_reply(text, material())) == text

"""Drafts become the sections of an article: nothing twice, every cell with an id of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pipeline.document.article import Article
from pipeline.document.outline import Outline
from pipeline.document.parse import parse
from pipeline.document.serialise import serialise
from pipeline.document.walk import cells
from pipeline.models import Usage
from pipeline.writing.assembly import Draft, assemble, report_of, without_repeats
from pipeline.writing.chunks import Chunk
from tests.writing import lecture
from tests.writing.checks.test_chunk import material

CELL = "```python\nx = 1\n```\n"
SAID = "We count every pair of neighbours in the list and replace the most frequent of them."


def draft(markdown: str, section: int = 0, name: str = "c") -> Draft:
    own = material()
    chunk = Chunk(section, 0, 1, own.chunk.segments, 60, 40, 1, 1)
    blocks = parse(markdown, [f"{name}-{n}" for n in range(1, 9)])
    return Draft(replace(own, chunk=chunk), blocks)


def put_together(
    *drafts: Draft, edited: Mapping[int, str] | None = None, outline: Outline | None = None
) -> Article:
    pieces = lecture.segments(8).segments
    return assemble(
        outline or lecture.outline(8, 4),
        (pieces[:4], pieces[4:]),
        drafts,
        edited or {},
        "scripted",
        Usage(),
    )


def test_a_sections_text_is_its_blocks() -> None:
    article = put_together(draft(f"One. [[s0001]]\n\n{CELL}"), draft("Two. [[s0002]]\n"))
    first, second = article.sections
    assert (
        first.markdown == serialise(first.blocks) == f"One. [[s0001]]\n\n{CELL}\nTwo. [[s0002]]\n"
    )
    assert (second.markdown, second.blocks) == ("", ())


def test_every_cell_has_an_id_of_its_own() -> None:
    listed = "- A\n\n  ```python\n  y = 2\n  ```\n"
    article = put_together(draft(CELL, 0), draft(listed, 1), edited={})
    ids = [cell.id for section in article.sections for cell in cells(section.blocks)]
    assert ids == ["c-1", "sec02-again-1"]


def test_an_edited_section_stands_as_it_is() -> None:
    text = "### Pairs\n\nMy   own words.\n\n### Pairs\n\nMore.\n"
    article = put_together(draft("### Pairs\n\nTheirs.\n", 1), edited={0: text})
    assert article.sections[0].markdown == text
    assert article.sections[1].markdown == "Theirs.\n"


def test_a_heading_stands_once_in_the_chapter_and_keeps_its_citation() -> None:
    article = put_together(
        draft("Text.\n\n### Pairs [[s0001]]\n\nOne.\n"),
        draft("> ### PAIRS [[s0005]]\n>\n> Two.\n", 1),
    )
    assert article.sections[0].markdown == "Text.\n\n### Pairs [[s0001]]\n\nOne.\n"
    assert article.sections[1].markdown == "> [[s0005]]\n>\n> Two.\n"


def test_a_paragraph_that_was_written_twice_stands_once() -> None:
    first, second = without_repeats(
        [draft(f"{SAID} [[s0001]]"), draft(f"- {SAID} [[s0002]]\n\nNew. [[s0002]]")]
    )
    assert serialise(first.blocks).startswith(SAID)
    assert serialise(second.blocks) == "New. [[s0002]]\n"


def test_code_in_a_passage_said_twice_stays() -> None:
    again = draft(f"- {SAID}\n\n  ```python\n  x = 1\n  ```\n")
    assert without_repeats([draft(SAID), again])[1] == again


def test_the_report_counts_words_citations_and_figures_at_any_depth() -> None:
    drafts = [draft("- Two words [[s0001]]\n\n  ```python\n  # [[s0002]]\n  ```\n> Two more.\n")]
    article = put_together(*drafts)
    pieces = lecture.segments(8).segments
    found = report_of(article, (pieces[:4], pieces[4:]), drafts).sections[0]
    assert (found.words_out, found.citations_checked, found.figures_checked) == (4, 1, 0)

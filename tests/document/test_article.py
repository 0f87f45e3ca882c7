"""A section is its blocks and the same as text."""

from __future__ import annotations

from pipeline.document.article import Article, Section, section_file, with_edits
from pipeline.document.blocks import Cell, Figure, Paragraph
from pipeline.document.walk import cells

TEXT = "One. [[s0001]]\n\n```python\na = 1\n```\n\n![c](frame:f0001)\n"

ARTICLE = Article(
    title="A lecture",
    edition="transcript",
    sections=tuple(
        Section(
            id=f"sec0{n}",
            title=title,
            start_ms=0,
            end_ms=1,
            markdown=f"Text of {title}. [[s0001]]\n",
            segments=("s0001",),
        )
        for n, title in enumerate(["First", "Second"], start=1)
    ),
)


def section(markdown: str = TEXT, name: str = "sec01") -> Section:
    return Section(id=name, title="T", start_ms=0, end_ms=9, markdown=markdown, segments=("s0001",))


def test_a_section_of_an_older_file_gets_blocks_from_its_text() -> None:
    kinds = [block.kind for block in section().blocks]
    assert kinds == ["paragraph", "cell", "figure"]
    assert [cell.id for cell in cells(section().blocks)] == ["sec01-1"]
    assert [cell.id for cell in cells(section(name="my part/ü").blocks)] == ["my-part-1"]


def test_blocks_are_written_to_the_file_and_read_from_it() -> None:
    changed = section().with_blocks([
        Cell(id="kept", language="python", source="b = 2"),
        Paragraph(text="Two.", moment_ms=5),
    ])  # fmt: skip
    again = Section.model_validate_json(changed.model_dump_json())
    assert again == changed
    assert again.blocks[0] == Cell(id="kept", language="python", source="b = 2\n")
    assert again.markdown == "```python\nb = 2\n```\n\nTwo.\n"


def test_figures_follow_the_blocks() -> None:
    changed = section().with_blocks([Figure(frame="f0002"), Figure(frame="f0003")])
    assert changed.figures == ("f0002", "f0003")


def test_an_edited_text_keeps_the_ids_of_cells_that_stayed() -> None:
    edited = section().with_markdown("```python\nnew = 0\n```\n\n" + TEXT)
    assert [cell.id for cell in cells(edited.blocks)] == ["sec01-2", "sec01-1"]
    assert edited.markdown.startswith("```python\nnew = 0\n")


def test_file_names_are_safe_everywhere() -> None:
    assert section_file(2, 'Über "regex": <|endoftext|>?') == "sections/02-uber-regex-endoftext.md"
    assert section_file(3, "字节对编码") == "sections/03-字节对编码.md"
    assert len(section_file(1, "long " * 60)) < 80


def test_the_text_of_an_edited_section_replaces_its_own() -> None:
    text = "My own words. [[s0001]]\n\n![Slide](frame:f0007)\n"
    article = with_edits(ARTICLE, {"sections/02-second.md": text})
    assert article.sections[0] == ARTICLE.sections[0]
    assert article.sections[1].markdown == text
    assert article.sections[1].figures == ("f0007",)

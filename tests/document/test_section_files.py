"""Section files and what a person changed in them."""

from __future__ import annotations

from pipeline.document.article import Article, Section
from pipeline.document.section_files import section_file, with_edits

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

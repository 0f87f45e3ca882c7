"""Figures show the content of their screens; what a user has set stays."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from pipeline.document.article import Article, Section
from pipeline.models import Box
from pipeline.writing.figure_crops import with_crops
from pipeline.writing.screen_images import picture_of
from tests.writing.transcript_edition.lectures import frame

CONTENT = Box(x=0, y=100, width=800, height=500)
FRAMES = [frame("f1", 0, 1000).model_copy(update={"crop": CONTENT}), frame("f2", 1000, 2000)]


def test_a_model_sees_the_content_and_never_more_than_the_picture(tmp_path: Path) -> None:
    (tmp_path / "screens" / "frames").mkdir(parents=True)
    Image.new("RGB", (1280, 720)).save(tmp_path / "screens" / "frames" / "f1.webp")
    sent = picture_of(tmp_path, FRAMES[0], 2000)
    assert (sent.width, sent.height) == (800, 500)
    beyond = FRAMES[0].model_copy(update={"crop": Box(x=0, y=0, width=10**6, height=10**6)})
    assert picture_of(tmp_path, beyond, 2000).width == 1280


def article(*texts: str) -> Article:
    sections = [
        Section(
            id=f"sec{n}", title="T", start_ms=0, end_ms=1, markdown="", segments=()
        ).with_markdown(text)
        for n, text in enumerate(texts)
    ]
    return Article(title="T", edition="llm", sections=tuple(sections))


def test_a_figure_shows_the_content_of_its_screen_also_inside_a_list() -> None:
    made = with_crops(article("![One](frame:f1)\n\n- a\n\n  ![Two](frame:f1)\n"), FRAMES)
    assert made.sections[0].markdown.count("(frame:f1#xywh=0,100,800,500)") == 2


def test_screens_that_are_all_content_and_unknown_ones_stay() -> None:
    text = "![Two](frame:f2)\n\n![Gone](frame:f9)\n"
    assert with_crops(article(text), FRAMES).sections[0].markdown == text


def test_a_part_that_is_named_and_a_section_edited_by_hand_stay() -> None:
    named = "![One](frame:f1#xywh=1,2,3,4)\n"
    made = with_crops(article(named, "![One](frame:f1)\n"), FRAMES, edited={1})
    assert [one.markdown for one in made.sections] == [named, "![One](frame:f1)\n"]

"""Captions built from what is on the screen."""

from __future__ import annotations

import pytest

from pipeline.i18n.transcript_edition import edition_words
from pipeline.models import Box, Frame, ScreenLine
from pipeline.writing.transcript_edition.figure_captions import FigureCaptions
from tests.writing.transcript_edition.lectures import frame, lecture

MENU = "Safari File Edit View History Bookmarks Window Help"


def captions(*frames: Frame, speech: str = "we count", language: str = "en") -> list[str]:
    segments, _ = lecture([speech] * 10, frames)
    maker = FigureCaptions(segments, edition_words(language))
    return [maker.caption(one) for one in frames]


def test_a_slide_is_named_by_its_title() -> None:
    slide = frame("f1", 0, 1000, "Why not just bytes?\n256 of them")
    assert captions(slide) == ["Slide: “Why not just bytes?”"]


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("de", "Folie: „Why bytes?“"),
        ("fr", "Diapositive\u00a0: «\u00a0Why bytes?\u00a0»"),
        ("ja", "スライド：「Why bytes?」"),
        ("zh-TW", "投影片：「Why bytes?」"),
        ("zh", "幻灯片：“Why bytes?”"),
        ("ru", "Слайд: «Why bytes?»"),
    ],
)
def test_a_title_stands_in_the_languages_own_quotation_marks(language: str, wanted: str) -> None:
    assert captions(frame("f1", 0, 1000, "Why bytes?\n256"), language=language) == [wanted]


def test_code_is_named_by_its_definition_and_never_twice_alike() -> None:
    text = "x.py\ndef get_stats(ids, counts=None):\n    pass\ndef merge(ids):\n    pass"
    first = frame("f1", 0, 1000, text, kind="code")
    second = frame("f2", 1000, 2000, text, kind="code")
    assert captions(first, second) == [
        "Code: def get_stats(ids, counts=None)",
        "Code: def merge(ids)",
    ]


def test_a_window_is_named_by_the_line_that_the_lecturer_talks_about() -> None:
    text = f"{MENU}\nen.wikipedia.org\nFrom the free library\nByte pair encoding\nTools and links"
    window = frame("f1", 0, 1000, text)
    caption = captions(window, speech="the byte pair encoding algorithm")[0]
    assert caption == "Screen (en.wikipedia.org): “Byte pair encoding”"


@pytest.mark.parametrize(("confidence", "site"), [(0.99, " (github.com)"), (0.94, "")])
def test_a_site_is_named_only_where_its_address_is_read_surely(
    confidence: float, site: str
) -> None:
    text = f"{MENU}\ngithub.com\nByte pair encoding of text"
    box = Box(x=0, y=0, width=100, height=20)
    lines = tuple(
        ScreenLine(text=line, box=box, confidence=confidence) for line in text.splitlines()
    )
    window = frame("f1", 0, 1000, text).model_copy(update={"lines": lines})
    caption = captions(window, speech="the byte pair encoding of text")[0]
    assert caption == f"Screen{site}: “Byte pair encoding of text”"


def test_menus_and_tabs_are_never_a_caption() -> None:
    frames = [
        frame(f"f{n}", n * 1000, n * 1000 + 900, f"{MENU}\nmy first tab\nlocalhost\n{'ab' * n}cd")
        for n in range(6)
    ]
    for caption in captions(*frames, speech="the first tab and its menu"):
        assert "Bookmarks" not in caption
        assert "tab" not in caption


def test_a_screen_without_text_is_named_by_its_time() -> None:
    silent = frame("f1", 60_000, 66_000)
    assert captions(silent) == ["The screen at 1:00"]
    assert captions(silent, language="de-AT") == ["Der Bildschirm bei 1:00"]


def test_a_long_line_is_cut_at_a_word() -> None:
    text = f"def long({', '.join('name' + str(n) for n in range(40))}):"
    caption = captions(frame("f1", 0, 1000, text, kind="code"))[0]
    assert len(caption) < 110
    assert caption.endswith(" …")

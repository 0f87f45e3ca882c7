"""What on a screen belongs to the windows."""

from __future__ import annotations

from pipeline.models import Box, ScreenLine
from pipeline.writing.transcript_edition.window_chrome import WindowChrome
from tests.writing.transcript_edition.lectures import frame

MENU = "Safari File Edit View History Bookmarks Window Help"


def test_menus_addresses_and_shared_tabs_are_no_content() -> None:
    frames = [
        frame(
            f"f{n}",
            1000 * n,
            1000 * n + 1000,
            f"{MENU}\nen.wikipedia.org\nmy first tab {n}\nmerge number {n} {w}",
        )
        for n, w in enumerate(["one", "two", "three", "four", "five"])
    ]
    chrome = WindowChrome(frames)
    assert chrome.in_window(frames[0])
    assert chrome.host(frames[0]) == "en.wikipedia.org"
    assert not any("tab" in line or "File" in line for line in chrome.content(frames[0]))


def test_a_slide_is_all_content() -> None:
    slide = frame(
        "f1", 0, 1000, "Why not just bytes?\n256 tokens\nsee example.org for the paper and more"
    )
    chrome = WindowChrome([slide])
    assert len(chrome.content(slide)) == 3
    assert not chrome.in_window(slide)
    assert chrome.host(slide) is None


def test_an_address_is_found_where_a_column_below_it_comes_first_in_the_text() -> None:
    placed = [(MENU, 0, 0), ("rivers.app", 586, 24), ("A tool of the others", 20, 300)]
    lines = tuple(
        ScreenLine(text=text, box=Box(x=x, y=y, width=100, height=19), confidence=1)
        for text, x, y in placed
    )
    text = "\n".join([MENU, "a", "b", "My first tab", "A tool of the others", "rivers.app"])
    shown = frame("f1", 0, 1000, text).model_copy(update={"lines": lines})
    assert WindowChrome([shown]).host(shown) == "rivers.app"
    low = lines[1].model_copy(update={"box": Box(x=586, y=300, width=100, height=19)})
    shown = shown.model_copy(update={"lines": (lines[0], low)})
    assert WindowChrome([shown]).host(shown) is None

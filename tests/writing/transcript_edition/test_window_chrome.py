"""What on a screen belongs to the windows."""

from __future__ import annotations

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

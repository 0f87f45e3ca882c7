"""A screen's text without the window around it."""

from __future__ import annotations

from pipeline.models import Frame
from pipeline.writing.screen_text import shown_text, window_of

CODE = (
    "def merge(ids, pair, idx):\n    i = 0\n    while i < len(ids):\n        i += 2\n    return ids"
)


def frames(count: int) -> list[Frame]:
    return [
        Frame(
            id=f"f{number:04d}",
            at_ms=number,
            start_ms=number,
            end_ms=number + 1,
            path="x",
            width=1,
            height=1,
            kind="code",
            text=f"Safari File Edit View History Help\n   My Notebook    tab {number}\n{CODE}",
        )
        for number in range(count)
    ]


def test_menus_and_what_recurs_at_the_edge_go() -> None:
    shown = frames(8)
    assert shown_text(shown[0].text, window_of(shown), 1000) == CODE


def test_code_stays_however_often_it_recurs() -> None:
    shown = frames(20)
    assert "        i += 2" in shown_text(shown[3].text, window_of(shown), 1000)


def test_a_long_screen_is_cut_at_a_line_end() -> None:
    text = "\n".join(f"line number {number} of the screen" for number in range(50))
    cut = shown_text(text, window_of([]), 100)
    assert cut.endswith("\n[...]")
    assert all(line in text for line in cut.splitlines()[:-1])


def test_where_there_is_no_room_for_all_the_code_comes_first() -> None:
    tabs = "colab.research.google.com\n   Tokenization - Jupyter Notebook   gpt-dev.ipynb\n"
    cut = shown_text(tabs * 3 + CODE, window_of([]), 60)
    assert cut.startswith("[...]\ndef merge(ids, pair, idx):\n    i = 0\n")
    assert shown_text(tabs + CODE, window_of([]), 1000).startswith("colab")

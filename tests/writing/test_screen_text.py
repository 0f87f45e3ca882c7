"""A screen's text without the window around it, and cut to what matters."""

from __future__ import annotations

from pipeline.models import Frame
from pipeline.writing.screen_text import ScreenTexts

CODE = (
    "def merge(ids, pair, idx):\n    i = 0\n    while i < len(ids):\n        i += 2\n    return ids"
)


def screens(*texts: str) -> list[Frame]:
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
            text=text,
        )
        for number, text in enumerate(texts)
    ]


def last_shown(*texts: str, longest: int, said: str = "") -> str:
    """The text of the last of these screens."""
    frames = screens(*texts)
    return ScreenTexts(frames).shown(frames[-1], longest, said)


def windows(count: int) -> list[str]:
    menu = "Safari File Edit View History Help"
    return [f"{menu}\n   My Notebook    tab {number}\n{CODE}" for number in range(count)]


def test_menus_and_what_recurs_at_the_edge_go() -> None:
    assert last_shown(*windows(8), longest=1000) == CODE


def test_code_stays_however_often_it_recurs() -> None:
    assert "        i += 2" in last_shown(*windows(20), longest=1000)


def test_a_long_screen_is_cut_at_a_line_end() -> None:
    text = "\n".join(f"line number {number} of the screen" for number in range(50))
    cut = last_shown(text, longest=100)
    assert cut.endswith("\n[...]")
    assert all(line in text for line in cut.splitlines()[:-1])


def test_where_there_is_no_room_for_all_the_code_comes_first() -> None:
    tabs = "colab.research.google.com\n   Tokenization - Jupyter Notebook   gpt-dev.ipynb\n"
    cut = last_shown(tabs * 3 + CODE, longest=75)
    assert cut == f"[...]\n{CODE}"
    assert last_shown(tabs + CODE, longest=1000).startswith("colab")


def test_of_a_growing_screen_what_is_new_stays() -> None:
    old = "\n".join(f"total_{number} = count({number})" for number in range(30))
    new = 'pattern = compile("a|b")\nprint(pattern.findall("abc"))'
    cut = last_shown(old, f"{old}\n{new}", longest=120)
    assert cut.startswith("[...]\ntotal_")
    assert cut.endswith(new)


def test_of_a_page_the_passage_stays_that_is_spoken_of() -> None:
    page = [f"Sentence {number} of the paper is about something else." for number in range(40)]
    page[30] = "Common words like dog occur in many variations."
    said = "suppose that you have common words like dog with all their variations"
    assert page[30] in last_shown("\n".join(page), longest=200, said=said)
    assert page[30] not in last_shown("\n".join(page), longest=200)


def test_a_tab_bar_that_was_read_differently_is_nothing_new() -> None:
    old = "\n".join(f"total_{number} = count({number})" for number in range(12))
    before = f"Tokenization - Jupyter Notebook    regex PyPI    Regex Tutorial - Unicode\n{old}"
    after = (
        f"Tokenizatin -Jupyte otbok    regex PyP    Regex Tutoriat-Unicode\n{old}\nprint(total_3)"
    )
    said = "the regex tutorial has the unicode tables, and here the total is printed"
    cut = last_shown(before, after, longest=80, said=said)
    assert "Tutoriat" not in cut
    assert cut.endswith("print(total_3)")


def test_bars_above_code_go_and_columns_of_a_slide_stay() -> None:
    bar = "Notebook    regex PyPI    Regex Tutorial"
    frame = screens(f"{bar}\n{CODE}")[0]
    assert ScreenTexts([frame]).shown(frame, 1000) == CODE
    slide = frame.model_copy(update={"kind": "slide"})
    assert "Tutorial" in ScreenTexts([slide]).shown(slide, 1000)


def test_code_stands_at_the_edge_however_far_left_a_tab_bar_begins() -> None:
    indented = "\n".join(f"{' ' * 20}{line}" for line in CODE.splitlines())
    assert last_shown(f"localhost\n{indented}", longest=1000) == f"localhost\n{CODE}"

"""Menus, dialogs and large numbers are screens of their own; what passes by is none."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from pipeline.models import Box, ScreenLine, ScreenText
from pipeline.video.screens import ScreenState, find_states
from pipeline.video.screens.frame_kind import frame_kind
from pipeline.video.screens.frames import passing, returning
from pipeline.video.screens.regions import Region
from tests.drawn.canvas import photograph, write_text
from tests.drawn.reel import Reel, encode
from tests.drawn.windows import sheet

SIZE = (640, 360)
MENU = ("Insert pivot table", "Recommended charts", "Slicer", "Sparkline")


def slide(number: int, pointer: tuple[int, int] | None = None) -> Image.Image:
    picture = Image.new("RGB", SIZE, "#fcfbf8")
    pen = ImageDraw.Draw(picture)
    write_text(pen, (40, 30), f"Part {number} of 24", 30, "#14213d", bold=True)
    write_text(pen, (40, 120), "A short history of tools", 16, "#22272e")
    write_text(pen, (40, 160), "by the same author", 16, "#22272e")
    if pointer:
        pen.polygon(
            [pointer, (pointer[0], pointer[1] + 9), (pointer[0] + 6, pointer[1] + 6)], "#000"
        )
    return picture


def starts(path: Path, shots: Sequence[tuple[Image.Image, float]], key_s: float = 5) -> list[float]:
    reel = Reel()
    for number, (picture, seconds) in enumerate(shots):
        reel.show(picture, seconds, str(number))
    encode(path, reel, key_s)
    found = find_states(path, 0, reel.duration_ms, lambda *_: None)
    return [state.start_ms / 1000 for state in found]


def opened(size: tuple[int, int] = SIZE) -> Image.Image:
    return sheet(MENU, (100, 60), size)


def closed(size: tuple[int, int] = SIZE) -> Image.Image:
    return sheet((), (0, 0), size)


def test_a_menu_that_stays_is_a_state_and_what_is_below_it_returns(tmp_path: Path) -> None:
    reel = Reel()
    for name, picture, seconds in (("a", closed(), 6), ("b", opened(), 5), ("a2", closed(), 6)):
        reel.show(picture, seconds, name)
    encode(tmp_path / "menu.mp4", reel)
    found = find_states(tmp_path / "menu.mp4", 0, reel.duration_ms, lambda *_: None)
    assert [(state.start_ms, state.same_as) for state in found] == [
        (0, None),
        (6000, None),
        (11000, 0),
    ]


def test_a_menu_that_is_opened_and_closed_again_is_where_its_state_is_looked_at(
    tmp_path: Path,
) -> None:
    reel = Reel()
    for name, picture in (("a", closed()), ("b", opened()), ("a2", closed())):
        reel.show(picture, 6, name)
    encode(tmp_path / "menu.mp4", reel)
    states = find_states(tmp_path / "menu.mp4", 0, reel.duration_ms, lambda *_: None)
    overlays = [passing(states, number).overlay for number in range(3)]
    assert overlays[0] is overlays[2] is None
    assert overlays[1] is not None
    left, top, right, bottom = overlays[1].pixels(*SIZE)
    assert abs(left - 100) <= 16 and abs(top - 60) <= 16
    assert abs(right - 430) <= 16 and abs(bottom - 220) <= 16


def test_what_stays_or_fills_the_screen_is_no_passing_overlay() -> None:
    menu, dialog = Region(0.1, 0.1, 0.4, 0.5), Region(0.0, 0.0, 0.9, 0.9)
    sheet_, other = ScreenState(0, 0, 5), ScreenState(12, 10, 15)
    back = ScreenState(12, 10, 15, same_as=0)
    assert passing((sheet_, ScreenState(7, 5, 10, overlay=menu), back), 1).overlay == menu
    assert passing((sheet_, ScreenState(7, 5, 10, overlay=menu), other), 1).overlay is None
    assert passing((sheet_, ScreenState(7, 5, 10, overlay=menu)), 1).overlay is None
    assert passing((sheet_, ScreenState(7, 5, 10, overlay=dialog), back), 1).overlay is None


def test_a_menu_that_is_opened_in_passing_is_none(tmp_path: Path) -> None:
    shots = [(closed(), 6.0), (opened(), 2.0), (closed(), 6.0)]
    assert starts(tmp_path / "menu.mp4", shots) == [0]


@pytest.mark.parametrize("key_s", [3, 8])
def test_a_large_number_that_changes_is_a_change(tmp_path: Path, key_s: float) -> None:
    shots = [(slide(3), 8.0), (slide(4), 8.0)]
    assert starts(tmp_path / "twins.mp4", shots, key_s) == [0, 8]


@pytest.mark.parametrize("key_s", [6, 8, 10])
def test_a_flat_slide_that_comes_and_goes_between_two_key_frames_is_found(
    tmp_path: Path, key_s: float
) -> None:
    titles = (("Rivers", 6.4), ("Lakes of the north", 4.8), ("Seas", 5.0), ("What is next", 6.0))
    shots = []
    for title, seconds in titles:
        picture = Image.new("RGB", SIZE, "#fcfbf8")
        write_text(ImageDraw.Draw(picture), (40, 60), title, 26, "#14213d", bold=True)
        shots.append((picture, seconds))
    assert starts(tmp_path / "flat.mp4", shots, key_s) == [0, 6.4, 11.2, 16.2]


def test_a_mouse_pointer_is_none(tmp_path: Path) -> None:
    shots = [(slide(3), 6.0), (slide(3, (90, 42)), 6.0), (slide(3, (120, 125)), 6.0)]
    assert starts(tmp_path / "pointer.mp4", shots) == [0]


def test_the_last_word_that_is_typed_is_in_the_picture_of_the_page() -> None:
    demo = Path(str(files("pipeline.demo") / "bpe-mini-lecture.mp4"))
    # "return out" is typed from 105.4 s on, and "out" takes the place of the cursor, as a new
    # number takes that of another.
    first = find_states(demo, 82_800, 110_000, lambda *_: None)[0]
    assert first.end_ms == 107_067
    assert first.at_ms > 106_500


def text(line: str, height: int) -> ScreenText:
    box = Box(x=0, y=0, width=100, height=height)
    return ScreenText(text=line, lines=(ScreenLine(text=line, box=box, confidence=1),))


@pytest.mark.parametrize(
    ("height", "same_as"), [pytest.param(40, None, id="title"), pytest.param(14, 0, id="footer")]
)
def test_a_slide_with_another_large_number_is_no_return(height: int, same_as: int | None) -> None:
    states = [ScreenState(0, 0, 5), ScreenState(5, 5, 10, same_as=0)]
    texts = [text("Part 3 of 24", height), text("Part 5 of 24", height)]
    assert returning(states, texts, [720, 720])[1].same_as == same_as


def test_a_photograph_with_a_title_rests_and_a_camera_does_not() -> None:
    picture = photograph(320, 180, seed=1)
    assert frame_kind("Glaciers of the Pamir", picture, moving=False) == "slide"
    assert frame_kind("Glaciers of the Pamir", picture, moving=True) == "talking head"
    assert frame_kind("MIT", picture, moving=False) == "talking head"

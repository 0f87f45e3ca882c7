"""The part of a screen that is shown: never less than its content, and without the window."""

from __future__ import annotations

import pytest
from PIL import Image

from pipeline.models import Box, ScreenLine
from pipeline.video.screens.content import content_box, overlay_box
from tests.drawn.boards import Board, browser, editor, slide, webcam
from tests.drawn.canvas import photograph

# A mean of nothing is a fault: a part of the picture that was empty was measured.
pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")


def shown(board: Board, inset: Box | None = None) -> Box | None:
    return content_box(board.seen(), board.lines, inset)


def holds(outer: Box, inner: Box) -> bool:
    return (
        outer.x <= inner.x
        and outer.y <= inner.y
        and outer.x + outer.width >= inner.x + inner.width
        and outer.y + outer.height >= inner.y + inner.height
    )


def cuts(box: Box, lines: list[ScreenLine]) -> list[str]:
    """The lines of which a part is inside and a part is not."""
    found = []
    for line in lines:
        across = min(box.x + box.width, line.box.x + line.box.width) - max(box.x, line.box.x)
        down = min(box.y + box.height, line.box.y + line.box.height) - max(box.y, line.box.y)
        if across > 0 and down > 0 and not holds(box, line.box):
            found.append(line.text)
    return found


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_a_page_is_shown_without_tabs_address_and_margins(
    dark: bool, size: tuple[int, int]
) -> None:
    board = browser(dark, *size)
    box = shown(board)
    assert box and board.content
    assert holds(box, board.content)
    assert box.y >= 100
    assert box.width < 0.75 * size[0]
    assert cuts(box, board.lines) == []


def test_tabs_below_the_address_go_with_it_and_a_row_of_a_page_stays() -> None:
    board = Board((1280, 720), "#ffffff")
    board.bar(0, 50, "#eceff1")
    board.write(560, 24, "https://rivers.example.org/load", 16, own=False)
    board.bar(50, 74, "#d8dbde")
    for k in range(8):
        board.write(20 + 150 * k, 54, f"Rivers {k}", 14, own=False)
    for k in range(14):
        board.write(90, 110 + 40 * k, "What a river carries grows with the power of its speed", 22)
    box = shown(board)
    assert box and board.content
    assert box.y >= 74
    assert holds(box, board.content)
    page = Board((1280, 720), "#ffffff")
    page.bar(0, 74, "#eceff1")
    for k in range(8):
        page.write(20 + 150 * k, 54, f"Rivers {k}", 14)
    page.write(90, 300, "No address stands above these", 22)
    assert holds(
        shown(page) or Box(x=0, y=0, width=1280, height=720), page.content or page.lines[0].box
    )


def test_an_editor_is_shown_without_menus_list_of_files_and_status_bar() -> None:
    board = editor()
    box = shown(board)
    assert box and board.content
    assert holds(box, board.content)
    assert box.x >= 286
    assert box.y >= 30
    assert box.y + box.height <= 900 - 24


def test_the_margins_of_a_slide_go_and_some_ground_stays_around_its_text() -> None:
    board = slide()
    box = shown(board)
    assert box and board.content
    assert holds(box, board.content)
    assert box.width <= 0.6 * 1280
    assert box.x <= board.content.x - 20


@pytest.mark.parametrize("at", [(1000, 550), (1000, 20), (10, 560)])
def test_a_webcam_picture_in_a_corner_is_not_shown(at: tuple[int, int]) -> None:
    board = slide()
    inset = webcam(board, *at)
    box = shown(board, inset)
    assert box and board.content
    assert holds(box, board.content)
    apart = inset.x >= box.x + box.width or inset.x + inset.width <= box.x
    apart = apart or inset.y >= box.y + box.height or inset.y + inset.height <= box.y
    assert apart


def test_a_webcam_picture_among_the_text_is_never_cut() -> None:
    board = slide()
    board.write(900, 600, "Read on: chapter four", 24)
    inset = webcam(board, 1000, 400)
    box = shown(board, inset)
    assert box is None or holds(box, inset)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_photograph_is_never_cropped(seed: int) -> None:
    picture = photograph(1280, 720, seed)
    words = Box(x=60, y=640, width=300, height=30)
    line = ScreenLine(text="A field after the storm", box=words, confidence=0.99)
    assert content_box(picture, [line]) is None


def test_a_drawing_that_reaches_the_rim_is_never_cropped() -> None:
    board = slide()
    board.draw((0, 60, 1279, 719), "#aa2222")
    assert shown(board) is None


def test_a_full_slide_stays_whole() -> None:
    board = slide()
    board.write(60, 30, "A title across nearly the whole width of the slide, left to right", 34)
    board.write(60, 670, "Source: the survey of 2019", 16)
    board.write(1160, 670, "12", 16)
    assert shown(board) is None


def test_an_address_on_a_slide_is_no_window() -> None:
    board = Board((1280, 720), "#ffffff")
    board.write(100, 60, "www.rivers.example.org", 40)
    for k in range(9):
        board.write(
            60, 150 + 60 * k, f"{k}. A line that reaches from the left side to the right one", 34
        )
    box = shown(board)
    assert box is None or (board.content and holds(box, board.content))


def test_no_rule_below_the_address_leaves_the_window_whole() -> None:
    board = Board((1280, 720), "#ffffff")
    board.write(150, 46, "https://rivers.example.org/load", 17, own=False)
    for k in range(16):
        board.write(20, 90 + 38 * k, "word " * 24, 18)
    box = shown(board)
    assert box is None


def test_a_page_scrolled_below_its_bar_ends_at_the_bar() -> None:
    board = browser()
    board.write(290, 92, "A line that the bar hides in part", 24)
    board.bar(36, 104, "#eceff1")  # over it
    box = shown(board)
    assert box
    assert 100 <= box.y <= 106


def test_the_bar_above_counts_where_nothing_sets_off_the_menu_below_it() -> None:
    board = Board((1280, 720), "#ffffff")
    board.bar(0, 50, "#dde3e8")
    board.write(500, 16, "notebooks.example.org", 15, own=False)
    for k, menu in enumerate(("File", "Edit", "View", "Insert", "Runtime", "Tools", "Help")):
        board.write(40 + 70 * k, 84, menu, 15)
    for k in range(14):
        board.write(60, 130 + 40 * k, "x = " + "long + " * 16 + f"{k}", 18)
    box = shown(board)
    assert box
    assert 46 <= box.y <= 58


def test_a_rule_through_a_line_of_text_cuts_nothing() -> None:
    board = browser()
    for x in range(20, 1200, 220):
        board.write(x, 94, "A tall line here", 24)
    box = shown(board)
    assert box is None or cuts(box, board.lines) == []


@pytest.mark.parametrize("size", [(640, 360), (1920, 1080), (1440, 1080), (3840, 2160)])
def test_what_is_left_is_large_enough_and_of_a_usual_shape(size: tuple[int, int]) -> None:
    board = Board(size, "#ffffff")
    board.write(size[0] // 2, size[1] // 2, "Why?", 20)
    box = shown(board)
    assert box and board.content
    assert holds(box, board.content)
    assert box.width >= 0.4 * size[0] - 1
    assert box.height >= 0.3 * size[1] - 1
    assert 0.79 <= box.width / box.height <= 3.01


def test_a_menu_is_shown_with_what_is_around_it_and_no_line_is_cut() -> None:
    menu = Box(x=300, y=100, width=330, height=200)
    board = Board((1280, 720), "#ffffff")
    for row in range(20):
        for column in range(10):
            board.write(12 + 130 * column, 40 + 33 * row, f"{row * 37 + column}", 14)
    box = overlay_box(menu, board.size, board.lines)
    assert box
    assert holds(box, menu)
    assert cuts(box, board.lines) == []
    assert box.width < 0.6 * 1280
    wide = Box(x=100, y=40, width=900, height=500)
    assert overlay_box(wide, board.size, board.lines) is None


def test_an_empty_screen_stays_whole() -> None:
    assert content_box(Image.new("RGB", (1280, 720), "#102030"), []) is None


def test_letters_on_a_ground_that_changes_slowly_stay_whole() -> None:
    shade = Image.linear_gradient("L").resize((1280, 720))
    picture = Image.merge("RGB", (shade, shade, Image.new("L", (1280, 720), 160)))
    assert content_box(picture, []) is None


def test_a_rule_along_the_upper_edge_is_no_status_bar() -> None:
    board = Board((1280, 720), "#ffffff")
    board.bar(0, 100, "#eceff1")
    board.bar(0, 1, "#909090")
    board.write(40, 20, "Safari   File   Edit   View   History   Help", 15, own=False)
    board.write(60, 76, "File   Edit   View   Insert   Cell   Kernel   Help", 15, own=False)
    for k in range(14):
        board.write(60, 130 + 40 * k, "x = " + "long + " * 16 + f"{k}", 18)
    box = shown(board)
    assert box and board.content
    assert holds(box, board.content)
    assert 98 <= box.y <= 106


def test_a_line_of_no_width_and_a_tiny_picture_are_measured_without_a_fault() -> None:
    board = browser()
    board.lines.append(ScreenLine(text="|", box=Box(x=40, y=96, width=0, height=20), confidence=1))
    assert shown(board)
    for size in ((1, 1), (2, 9), (9, 2), (40, 30)):
        assert content_box(Image.new("RGB", size, "#ffffff"), []) is None

"""A camera picture that hardly moves is known by its rim on many screens; content is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from PIL import Image

from pipeline.models import Box, ScreenLine
from pipeline.video.screens.beside_camera import painted_over
from pipeline.video.screens.content import content_box
from pipeline.video.screens.steady_inset import SteadyInset
from tests.drawn.boards import Board, slide
from tests.drawn.canvas import photograph

SIZE = (1280, 720)
CAMERA = Box(x=970, y=544, width=310, height=176)
OFF = Box(x=1100, y=0, width=180, height=110)  # a gray box where a camera is switched off
GROUNDS = ("#ffffff", "#fbfaf6", "#1e1e1e", "#ffffff", "#eef3ee", "#fdfdfd")


def page(number: int) -> Board:
    """Another page of a lecture, written on all over."""
    ground = GROUNDS[number % len(GROUNDS)]
    board = Board(SIZE, ground)
    ink = "#dddddd" if ground == "#1e1e1e" else "#222222"
    for k in range(8 + number % 3):
        board.write(60, 60 + 50 * k + 7 * number, f"Line {k} of page {number} on rivers", 22, ink)
    return board


def boxes(boards: Sequence[Board], dress: Callable[[Board, int], None]) -> list[Box | None]:
    inset = SteadyInset()
    for number, board in enumerate(boards):
        dress(board, number)
        inset.add(board.seen())
    return inset.boxes([board.size for board in boards], [board.lines for board in boards])


def near(one: Box | None, other: Box) -> bool:
    if one is None:
        return False
    sides = (one.x - other.x, one.y - other.y, one.right - other.right, one.bottom - other.bottom)
    return all(abs(side) <= 4 for side in sides)


def sitting(board: Board, number: int) -> None:
    """A lecturer who has moved a little since the last page."""
    picture = photograph(CAMERA.width + 8, CAMERA.height, seed=7)
    board.paste(picture.crop((number, 0, number + CAMERA.width, 176)), 970, 544, own=False)


def off(board: Board, number: int) -> None:
    board.pen.rectangle((OFF.x, OFF.y, OFF.right - 1, OFF.bottom - 1), fill="#808080")
    box = Box(x=1160, y=30, width=50, height=50)
    board.lines.append(ScreenLine(text="回", box=box, confidence=0.7))  # its sign
    assert number >= 0


@pytest.mark.parametrize(("dress", "place"), [(sitting, CAMERA), (off, OFF)])
def test_a_camera_that_hardly_moves_is_found_on_every_page(
    dress: Callable[[Board, int], None], place: Box
) -> None:
    found = boxes([page(n) for n in range(6)], dress)
    assert all(near(box, place) for box in found)


def test_a_page_that_covers_the_camera_has_none() -> None:
    found = boxes([page(n) for n in range(8)], lambda b, n: sitting(b, n) if n != 3 else None)
    assert [box is None for box in found] == [n == 3 for n in range(8)]


def test_a_photograph_on_a_few_slides_and_a_panel_with_text_are_no_camera() -> None:
    few = boxes([page(n) for n in range(4)], sitting)
    rare = boxes([page(n) for n in range(9)], lambda b, n: sitting(b, 0) if n < 4 else None)
    assert not any([*few, *rare])

    def panel(board: Board, number: int) -> None:
        board.bar(400, 720, "#808080", 0, 320)
        board.write(20, 440, f"notes of page {number}", 18, own=False)

    assert not any(boxes([page(n) for n in range(6)], panel))


def test_pages_of_another_shape_tell_nothing() -> None:
    inset = SteadyInset()
    for number in range(6):
        board = page(number)
        sitting(board, number)
        inset.add(board.seen() if number else board.seen().resize((720, 720)))
    assert inset.boxes([(720, 720)] + 5 * [SIZE], 6 * [[]])[0] is None


def test_no_pictures_have_no_camera() -> None:
    assert SteadyInset().boxes([], []) == []


def dressed(board: Board) -> Box:
    sitting(board, 0)
    return CAMERA


def test_the_camera_is_cut_off_where_only_borders_of_boxes_go_with_it() -> None:
    board = page(0)
    inset = dressed(board)
    board.pen.rectangle((40, 40, 1240, 520), outline="#888888")  # a cell across the page
    box = content_box(board.seen(), board.lines, inset)
    assert box
    assert not box.overlaps(inset)
    assert all(box.contains(line.box) for line in board.lines)


@pytest.mark.parametrize("drawn", [False, True])
def test_no_line_and_no_drawing_goes_with_the_camera(drawn: bool) -> None:
    board = page(0)
    board.write(60, 660, "and a line at the foot of the page", 22)
    inset = dressed(board)
    if drawn:
        board.pen.ellipse((1000, 200, 1200, 400), outline="#aa2222", width=3)
    else:
        board.write(700, 300, "A line that reaches far over to the right side of it", 24)
    box = content_box(board.seen(), board.lines, inset)
    assert box
    assert box.right >= 1200
    assert box.bottom >= 680


def test_margins_go_though_a_camera_that_is_painted_over_lies_on_them() -> None:
    board = page(0)
    board.write(700, 300, "A line that ends above the camera", 22)
    board.write(60, 660, "and a line at the foot of the page", 22)
    inset = dressed(board)
    box = content_box(board.seen(), board.lines, inset)
    assert box
    assert box.overlaps(inset)
    assert 1030 <= box.right <= 1120
    assert all(box.contains(line.box) for line in board.lines)


def test_what_cannot_be_cut_off_is_painted_over_with_the_ground_beside_it() -> None:
    for number, ground in ((0, 255), (2, 30)):
        board = page(number)
        inset = dressed(board)
        painted = painted_over(board.seen(), inset)
        assert painted
        part = painted.convert("L").crop((inset.x, inset.y, inset.right, inset.bottom))
        low, high = part.getextrema()
        assert isinstance(low, int)
        assert isinstance(high, int)
        assert ground - 3 <= low <= high <= ground + 3
        rest = (0, 0, inset.x - 8, 720)
        assert painted.crop(rest).tobytes() == board.seen().crop(rest).tobytes()


def test_nothing_is_painted_where_the_rim_is_not_where_it_was_thought_to_be() -> None:
    board = page(0)
    inset = dressed(board)
    wrong = inset.model_copy(update={"x": inset.x + 40, "width": inset.width - 40})
    assert painted_over(board.seen(), wrong) is None
    assert painted_over(page(0).seen(), inset) is None
    assert painted_over(Image.new("RGB", (4, 4)), Box(x=0, y=0, width=4, height=4)) is None


@pytest.mark.parametrize("right", [0, 200])
def test_the_bars_of_a_window_on_a_plain_desktop_are_found_beside_a_camera(right: int) -> None:
    board = Board(SIZE, "#000000")
    edge = 1280 - right
    board.bar(0, 720, "#20303a", 0, edge)
    board.bar(0, 52, "#f0f0f0", 0, edge)
    board.write(20, 6, "Lesson - notes", 15, own=False)
    board.write(20, 28, "File   Edit   View   Selection   Find   Help", 15, own=False)
    for k in range(12):
        board.write(60, 150 + 44 * k, f"Line {k} of a long text on rivers", 20, "#dddddd")
    inset = Box(x=1100, y=0, width=180, height=110)
    board.bar(0, 110, "#808080", 1100, 1280)
    box = content_box(board.seen(), board.lines, inset)
    assert box
    assert 50 <= box.y <= 140
    assert box.right <= edge
    assert not box.overlaps(inset)


def test_a_slide_in_front_of_a_camera_that_is_not_seen_keeps_its_crop() -> None:
    board = slide()
    assert content_box(board.seen(), board.lines) == content_box(board.seen(), board.lines, None)

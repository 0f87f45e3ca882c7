"""A line of a few marks between two lines is found, and nothing else is taken for one."""

from __future__ import annotations

from PIL import Image, ImageDraw

from pipeline.video.ocr.lines import FoundLine
from pipeline.video.ocr.overlooked_marks import overlooked_marks
from pipeline.video.ocr.quote_marks import quote_marks
from pipeline.video.ocr.recognition import pixels_of
from tests.drawn.canvas import advance, font

SIZE, STEP = 16, 22


def board(rows: list[str], left: int = 100) -> tuple[Image.Image, list[FoundLine]]:
    """The rows, and the lines that a detector finds on them: those with a letter."""
    image = Image.new("RGB", (900, 40 + STEP * len(rows)), "#1e1e1e")
    pen = ImageDraw.Draw(image)
    found = []
    for number, text in enumerate(rows):
        top = 20 + STEP * number
        pen.text((left, top), text, font=font(SIZE), fill="#ce9178")
        if any(char.isalnum() for char in text):
            indent = len(text) - len(text.lstrip())
            a = round(left + indent * advance(SIZE)) - 3
            b = round(left + len(text) * advance(SIZE)) + 3
            found.append(FoundLine(((a, top - 3), (b, top - 3), (b, top + 22), (a, top + 22))))
    return image, found


def test_three_quotes_and_brackets_between_two_lines_are_lines() -> None:
    rows = ["def f():", '    """What it does.', "", "    More.", '    """', "    x = g(", "    a"]
    image, found = board([*rows, "    )", "    return x"])
    pixels = pixels_of(image)
    quotes, bracket = overlooked_marks(pixels, found)
    column = 100 + 4 * advance(SIZE)
    assert abs(quotes.left - column) < 12 and abs(bracket.left - column) < 12
    assert quotes.top < 20 + 4 * STEP + 8 < quotes.bottom
    assert quote_marks(pixels[quotes.top : quotes.bottom, quotes.left : quotes.right]) == '"""'


def test_an_empty_row_a_rule_and_a_drawing_are_no_lines() -> None:
    image, found = board(["first = 1", "", "second = 2", "", "", "third = 3"])
    pixels = pixels_of(image)
    assert overlooked_marks(pixels, found) == []
    pen = ImageDraw.Draw(image)
    pen.line((90, 20 + STEP + 10, 500, 20 + STEP + 10), fill="#ce9178")
    pen.ellipse((104, 20 + 3 * STEP, 150, 18 + 5 * STEP), outline="#ce9178")
    assert overlooked_marks(pixels_of(image), found) == []


def test_a_row_that_holds_another_line_is_not_searched() -> None:
    image, found = board(["first = 1", "    )", "second = 2"])
    beside = FoundLine(((400, 42), (480, 42), (480, 62), (400, 62)))
    wide = FoundLine(((97, 17), (500, 17), (500, 42), (97, 42)))
    lines = [wide, found[1], beside]
    assert overlooked_marks(pixels_of(image), lines) == []

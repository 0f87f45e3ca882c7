"""A line goes on to the marks beside it, and no further."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.video.ocr.line_ends import with_ends
from pipeline.video.ocr.lines import FoundLine, LineReading
from pipeline.video.ocr.quote_marks import quote_marks, with_opening_quotes
from pipeline.video.ocr.recognition import pixels_of
from tests.drawn.canvas import advance, font

SIZE = 16


def line_of(left: float, right: float) -> FoundLine:
    a, b = round(left), round(right)
    return FoundLine(((a, 40), (b, 40), (b, 65), (a, 65)))


def picture(
    text: str,
    left: int = 100,
    frame: int | None = None,
    drawn: ImageFont.FreeTypeFont | None = None,
) -> Image.Image:
    image = Image.new("RGB", (900, 100), "white")
    pen = ImageDraw.Draw(image)
    pen.text((left, 44), text, font=drawn or font(SIZE), fill="black")
    if frame is not None:
        pen.line((frame, 0, frame, 100), fill="grey", width=2)
    return image


def test_quotes_that_the_detector_overlooked_belong_to_the_line() -> None:
    step = advance(SIZE)
    found = line_of(97, 100 + 5 * step + 3)
    (line,) = with_ends(pixels_of(picture("sep = ', '")), [found])
    assert line.left == found.left and line.right >= 100 + 9.7 * step
    found = line_of(100 + 3 * step, 100 + 9 * step)
    (line,) = with_ends(pixels_of(picture("(',otherwise")), [found])
    assert line.left <= 100 and line.right >= 100 + 12 * step


def test_a_line_ends_at_another_one_at_a_frame_and_at_a_gap() -> None:
    step = advance(SIZE)
    found = line_of(97, 100 + 5 * step + 3)
    other = line_of(100 + 6 * step, 100 + 10 * step)
    assert with_ends(pixels_of(picture("sep = more")), [found, other])[0].right <= other.left
    beside = pixels_of(picture("sep =", frame=round(100 + 6 * step)))
    assert with_ends(beside, [found]) == [found]
    assert with_ends(pixels_of(picture("sep =    , ")), [found]) == [found]


def test_a_line_that_was_cut_in_two_at_its_underscores_is_one() -> None:
    step = advance(SIZE)
    pixels = pixels_of(picture("def __getitem__(self):"))
    ends = [(0, 3), (6, 12), (15, 21)]
    pieces = [line_of(100 + a * step, 100 + b * step) for a, b in ends]
    (line,) = with_ends(pixels, pieces)
    assert line.left <= 100 and line.right >= 100 + 21.8 * step
    two = [line_of(97, 100 + 3.2 * step), line_of(100 + 2.8 * step, 100 + 22 * step)]
    (line,) = with_ends(pixels, two)
    assert (line.left, line.right) == (two[0].left, two[1].right)


def test_lines_side_by_side_with_nothing_between_stay_two() -> None:
    step = advance(SIZE)
    two = [line_of(97, 100 + 3 * step), line_of(100 + 4 * step, 100 + 8 * step)]
    assert with_ends(pixels_of(picture("def main")), two) == two


def test_small_quotes_of_a_notebook_are_told_from_dots() -> None:
    image = picture('"""', left=4).resize((900 * 3 // 4, 75), Image.Resampling.BICUBIC)
    assert quote_marks(pixels_of(image.crop((0, 28, 28, 52)))) == '"""'
    image = picture("'''", left=4).crop((0, 34, 40, 66))
    assert quote_marks(pixels_of(image)) == "'''"
    dots = picture("......", left=4).resize((900 * 3 // 4, 75), Image.Resampling.BICUBIC)
    assert quote_marks(pixels_of(dots.crop((0, 28, 50, 52)))) is None


def test_three_quotes_alone_are_told_by_their_strokes() -> None:
    def crop(text: str) -> str | None:
        image = picture(text, left=4).crop((0, 42, 8 + round(len(text) * advance(SIZE)), 62))
        return quote_marks(pixels_of(image))

    assert crop('"""') == '"""'
    assert crop("'''") == "'''"
    assert [crop(text) for text in ("def", "111", "...", "_", "n n")] == [None] * 5
    assert quote_marks(pixels_of(Image.new("RGB", (30, 20), "white"))) is None


@pytest.mark.parametrize("quotes", ['"""', "'''"])
@pytest.mark.parametrize("read", ["", "'", "''"])
@pytest.mark.parametrize("grid", ["pixels", "parts of pixels"])
def test_quotes_before_the_first_word_that_were_not_read_are_seen(
    quotes: str, read: str, grid: str
) -> None:
    drawn = font(SIZE)
    if grid == "pixels":  # as terminals draw: every letter is as many pixels wide
        drawn = ImageFont.truetype(drawn.path, SIZE, layout_engine=ImageFont.Layout.BASIC)
    step = float(drawn.getlength("m"))
    text = "Put an item into the queue."
    pixels = pixels_of(picture(quotes + text, drawn=drawn))
    places = [100 + (3 + k + 0.5) * step for k in range(-len(read), len(text))]
    shown = [place for place, char in zip(places, read + text, strict=True) if char != " "]
    reading = LineReading(read + text, 0.98, (), tuple(round(one) for one in shown))
    whole = with_opening_quotes(pixels, line_of(97, 100 + 30 * step), reading)
    assert whole.text == quotes + text
    assert len(whole.places) == len(whole.text.replace(" ", ""))


def test_a_string_that_opens_with_one_quote_stays() -> None:
    step = advance(SIZE)
    text = "'one', 'two', 'three', 'four'"
    pixels = pixels_of(picture(text))
    shown = [100 + (k + 0.5) * step for k, char in enumerate(text) if char != " "]
    reading = LineReading(text, 0.98, (), tuple(round(one) for one in shown))
    assert with_opening_quotes(pixels, line_of(97, 100 + 30 * step), reading) == reading


@pytest.mark.parametrize(
    "text", ["A            ", "            A", "\u00a0" * 14 + "A", "''            "]
)
def test_a_line_of_one_letter_and_blanks_stays(text: str) -> None:
    shown = tuple(100 + k for k, char in enumerate(text) if not char.isspace())
    reading = LineReading(text, 0.98, (), shown)
    assert with_opening_quotes(pixels_of(picture("A")), line_of(97, 400), reading) == reading

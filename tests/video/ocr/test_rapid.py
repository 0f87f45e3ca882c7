"""How a line is cut out for the models of rapidocr."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.video.ocr import rapid
from pipeline.video.ocr.lines import FoundLine
from pipeline.video.ocr.recognition import pixels_of
from tests.drawn.canvas import font


def test_a_short_line_is_read_where_it_stands_with_its_words() -> None:
    image = Image.new("RGB", (640, 120), "white")
    ImageDraw.Draw(image).text((200, 40), "git log", font=ImageFont.load_default(24), fill="black")
    pixels = pixels_of(image)
    engine = rapid.RapidEngine()
    (found,) = engine.find(pixels).found
    reading = engine.read(pixels, found)
    assert reading.text == "git log"
    assert all(195 <= word.left < word.right <= 275 for word in reading.words)


def test_marks_alone_on_a_row_are_read_and_numbers_of_a_margin_are_not() -> None:
    rows = ["def area(side):", '    """A square.', "", "    Its area.", '    """', "    a = pow("]
    rows += ["        side, 2", "    )", "    return a"]
    image = Image.new("RGB", (640, 240), "#1e1e1e")
    pen = ImageDraw.Draw(image)
    for number, text in enumerate(rows):
        pen.text((20, 12 + 22 * number), f"{number + 1}", font=font(16), fill="#858585")
        pen.text((60, 12 + 22 * number), text, font=font(16), fill="#ce9178")
    found = rapid.RapidEngine().find(pixels_of(image))
    read = {reading.text for reading in found.read.values()}
    assert {'"""', ")"} >= read
    assert len(found.read) >= 1


def test_padding_fills_up_to_a_width_in_pixels_of_the_models() -> None:
    crop = np.zeros((24, 30, 3), np.uint8)
    assert rapid._padded(crop, 224).shape == (24, 112, 3)
    assert rapid._padded(crop, 32).shape == crop.shape


def test_a_line_outside_the_picture_is_read_as_nothing() -> None:
    found = FoundLine(((50, 5), (50, 5), (50, 5), (50, 5)))
    assert rapid.RapidEngine().read(np.zeros((20, 40, 3), np.uint8), found).text == ""

"""How a line is cut out for the models of rapidocr."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.video.ocr import rapid
from pipeline.video.ocr.lines import FoundLine
from pipeline.video.ocr.recognition import pixels_of


def test_a_short_line_is_read_where_it_stands_with_its_words() -> None:
    image = Image.new("RGB", (640, 120), "white")
    ImageDraw.Draw(image).text((200, 40), "git log", font=ImageFont.load_default(24), fill="black")
    pixels = pixels_of(image)
    engine = rapid.RapidEngine()
    (found,) = engine.find(pixels).found
    reading = engine.read(pixels, found)
    assert reading.text == "git log"
    assert all(195 <= word.left < word.right <= 275 for word in reading.words)


def test_padding_fills_up_to_a_width_in_pixels_of_the_models() -> None:
    crop = np.zeros((24, 30, 3), np.uint8)
    assert rapid._padded(crop, 224).shape == (24, 112, 3)
    assert rapid._padded(crop, 32).shape == crop.shape


def test_a_line_outside_the_picture_is_read_as_nothing() -> None:
    found = FoundLine(((50, 5), (50, 5), (50, 5), (50, 5)))
    assert rapid.RapidEngine().read(np.zeros((20, 40, 3), np.uint8), found).text == ""

"""What counts as a black border, and what is only the dark margin of a slide."""

from __future__ import annotations

import numpy as np
from PIL import Image

from pipeline.video.screens.regions import FULL, Brightest, Region, cut
from pipeline.video.screens.tiles import Levels


def shown(*lit: tuple[slice, slice]) -> Brightest:
    """Pictures of 40 by 80 tiles, each lit in one place and black elsewhere."""
    brightest = Brightest()
    for rows, columns in lit:
        brightness = np.full((40, 80), 8, dtype=np.uint8)
        brightness[rows, columns] = 200
        brightest.add(Levels(brightness, np.zeros_like(brightness)))
    return brightest


def test_bars_beside_a_picture_are_a_border() -> None:
    assert shown((slice(0, 40), slice(10, 70))).region == Region(0.125, 0.0, 0.875, 1.0)


def test_the_margin_of_a_black_slide_is_none() -> None:
    title = (slice(15, 20), slice(10, 70))
    page_number = (slice(37, 38), slice(60, 74))
    picture = (slice(2, 30), slice(20, 50))
    assert shown(title, page_number, picture).region == FULL


def test_one_side_may_be_a_border_and_the_other_a_margin() -> None:
    sidebar, text = (slice(0, 40), slice(8, 16)), (slice(10, 12), slice(20, 60))
    assert shown(sidebar, text).region == Region(0.1, 0.0, 1.0, 1.0)


def test_what_is_lit_at_every_side_once_has_no_border() -> None:
    assert not shown((slice(0, 40), slice(10, 70))).reaches_every_side
    assert shown((slice(0, 40), slice(10, 70)), (slice(5, 6), slice(0, 80))).reaches_every_side


def test_black_all_the_time_stays_whole() -> None:
    assert shown((slice(0, 0), slice(0, 0))).region == FULL
    assert not Brightest().reaches_every_side


def test_a_picture_is_cut_to_its_region_and_its_black_rim_goes_too() -> None:
    picture = Image.new("RGB", (800, 400))
    picture.paste((200, 200, 200), (104, 0, 700, 400))
    taken, region = cut(picture, Region(0.125, 0.0, 0.875, 1.0))
    assert (taken.size, region) == ((596, 400), Region(0.13, 0.0, 0.875, 1.0))


def test_a_picture_without_a_border_stays_as_it_is() -> None:
    picture = Image.new("RGB", (80, 40))
    assert cut(picture, FULL) == (picture, FULL)

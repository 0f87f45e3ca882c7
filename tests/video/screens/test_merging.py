"""Pages become states as they come: a long lecture is never held as a whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from pipeline.video.screens.candidates import Sample, ScreenCandidate
from pipeline.video.screens.merging import states
from pipeline.video.screens.tiles import measure


def page(number: int, start_ms: int, end_ms: int) -> ScreenCandidate:
    """A page full of its own noise."""
    noise = np.random.default_rng(number).integers(0, 256, (96, 640), dtype=np.uint8)
    tiles = measure(noise)
    return ScreenCandidate(
        start_ms, end_ms, Sample(start_ms, tiles, np.ones(tiles.ink.shape, np.bool_))
    )


def test_states_come_a_few_pages_behind() -> None:
    given = 0

    def pages() -> Iterator[ScreenCandidate]:
        nonlocal given
        for number in range(60):
            given += 1
            yield page(number, number * 5_000, (number + 1) * 5_000)

    for taken, state in enumerate(states(pages()), start=1):
        assert state.start_ms == (taken - 1) * 5_000
        assert given - taken <= 8
    assert given == 60


def test_a_flash_belongs_to_the_screen_it_leads_to() -> None:
    found = [*states([page(1, 0, 9_000), page(2, 9_000, 9_400), page(3, 9_400, 20_000)])]
    assert [(state.start_ms, state.end_ms) for state in found] == [(0, 9_000), (9_000, 20_000)]


def test_a_flash_at_the_very_end_belongs_to_the_screen_before() -> None:
    found = [*states([page(1, 0, 9_000), page(2, 9_000, 9_400)])]
    assert [(state.start_ms, state.end_ms) for state in found] == [(0, 9_400)]


def test_a_long_run_of_flashes_is_one_moving_picture() -> None:
    flashes = [page(k, 8_000 + 500 * k, 8_500 + 500 * k) for k in range(10)]
    found = [*states([page(50, 0, 8_000), *flashes, page(51, 13_000, 20_000)])]
    assert [state.start_ms for state in found] == [0, 8_000, 13_000]


def test_a_screen_that_comes_back_after_a_flash_is_one_state() -> None:
    found = [*states([page(1, 0, 9_000), page(2, 9_000, 9_400), page(1, 9_400, 20_000)])]
    assert [(state.start_ms, state.end_ms) for state in found] == [(0, 20_000)]


def scrolled_to(*tops: int) -> list[ScreenCandidate]:
    """Views of one long page, 5 s each, 480 pixels high."""
    noise = np.random.default_rng(1).integers(0, 256, (2_000, 640), dtype=np.uint8)
    views = []
    for number, top in enumerate(tops):
        tiles = measure(noise[top : top + 480])
        sample = Sample(number * 5_000, tiles, np.ones(tiles.ink.shape, np.bool_))
        views.append(ScreenCandidate(number * 5_000, (number + 1) * 5_000, sample))
    return views


def test_a_view_that_is_scrolled_through_gives_no_state_and_one_beyond_does() -> None:
    through = [*states(scrolled_to(200, 320, 440))]
    assert [state.start_ms for state in through] == [0, 10_000]
    there_and_back = [*states(scrolled_to(320, 200, 330))]
    assert 5_000 in [state.start_ms for state in there_and_back]
    nearly_the_same = [*states(scrolled_to(320, 290, 330))]
    assert [state.start_ms for state in nearly_the_same] == [0]

"""The player: beside the text, movable, with captions, marks, speed, and where one stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import Served, Watched, until

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., Watched]

# A video that does not run on: what a test looks at stays, however long it takes to look.
STILL = "HTMLMediaElement.prototype.play = () => Promise.resolve()"


def still(open_page: Open, address: str | Path, **options: Any) -> Page:
    """The page at ``address``, with a player that goes to a second and stays there."""
    page = open_page("about:blank", **options).page
    page.add_init_script(STILL)
    page.goto(address.as_uri() if isinstance(address, Path) else address)
    return page


HIDDEN = """(() => {
  const card = document.querySelector('#player').getBoundingClientRect();
  const box = document.querySelector('.spoken').getBoundingClientRect();
  const bar = document.querySelector('.bar').getBoundingClientRect();
  const across = box.left < card.right && box.right > card.left;
  return (across && box.top < card.bottom && box.bottom > card.top) || box.top < bar.bottom - 1;
})()"""


@pytest.mark.parametrize("width", [1024, 1200, 1280, 1440])
def test_beside_the_text_the_player_covers_nothing(
    open_page: Open, sample_page: Path, width: int
) -> None:
    page = still(open_page, sample_page, viewport={"width": width, "height": 900})
    page.click("#s0004 .at .time")
    page.wait_for_selector(".spoken")
    card = page.locator("#player").bounding_box()
    text = page.locator("article").bounding_box()
    assert card and text
    assert card["x"] + card["width"] <= text["x"] or card["x"] >= text["x"] + text["width"]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    if width >= 1200:
        contents = page.locator(".contents").bounding_box()
        assert contents
        above = contents["y"] >= card["y"] + card["height"] - 1
        assert above or contents["x"] + contents["width"] <= card["x"]


@pytest.mark.parametrize(("width", "height"), [(390, 844), (768, 900)])
@pytest.mark.parametrize("place", ["end", "start"])
def test_the_player_never_hides_the_passage_being_played(
    open_page: Open, sample_page: Path, width: int, height: int, place: str
) -> None:
    page = still(
        open_page,
        sample_page,
        viewport={"width": width, "height": height},
        reduced_motion="reduce",
    )
    page.evaluate(f"localStorage.setItem('lecture-player', '{place}')")
    page.reload()
    for passage in ("s0003", "s0006", "s0010"):
        # The link stands at the lower edge of the window, where the player will be.
        page.evaluate(
            f"scrollTo(0, document.getElementById('{passage}').getBoundingClientRect().top"
            " + scrollY - innerHeight + 60)"
        )
        page.evaluate(f"document.querySelector('#{passage} .at .time').click()")
        page.wait_for_selector(f"#{passage}.spoken")
        until(page, f"!{HIDDEN}")


def test_the_player_is_moved_and_found_there_again(open_page: Open, sample_page: Path) -> None:
    page = still(open_page, sample_page)
    page.click("#s0001 .at .time")
    page.click(".player .move")
    until(page, "document.documentElement.dataset.player === 'end'")
    box = page.locator(".player-section").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(300, 500, steps=4)
    page.mouse.up()
    until(page, "document.documentElement.dataset.player === 'free'")
    moved = page.locator("#player").bounding_box()
    page.reload()
    page.click("#s0001 .at .time")
    again = page.locator("#player").bounding_box()
    assert moved and again
    assert abs(moved["x"] - again["x"]) < 3 and abs(moved["y"] - again["y"]) < 3
    assert moved["x"] < 400
    page.click(".player .move")
    until(page, "document.documentElement.dataset.player === 'side'")


@pytest.mark.parametrize("how", ["file", "server"])
def test_the_video_has_captions_and_chapter_marks(
    open_page: Open, sample_page: Path, served: Served, how: str
) -> None:
    page = still(open_page, sample_page if how == "file" else f"{served.address}/sample/")
    page.click("#s0001 .at .time")
    until(page, "document.querySelector('.player video')?.textTracks.length === 2")
    tracks = page.evaluate(
        "[...document.querySelector('.player video').textTracks].map(track => {"
        " if (track.mode === 'disabled') track.mode = 'hidden';"
        " return [track.kind, track.cues.length, track.cues[0].text, track.cues[0].startTime] })"
    )
    assert tracks[0] == ["chapters", 6, "What a tokenizer does", pytest.approx(0, abs=2)]
    assert tracks[1][0] == "captions" and tracks[1][1] > 20
    assert "byte pair encoding" in tracks[1][2].lower()
    assert page.locator(".player-marks span").count() == 5


def test_the_section_buttons_and_the_line_go_to_sections(
    open_page: Open, sample_page: Path
) -> None:
    page = still(open_page, sample_page)
    page.click("#s0004 .at .time")
    page.wait_for_selector(".player-section >> text=3 The algorithm in three steps")
    page.click(".player-where button >> nth=1")
    page.wait_for_selector(".player-section >> text=4 Writing it in Python")
    start = page.get_attribute("section >> nth=3", "data-s")
    until(page, f"Math.abs(document.querySelector('video').currentTime * 1000 - {start}) < 4000")
    line = page.locator(".player-marks").bounding_box()
    assert line
    page.mouse.click(line["x"] + line["width"] * 0.9, line["y"] + 4)
    page.wait_for_selector(".player-section >> text=6 Vocabulary size and compression")


def test_the_speed_is_remembered_and_ten_seconds_are_gone_back(
    open_page: Open, sample_page: Path
) -> None:
    page = still(open_page, sample_page)
    page.click("#s0006 .at .time")
    page.select_option(".player .speed", "1.5")
    until(page, "document.querySelector('.player video').playbackRate === 1.5")
    until(page, "document.querySelector('.player video').currentTime > 80")
    before = page.evaluate("document.querySelector('.player video').currentTime")
    page.click(".player .back")
    until(
        page,
        f"Math.abs(document.querySelector('.player video').currentTime - {before - 10}) < 0.5",
    )
    page.reload()
    page.click("#s0006 .at .time")
    until(page, "document.querySelector('.player video').playbackRate === 1.5")


def test_the_video_goes_on_where_one_stopped(open_page: Open, sample_page: Path) -> None:
    page = still(open_page, sample_page)
    page.click("#s0008 .at .time")
    page.wait_for_selector("#s0008.spoken")
    stopped = int(page.evaluate("localStorage.getItem('lecture-at:sample')"))
    page.reload()
    page.click("[data-do=player]")
    page.wait_for_selector(".toast >> text=Going on at")
    until(
        page,
        f"Math.abs(document.querySelector('.player video').currentTime * 1000 - {stopped}) < 6000",
    )


@pytest.mark.parametrize("asked", ["?t=90", "#t=90s", "?t=1m30s", "#t=1:30"])
def test_an_address_with_a_second_opens_there(
    open_page: Open, sample_page: Path, asked: str
) -> None:
    page = still(open_page, f"{sample_page.as_uri()}{asked}")
    page.wait_for_selector("#s0006.spoken")
    until(
        page,
        "(() => { const box = document.querySelector('.spoken').getBoundingClientRect();"
        " return box.top > 0 && box.top < innerHeight })()",
    )
    until(page, "document.querySelector('.player video').currentTime >= 89.9")


def test_on_an_embedded_player_nothing_is_marked_before_it_is_loaded(
    open_page: Open, served: Served
) -> None:
    watched = open_page("about:blank")
    watched.page.goto(f"{served.address}/tube/render/index.html?t=90")
    watched.page.wait_for_selector(".consent")
    assert watched.page.locator(".spoken").count() == 0
    assert watched.foreign() == []

"""Links to moments: each site's own form, correct beyond one hour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render.links import embed_url, is_web, moment_url, youtube_id

LONG = 2 * 3_600_000 + 3 * 60_000 + 4_000  # 2:03:04


@pytest.mark.parametrize(
    "page",
    [
        "https://www.youtube.com/watch?v=zduSFxRajkE",
        "https://youtu.be/zduSFxRajkE",
        "https://m.youtube.com/watch?v=zduSFxRajkE&t=17s",
        "https://www.youtube.com/live/zduSFxRajkE?start=5",
        "https://www.youtube.com/embed/zduSFxRajkE",
        "https://www.youtube.com/shorts/zduSFxRajkE",
    ],
)
def test_every_form_of_a_youtube_address_leads_to_the_second(page: str) -> None:
    assert moment_url(page, None, LONG) == "https://www.youtube.com/watch?v=zduSFxRajkE&t=7384s"


def test_the_rest_of_a_query_is_kept_and_there_is_one_question_mark() -> None:
    page = "https://www.youtube.com/watch?list=PL1&v=zduSFxRajkE&t=1h&index=2"
    link = moment_url(page, None, 61_999)
    assert link == "https://www.youtube.com/watch?v=zduSFxRajkE&list=PL1&index=2&t=61s"


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("https://vimeo.com/76979871", "https://vimeo.com/76979871#t=7384s"),
        ("https://vimeo.com/76979871/abc12#t=1s", "https://vimeo.com/76979871/abc12#t=7384s"),
        ("https://www.bilibili.com/video/BV1xx411c7mD", "https://www.bilibili.com/video/BV1xx411c7mD?t=7384"),
        ("https://www.bilibili.com/video/BV1xx411c7mD?p=2&t=9", "https://www.bilibili.com/video/BV1xx411c7mD?p=2&t=7384"),
        ("https://a.org/talk.mp4?key=1", "https://a.org/talk.mp4?key=1#t=7384"),
    ],
)  # fmt: skip
def test_other_sites_have_their_own_form(page: str, link: str) -> None:
    assert moment_url(page, "../download/x.mp4", LONG) == link


def test_a_page_whose_site_is_unknown_gives_the_local_file_else_the_page() -> None:
    page = "https://tube.example/w/abc"
    assert moment_url(page, "../download/a%20b.mp4", 5_500) == "../download/a%20b.mp4#t=5"
    assert moment_url(page, None, 5_500) == f"{page}#t=5"
    assert moment_url(f"{page}#/play", None, 5_500) == f"{page}#/play"


def test_only_pages_on_the_web_are_there_for_everybody() -> None:
    assert is_web("https://tube.example/w/abc")
    assert not any(map(is_web, (None, "", "file:///a.mp4", "javascript:x")))


def test_nothing_to_play_is_no_link() -> None:
    assert moment_url(None, None, 0) is None


@pytest.mark.parametrize(
    "page", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x", "https://[bad"]
)
def test_no_other_scheme_becomes_a_link(page: str) -> None:
    assert moment_url(page, None, 0) is None
    assert embed_url(page) is None


@pytest.mark.parametrize(
    ("page", "player"),
    [
        ("https://youtu.be/zduSFxRajkE", "https://www.youtube-nocookie.com/embed/zduSFxRajkE"),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("https://vimeo.com/76979871/0af", "https://player.vimeo.com/video/76979871?dnt=1&h=0af"),
        ("https://a.org/talk.mp4", None),
        (None, None),
    ],
)
def test_players_are_the_privacy_enhanced_ones(page: str | None, player: str | None) -> None:
    assert embed_url(page) == player


def test_a_malformed_youtube_id_is_none() -> None:
    assert youtube_id('https://www.youtube.com/watch?v="><script>') is None


@given(st.integers(min_value=0, max_value=10**9))
def test_the_second_is_never_after_the_moment(ms: int) -> None:
    link = moment_url("https://youtu.be/zduSFxRajkE", None, ms)
    assert link is not None
    second = int(link.rpartition("=")[2].removesuffix("s"))
    assert second * 1000 <= ms < second * 1000 + 1000

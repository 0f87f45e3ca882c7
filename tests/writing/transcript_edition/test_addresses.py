"""Addresses of the description and the screens become references."""

from __future__ import annotations

from pipeline.models import Box, Frame, ScreenLine
from pipeline.writing.transcript_edition.addresses import lecture_links, shown_addresses
from tests.writing.transcript_edition.lectures import frame


def test_addresses_of_the_description_are_titled_by_the_words_before_them() -> None:
    told = (
        "Links:\n- The paper: https://a.example/paper.pdf.\nhttps://b.example/x_(y)?q=1\n"
        "code https://c.example/ and https://a.example/paper.pdf\n"
    )
    assert [(link.title, link.url) for link in lecture_links(told, [])] == [
        ("The paper", "https://a.example/paper.pdf"),
        ("b.example/x_", "https://b.example/x_"),
        ("code", "https://c.example/"),
    ]


def test_an_address_on_two_screens_is_one_and_a_misread_or_a_bare_host_is_none() -> None:
    frames = [
        frame("f1", 0, 9000, "github.com/karpathy/minbpe  Code\nopen github.com"),
        frame("f2", 9000, 19_000, "https://www.github.com/karpathy/minbpe/ self.x/self.y"),
        frame("f3", 19_000, 29_000, "glthub.com/karpathy/minbpe me@a.org/x self.x/self.y"),
    ]
    (link,) = lecture_links("", frames)
    assert (link.title, link.url) == (
        "github.com/karpathy/minbpe", "https://github.com/karpathy/minbpe",
    )  # fmt: skip


def test_a_screen_that_returns_counts_once_and_the_description_goes_first() -> None:
    shown = frame("f1", 0, 9000, "see a.org/paper")
    again = frame("f2", 9000, 19_000, "see a.org/paper").model_copy(update={"same_as": "f1"})
    assert lecture_links("", [shown, again]) == ()
    (link,) = lecture_links("My paper https://a.org/paper", [shown, again])
    assert link.title == "My paper"


def shown(name: str, start_ms: int, text: str, y: int, confidence: float = 1.0) -> Frame:
    """A screen with one line at the height ``y``."""
    line = ScreenLine(text=text, box=Box(x=10, y=y, width=400, height=20), confidence=confidence)
    found = frame(name, start_ms, start_ms + 9000, text)
    return found.model_copy(update={"lines": (line,)})


def test_an_address_alone_in_the_bar_of_a_browser_is_sure_at_once() -> None:
    (one,) = shown_addresses([shown("f1", 0, "a arxiv.org/abs/1706.03762", y=60)])
    assert (one.at_ms, one.link.url) == (8500, "https://arxiv.org/abs/1706.03762")
    assert shown_addresses([shown("f1", 0, "see arxiv.org/abs/1706.03762 and more", y=60)]) == ()
    assert shown_addresses([shown("f1", 0, "arxiv.org/abs/1706.03762", y=500)]) == ()


def test_an_address_that_is_cut_off_or_not_read_certainly_is_none() -> None:
    for text, confidence in (("arxiv.org/abs/17…", 1.0), ("arxiv.org/abs/1706.03762", 0.9)):
        frames = [shown(f"f{n}", n * 9000, text, 60, confidence) for n in range(3)]
        assert shown_addresses(frames) == ()

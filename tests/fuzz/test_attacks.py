"""No section can smuggle in what runs, whatever the page's policy would stop besides."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from pipeline.render.formats.xhtml import to_xhtml
from tests.fuzz.attacks import hostile_sections
from tests.fuzz.targets.page import problems, section
from tests.tally import Tally


def test_hostile_sections_are_plain_text_and_links(tally: Tally) -> None:
    found = {}
    sections = hostile_sections()
    for markdown in sections:
        html = section(markdown).html
        if wrong := problems(f"<!DOCTYPE html><body>{html}</body>"):
            found[markdown] = wrong
        ElementTree.fromstring(f"<body>{to_xhtml(html)}</body>")
    assert not found
    tally.survived("hostile Markdown", len(sections))


@pytest.mark.parametrize(
    "html",
    [
        "<img src=x onerror=alert(1)>",
        "<svg><a href='javascript:alert(1)'>a</a></svg>",
        "<p style='x'>a</p>",
        "<a href='java\tscript:alert(1)'>a</a>",
        "<img src=//evil.example/x>",
    ],
)
def test_what_would_run_is_recognised(html: str) -> None:
    assert problems(html)

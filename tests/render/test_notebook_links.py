"""A notebook with a public address can be opened where it runs."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from pipeline.engine.workspace import Workspace
from pipeline.render.files import render_chapter
from pipeline.render.load import sources_of
from pipeline.render.notebook_links import notebook_links
from pipeline.settings.render import RenderSettings

LITE = "https://me.github.io/lite/lab/index.html"
GITHUB = "https://github.com/me/talks/tree/main/output/"


def links(**settings: str) -> list[str]:
    return [one.href for one in notebook_links("a talk-1a", RenderSettings(**settings))]


def test_colab_opens_what_is_on_github_and_jupyterlite_its_raw_file() -> None:
    assert links(public_url=GITHUB, jupyterlite_url=LITE) == [
        "https://colab.research.google.com/github/me/talks/blob/main/output/a%20talk-1a/render/"
        "chapter.ipynb",
        f"{LITE}?fromURL=https%3A%2F%2Fraw.githubusercontent.com%2Fme%2Ftalks%2Fmain%2Foutput%2F"
        "a%2520talk-1a%2Frender%2Fchapter.ipynb",
    ]


def test_another_website_has_no_link_to_colab() -> None:
    (lite,) = links(public_url="https://me.example/book", jupyterlite_url=LITE)
    assert lite.startswith(f"{LITE}?fromURL=https%3A%2F%2Fme.example%2Fbook%2F")
    assert links(public_url="https://me.example/book") == []


def test_without_a_public_address_the_page_links_nowhere(work: Workspace) -> None:
    page = render_chapter(sources_of(work), RenderSettings()).files["index.html"].decode()
    assert "colab" not in page and "fromURL" not in page
    public = RenderSettings(public_url=GITHUB)
    page = render_chapter(sources_of(work), public).files["index.html"].decode()
    assert 'href="https://colab.research.google.com/github/me/talks/blob/main/' in page


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(ValidationError):
        RenderSettings(public_url="javascript:alert(1)")

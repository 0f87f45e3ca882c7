"""Pages in other scripts: right to left, joined letters, the shapes of each country."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.artifacts import OUTLINE
from pipeline.engine.workspace import to_json
from tests.browser.conftest import Watched, write_rendered
from tests.render.sample import sample_workspace

Open = Callable[..., Watched]


def page_in(language: str, root: Path) -> Path:
    made = sample_workspace(root)
    outline = made.read(OUTLINE).model_copy(update={"language": language})
    made.path(OUTLINE).write_bytes(to_json(outline))
    return write_rendered(made)


def style(watched: Watched, selector: str, name: str) -> str:
    found = watched.page.locator(selector).first
    return str(found.evaluate(f"one => getComputedStyle(one).{name}"))


def test_arabic_letters_stay_joined_and_minus_ten_stays_minus_ten(
    open_page: Open, tmp_path: Path
) -> None:
    watched = open_page(page_in("ar", tmp_path / "output" / "arabic"))
    for selector in ("h1", "h2", ".contents-title"):
        assert style(watched, selector, "letterSpacing") == "normal"
    watched.page.click("[data-do=player]")
    assert style(watched, ".player .back", "direction") == "ltr"


@pytest.mark.parametrize(
    ("language", "font"),
    [("ja", "CJK JP"), ("ko", "CJK KR"), ("zh-TW", "CJK TC"), ("zh", "CJK SC"), ("en", "CJK SC")],
)
def test_characters_have_the_shapes_of_their_country(
    open_page: Open, tmp_path: Path, language: str, font: str
) -> None:
    watched = open_page(page_in(language, tmp_path / "output" / "east"))
    for selector in ("section p", ".contents"):
        assert font in style(watched, selector, "fontFamily")

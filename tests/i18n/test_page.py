"""The page's own words in five languages."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from pipeline.i18n.page import LANGUAGES, direction, words_for


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_blanks(language: str) -> None:
    english = words_for("en")
    text = (files("pipeline.i18n") / "strings" / f"{language}.json").read_text(encoding="utf-8")
    own = json.loads(text)
    # An example address is the same everywhere.
    assert english.keys() - own.keys() <= {"add_url_hint"}
    for key, value in own.items():
        assert set(re.findall(r"\{(\w+)\}", value)) == set(re.findall(r"\{(\w+)\}", english[key]))


@pytest.mark.parametrize(
    ("tag", "contents"),
    [("de-AT", "Inhalt"), ("zh-Hans", "目录"), ("nl", "Contents"), (None, "Contents")],
)
def test_a_tag_finds_its_language_else_english(tag: str | None, contents: str) -> None:
    assert words_for(tag)["contents"] == contents


def test_arabic_and_hebrew_run_from_right_to_left() -> None:
    assert [direction(tag) for tag in ("ar", "he-IL", "en", None)] == ["rtl", "rtl", "ltr", "ltr"]

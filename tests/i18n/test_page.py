"""The page's own words in five languages."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from pipeline.i18n.formats import date_text, length_text
from pipeline.i18n.page import LANGUAGES, READERS, direction, words_for
from pipeline.i18n.transcript_edition import edition_words


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
    [
        ("de-AT", "Inhalt"),
        ("zh-Hans", "目录"),
        ("zh-TW", "目錄"),
        ("ja", "目次"),
        ("nl", "Contents"),
        (None, "Contents"),
    ],
)
def test_a_tag_finds_its_language_else_english(tag: str | None, contents: str) -> None:
    assert words_for(tag)["contents"] == contents


@pytest.mark.parametrize("language", READERS)
def test_a_readers_language_has_its_own_words_with_the_same_blanks(language: str) -> None:
    english, own = words_for("en"), words_for(language)
    for key, value in own.items():
        assert set(re.findall(r"\{(\w+)\}", value)) == set(re.findall(r"\{(\w+)\}", english[key]))
    same = [key for key in own if own[key] == english[key]]
    assert len(own) - len(same) >= 110
    assert not {"contents", "search", "figure", "watch", "about", "gaps_none"} & set(same)
    assert edition_words(language) != edition_words("en")


@pytest.mark.parametrize(
    ("language", "length", "day"),
    [
        ("en", "3 min 23 s", "2024-02-20"),
        ("zh", "3分钟23秒", "2024年2月20日"),
        ("ja", "3 分23 秒", "2024年2月20日"),
        ("de", "3\u00a0Min.\u00a023\u00a0Sek.", "20. Februar 2024"),
        ("ar", "3\u00a0د\u00a023\u00a0ث", "20 فبراير 2024"),
        ("xx", "3 min 23 s", "2024-02-20"),
    ],
)
def test_lengths_and_dates_are_written_as_the_language_does(
    language: str, length: str, day: str
) -> None:
    assert length_text(203_000, language) == length
    assert date_text("2024-02-20", language) == day


def test_arabic_and_hebrew_run_from_right_to_left() -> None:
    assert [direction(tag) for tag in ("ar", "he-IL", "en", None)] == ["rtl", "rtl", "ltr", "ltr"]

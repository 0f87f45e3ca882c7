"""The words of pages, library and books in twelve languages."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest
from babel.core import Locale

from pipeline.i18n.formats import date_text, length_text
from pipeline.i18n.page import LANGUAGES, counted, direction, words_for
from pipeline.i18n.transcript_edition import edition_words


def own_texts(language: str) -> dict[str, str]:
    text = (files("pipeline.i18n") / "strings" / f"{language}.json").read_text(encoding="utf-8")
    loaded: dict[str, str] = json.loads(text)
    return loaded


def blanks(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_blanks(language: str) -> None:
    english, own = own_texts("en"), own_texts(language)
    # An example address is the same everywhere; a new text may wait for a few of its translators.
    missing = english.keys() - own.keys() - {"add_url_hint"}
    assert len(missing) <= (0 if language in LANGUAGES[:5] else 10)
    for key in english.keys() & own.keys():
        assert blanks(own[key]) == blanks(english[key])
    same = {key for key in own if own[key] == english.get(key)}
    assert language == "en" or len(own) - len(same) >= 190
    assert language == "en" or not {"contents", "add_title", "book_contents"} & same


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_with_a_number_have_the_forms_that_cldr_tells_apart(language: str) -> None:
    english, own = own_texts("en"), own_texts(language)
    rule = Locale.parse(language, sep="-").plural_form
    # Up to a thousand: French and Spanish have a form of their own for millions.
    categories = {rule(count) for count in range(2, 1000)} - {"other"}
    for key in (key.removesuffix("_1") for key in english if key.endswith("_1")):
        forms = {one for one in categories if f"{key}_{one}" in own}
        assert forms == categories or categories == {"one"} == {rule(0)}
        assert all(blanks(own[f"{key}_{one}"]) <= {"count"} for one in forms)


@pytest.mark.parametrize(
    ("language", "count", "wanted"),
    [
        ("en", 1, "1 warning"),
        ("en", 0, "0 warnings"),
        ("de", 5, "5 Warnungen"),
        ("ru", 21, "21 предупреждение"),
        ("ru", 22, "22 предупреждения"),
        ("ru", 11, "11 предупреждений"),
        ("ar", 2, "تحذيران"),
        ("ar", 7, "7 تحذيرات"),
        ("ar", 40, "40 تحذيرًا"),
        ("ar", 100, "التحذيرات: 100"),
        ("zh-TW", 3, "3 個警告"),
        ("nl", 3, "3 warnings"),
    ],
)
def test_a_number_of_things_is_written_in_the_form_of_the_number(
    language: str, count: int, wanted: str
) -> None:
    assert counted(words_for(language), "gap_warnings", count) == wanted


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


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_the_transcript_edition_has_words_of_its_own(language: str) -> None:
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


def test_the_script_of_a_tag_decides_its_direction() -> None:
    tags = ("ckb", "ku-Arab", "ku", "ha", "pa_Arab_PK", "uz-Latn", "ks", "ar-Latn")
    assert [direction(tag) for tag in tags] == [
        "rtl",
        "rtl",
        "ltr",
        "ltr",
        "rtl",
        "ltr",
        "rtl",
        "ltr",
    ]

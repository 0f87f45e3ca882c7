"""Languages are compared in one place: by name, and by how they are written."""

from __future__ import annotations

import pytest

from pipeline.text.languages.codes import other_language, same_language


@pytest.mark.parametrize(
    ("first", "second"),
    [("en", "en-GB"), ("eng", "en"), ("ger", "deu"), ("chi", "zh-CN"), ("zh", "zh-Hans")],
)
def test_codes_of_one_language_are_the_same(first: str, second: str) -> None:
    assert same_language(first, second)
    assert not other_language(first, second)


@pytest.mark.parametrize(("first", "second"), [("en", "de"), ("eng", "ger"), ("pt", "es")])
def test_codes_of_two_languages_differ(first: str, second: str) -> None:
    assert not same_language(first, second)
    assert other_language(first, second)


@pytest.mark.parametrize(("first", "second"), [(None, "en"), ("en", None), ("", "de")])
def test_an_unknown_language_is_neither(first: str | None, second: str | None) -> None:
    assert not same_language(first, second)
    assert not other_language(first, second)


@pytest.mark.parametrize("traditional", ["zh-Hant", "zh-TW", "zh_HK", "zh-Hant-MO"])
def test_the_characters_of_chinese_are_told_apart_where_it_is_written(traditional: str) -> None:
    assert same_language("zh-Hans", traditional)
    assert other_language("zh-Hans", traditional)
    assert other_language("zh", traditional)

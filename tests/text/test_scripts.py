"""Scripts: which letters, which main script, spaces or none."""

from __future__ import annotations

import pytest
import regex

from pipeline.text.languages.known import LANGUAGES, language_of
from pipeline.text.scripts import SCRIPTS, UNSPACED, letters_by_script, main_script


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A byte has 8 bits.", "Latn"),
        ("В байте восемь бит, UTF", "Cyrl"),
        ("एक बाइट में आठ बिट", "Deva"),
        ("آج ہم دیکھیں گے", "Arab"),
        ("ዛሬ ጽሑፍ", "Ethi"),
        ("我们看看 BPE 如何工作", "Hani"),
        ("今日は数字を見ます", "Jpan"),
        ("バイトは八ビット", "Jpan"),
        ("바이트는 여덟 비트", "Hang"),
        ("วันนี้", "Thai"),
    ],
)
def test_the_main_script_is_that_of_most_letters(text: str, code: str) -> None:
    script = main_script(text)
    assert script is not None
    assert script.code == code


def test_a_kana_quoted_in_a_chinese_text_does_not_make_it_japanese() -> None:
    assert letters_by_script("日语的假名比如の很常见而且容易学会") == {"Hani": 16, "Jpan": 1}


@pytest.mark.parametrize("text", ["", "12:30 --> 14", "𐌀𐌁𐌂"])
def test_without_letters_of_a_listed_script_there_is_no_main_script(text: str) -> None:
    assert main_script(text) is None


def test_unspaced_matches_letters_and_punctuation_of_scripts_without_spaces_alone() -> None:
    unspaced = regex.compile(f"{UNSPACED}+")
    assert unspaced.findall("Say 你好。 then か, ไทย 한글 abc") == ["你好。", "か", "ไทย"]


def test_every_language_has_scripts_of_the_list_and_encodings_that_python_knows() -> None:
    for language in LANGUAGES.values():
        assert set(language.scripts) <= set(SCRIPTS)
        for encoding in language.encodings:
            assert "a".encode(encoding) == b"a"


def test_the_language_of_a_tag_is_found_without_its_region_and_script() -> None:
    russian = language_of("ru-RU")
    assert russian is not None
    assert (russian.code, russian.script.code, russian.encodings[0]) == ("ru", "Cyrl", "cp1251")
    assert language_of(None) is None

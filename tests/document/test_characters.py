"""Characters that nobody sees: gone from prose, visible in code, kept where a script needs them."""

from __future__ import annotations

import ast

import pytest
import regex

from pipeline.document.characters import clean_code, clean_prose

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cشود",
        "क\u094d\u200dष",
        "\U0001f468\u200d\U0001f469",
        ENGLAND,
        "ไทย\u200bไทย",
        "שלום\u200f (a)",
        "❤\ufe0f",
    ],
)
def test_what_a_script_needs_stays(text: str) -> None:
    assert clean_prose(text) == text


def test_prose_loses_controls_overrides_and_hidden_characters() -> None:
    hidden = "a\x00\x1b\x7f\u00ad\u200b\u200d\u202e\u2066\u2069\u2060\ufeff\ufffe\U000e0041b"
    assert clean_prose(hidden) == "ab"
    assert clean_prose("a\ud800b") == "a\ufffdb"
    assert clean_prose("a\u2028b\x0bc") == "a\nb\nc"


HIDDEN = {
    "an override": "\u202e",
    "an isolate": "\u2066",
    "a zero-width space": "\u200b",
    "a byte order mark": "\ufeff",
    "a tag": "\U000e0041",
    "a selector that no character has": "\U000e01f0",
    "a letter without a form": "\u3164",
    "a vowel without a form": "\u17b4",
    "a selector of a letter that has one form": "\ufe00",
    "an escape": "\x1b",
    "a null": "\x00",
}


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
def test_a_hidden_character_is_written_out_in_code_and_gone_from_prose(hidden: str) -> None:
    written = clean_code(f"a{hidden}b")
    assert written.isprintable()
    assert ast.literal_eval(f"'{written}'") == f"a{hidden}b"
    assert clean_prose(f"a{hidden}b") == "ab"


def test_a_message_of_tags_behind_a_flag_is_no_flag() -> None:
    hidden = "\U0001f3f4" + "\U000e0041" * 40
    assert clean_prose(hidden).count("\U000e0041") <= 11
    assert clean_code(hidden).count("\\U000e0041") >= 29


def test_a_name_that_looks_like_another_is_no_name() -> None:
    hidden = [chr(one) for one in range(0x110000) if regex.match(r"\p{DI}", chr(one))]
    assert [one for one in hidden if clean_code(f"user{one}").isidentifier()] == []


def test_a_message_of_selectors_behind_an_emoji_is_no_emoji() -> None:
    hidden = "😀" + "".join(chr(0xE0100 + ord(one)) for one in "obey")
    assert clean_prose(hidden) == hidden[:2]
    assert clean_code(hidden).isprintable()


def test_forms_of_ideographs_and_digits_stay_in_prose() -> None:
    for text in ("葛\U000e0100城", "1\ufe0f\u20e3", "a ∩\ufe00 b"):
        assert clean_prose(text) == text


def test_form_feeds_between_functions_are_no_letters() -> None:
    assert clean_code("x = 1\n\x0c\ny = 2\n") == "x = 1\n\ny = 2\n"


def test_code_shows_them_as_python_would_write_them() -> None:
    source = 'x = "\u202e\u200b\x00\x0c\U000e0041"'
    assert clean_code(source) == 'x = "\\u202e\\u200b\\x00\\x0c\\U000e0041"'
    assert clean_code("\ta\r\nb\u200d") == "\ta\nb\u200d"
    assert clean_code("a\ud800b") == "a\ufffdb"


def test_emoji_stay_in_code() -> None:
    keycap, notice = "1\ufe0f\u20e3", "\u2139\ufe0f"
    for text in ("\U0001f468\u200d\U0001f469", ENGLAND, "❤\ufe0f", keycap, notice):
        assert clean_code(text) == text

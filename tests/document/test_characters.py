"""Characters that nobody sees: gone from prose, visible in code, kept where a script needs them."""

from __future__ import annotations

import pytest

from pipeline.document.characters import clean_code, clean_prose


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cشود",
        "क\u094d\u200dष",
        "\U0001f468\u200d\U0001f469",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
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


def test_code_shows_them_as_python_would_write_them() -> None:
    source = 'x = "\u202e\u200b\x00\x0c\U000e0041"'
    assert clean_code(source) == 'x = "\\u202e\\u200b\\x00\\x0c\\U000e0041"'
    assert clean_code("\ta\r\nb\u200d") == "\ta\nb\u200d"

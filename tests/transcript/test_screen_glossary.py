"""Which words of the screen may correct what was heard."""

from __future__ import annotations

import pytest

from pipeline.models import Box, Frame, ScreenLine, Screens
from pipeline.transcript.screen_glossary import ScreenGlossary, ScreenWords, readable

FREQUENCY = {"the": 0, "pairs": 4_000}

NONSENSE = "nasuwsauru oiwainwii\nfaata afiaat"  # as Thai and Hindi are read
CODE = "def area(width, height):\n    return width * height"
ENGLISH = "Byte pair encoding"


def terms_at(text: str, at_ms: int = 0) -> list[str]:
    glossary = ScreenGlossary([ScreenWords(0, 10_000, text)], FREQUENCY)
    return [term.text for term in glossary.near(at_ms)[0]]


def test_rare_words_are_terms_for_two_minutes_around_their_screen() -> None:
    assert terms_at("the tiktokenizer pairs x1 minbpe") == ["tiktokenizer", "minbpe"]
    assert terms_at("minbpe", 129_000) == ["minbpe"]
    assert terms_at("minbpe", 131_000) == []


@pytest.mark.parametrize("text", ["100-200 taok...", "taok… minute", "...okenizer", "…okenizer"])
def test_a_word_that_an_ellipsis_cuts_is_none(text: str) -> None:
    assert not {"taok", "okenizer"} & set(terms_at(text))


def test_a_word_before_a_full_stop_or_beside_digits_is_one() -> None:
    assert terms_at("the minbpe. tiktoken2") == ["minbpe", "tiktoken"]


def frame(text: str) -> Frame:
    lines = tuple(
        ScreenLine(text=line, box=Box(x=0, y=0, width=1, height=1), confidence=1)
        for line in text.splitlines()
    )
    base = Frame(id="f1", at_ms=0, start_ms=0, end_ms=1, path="f1.webp", width=1, height=1)
    return base.model_copy(update={"text": text, "lines": lines})


def screens(text: str) -> Screens:
    return Screens(frames=(frame(text),))


@pytest.mark.parametrize("language", ["th", "hi", "ar", "fa", "ko", "ru", "el", "he", "ar-EG"])
def test_nonsense_goes_and_english_and_code_stay(language: str) -> None:
    (one,) = readable(screens(f"{NONSENSE}\n{ENGLISH}\n{CODE}"), language)
    assert one.text == f"{ENGLISH}\n{CODE}"
    assert [line.text for line in one.lines] == one.text.splitlines()
    assert one.path == "f1.webp"


@pytest.mark.parametrize("language", ["en", "de", "zh", "ja", "vi", "tr", None, "xx"])
def test_scripts_that_are_read_stay_whole(language: str | None) -> None:
    shown = screens(f"{NONSENSE}\n{ENGLISH}")
    assert readable(shown, language) == shown.frames


def test_what_another_engine_knows_stays_whole() -> None:
    shown = screens("ภาษาไทย").model_copy(update={"scripts": ("Thai", "Latn")})
    assert readable(shown, "th") == shown.frames
    (one,) = readable(shown, "hi")
    assert one.text == ""

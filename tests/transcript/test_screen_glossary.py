"""Which words of the screen may correct what was heard."""

from __future__ import annotations

import pytest

from pipeline.transcript.screen_glossary import ScreenGlossary, ScreenWords

FREQUENCY = {"the": 0, "pairs": 4_000}


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

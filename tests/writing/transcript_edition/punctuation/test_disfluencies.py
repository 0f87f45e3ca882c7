"""Light cleaning of spoken English."""

from __future__ import annotations

import pytest

from pipeline.writing.transcript_edition.punctuation.disfluencies import (
    cleaned,
    without_sounds,
)
from tests.writing.transcript_edition.lectures import spoken


def text_of(words: str) -> str:
    return " ".join(word.text for word in cleaned(spoken(words)))


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("and um this is uh the token", "and this is the token"),
        ("the the token", "the token"),
        ("in the in the in the attention layer", "in the attention layer"),
        ("it it's a single token", "it's a single token"),
        ("this is um this is a tree", "this is a tree"),
    ],
)
def test_hesitations_and_stumbles_go(said: str, read: str) -> None:
    assert text_of(said) == read


@pytest.mark.parametrize(
    "said",
    [
        "a very very large vocabulary",
        "the bytes 97 97 are replaced",
        "one one zero",
        "I know that that works",
        "the lecturer's own sentence stays as it is",
    ],
)
def test_what_may_be_meant_stays(said: str) -> None:
    assert text_of(said) == said


def test_a_sentence_keeps_its_capital_and_its_full_stop() -> None:
    assert text_of("That is all, uh. Um, next we merge.") == "That is all. Next we merge."


def test_sounds_that_a_caption_describes_are_no_words() -> None:
    words = without_sounds(spoken("[Music] hello (applause) ♪ [PRG]"))
    assert [word.text for word in words] == ["hello", "[PRG]"]

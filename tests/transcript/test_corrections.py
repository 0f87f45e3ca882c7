"""Terms and numbers are corrected where the screen proves them, and only there."""

from __future__ import annotations

import pytest

from pipeline.models import Cue
from pipeline.transcript.corrections import ScreenWords, correct_names
from pipeline.transcript.cues import spread
from pipeline.transcript.phonetics import common_words

SCREENS = (
    ScreenWords(
        0, 60_000, "minbpe import regex as re\ntiktoken byte pair 30642 1024 tokenizer bytepair"
    ),
    ScreenWords(60_000, 120_000, "exercise: minbpe, regex pattern, tiktoken, tokenizer; Karpathy"),
    ScreenWords(600_000, 700_000, "Unicode 49152 sentencepiece"),
)
WORDS = common_words()


def corrected(text: str, at_ms: int = 30_000) -> Cue:
    words = spread(text.split(), at_ms, at_ms + 4000)
    cue = Cue(start_ms=at_ms, end_ms=at_ms + 4000, text=text, words=words)
    return correct_names([cue], SCREENS, WORDS)[0]


@pytest.mark.parametrize(
    ("heard", "right"),
    [
        ("use the reex library,", "use the regex library,"),
        ("I call it MBP.", "I call it minbpe."),
        ("in the M bpe repository", "in the minbpe repository"),
        ("so 3,642 is a token", "so 30642 is a token"),
        ("that makes 1,24 tokens", "that makes 1024 tokens"),
        ("with bite pair encoding", "with byte pair encoding"),
        ("the tick token library", "the tiktoken library"),
        ("says Karpathi here", "says Karpathy here"),
    ],
)
def test_a_misheard_term_becomes_the_one_on_the_screen(heard: str, right: str) -> None:
    cue = corrected(heard)
    assert cue.text == right
    assert cue.heard == heard
    assert " ".join(word.text for word in cue.words) == right
    assert (cue.words[0].start_ms, cue.words[-1].end_ms) == (30_000, 34_000)


@pytest.mark.parametrize(
    "heard",
    [
        "the tokenizers are tokenizing tokens",
        "a regex is two regexes",
        "byte pair encoding of bytes",
        "we have 256 of them and 1024 more",
        "it is right there to write",
        "the year 2024 and 50,257",
        "an MP is a member",
        "take the exercises",
    ],
)
def test_what_was_heard_right_stays(heard: str) -> None:
    cue = corrected(heard)
    assert cue.text == heard
    assert cue.heard is None


def test_a_term_is_only_proof_within_two_minutes() -> None:
    assert corrected("use the reex library", at_ms=230_000).text == "use the regex library"
    assert corrected("use the reex library", at_ms=400_000).text == "use the reex library"
    assert corrected("all 4,9152 of them", at_ms=650_000).text == "all 4,9152 of them"


def test_without_a_screen_nothing_changes() -> None:
    cue = corrected("use the reex library")
    assert correct_names([cue], (), WORDS) == (cue,)


def test_without_a_list_of_common_words_only_numbers_are_corrected() -> None:
    words = spread(["reex", "3,642"], 0, 1000)
    cue = Cue(start_ms=0, end_ms=1000, text="reex 3,642", words=words)
    assert correct_names([cue], SCREENS, {})[0].text == "reex 30642"


@pytest.mark.parametrize("said", ["and then we get a list", "we merge as often as we want"])
def test_function_words_are_never_half_of_a_term(said: str) -> None:
    screens = [ScreenWords(0, 60_000, "wget merges"), ScreenWords(60_000, 90_000, "wget merges")]
    words = spread(said.split(), 30_000, 34_000)
    cue = Cue(start_ms=30_000, end_ms=34_000, text=said, words=words)
    assert correct_names([cue], screens, WORDS) == (cue,)


def test_a_spelling_that_was_misread_once_gives_way_to_the_usual_one() -> None:
    screens = [ScreenWords(at * 1000, 60_000, "sentencepiece") for at in range(4)]
    screens.append(ScreenWords(0, 60_000, "sentencepece"))
    said = "we use sentencepeice here"
    words = spread(said.split(), 30_000, 34_000)
    cue = Cue(start_ms=30_000, end_ms=34_000, text=said, words=words)
    assert correct_names([cue], screens, WORDS)[0].text == "we use sentencepiece here"

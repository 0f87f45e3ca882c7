"""What recognisers invent does not get into a transcript; what people say does."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pipeline.transcript.asr.engines.engine import RecognisedWord, Recognition
from pipeline.transcript.asr.hallucinations import doubt, without_inventions
from tests.shared import shared
from tests.transcript.asr.fakes import heard

SAMPLES = "media/speech/whisper-output-samples/expected__"


def sample(name: str) -> list[Recognition]:
    """The windows of a real Whisper output."""
    data = json.loads(shared(f"{SAMPLES}{name}.mp3.words.json").read_text())
    windows: dict[int, list[dict[str, object]]] = {}
    for segment in data["segments"]:
        windows.setdefault(segment["seek"], []).append(segment)
    return [
        Recognition(
            words=tuple(
                RecognisedWord(w["start"], w["end"], w["text"], w["confidence"])
                for segment in segments
                for w in segment["words"]  # type: ignore[attr-defined]
            ),
            average_logprob=float(segments[0]["avg_logprob"]),  # type: ignore[arg-type]
            no_speech=float(segments[0]["no_speech_prob"]),  # type: ignore[arg-type]
        )
        for segments in windows.values()
    ]


def test_a_real_loop_is_doubted_and_left_once() -> None:
    windows = sample("corner_cases_stucked_lm_apollo11")
    looping = [window for window in windows if "got them, got them" in window.text]
    assert looping
    for window in looping:
        assert doubt(window) == "loop"
        kept, dropped = without_inventions(window)
        assert kept.text.count("got them") <= 2
        assert dropped.loop > 100


def test_a_real_sign_off_over_silence_is_dropped() -> None:
    (window,) = sample("medium_auto_empty")
    kept, dropped = without_inventions(window)
    assert kept.words == ()
    assert dropped.sign_off == 3


def test_a_real_stuck_digit_is_doubted_and_left_once() -> None:
    for window in sample("medium_auto_radio_short"):
        kept, _ = without_inventions(window)
        assert len(kept.words) <= 14


def test_real_dialogue_is_kept_word_for_word() -> None:
    for window in sample("medium_auto_gloria"):
        assert doubt(window) is None
        assert without_inventions(window)[0].text == window.text


@pytest.mark.parametrize(
    "text",
    [
        "no no no that is wrong",
        "it is very very small",
        "we do it again and again and again until it is done",
        "one zero one one zero one in binary",
        "Thanks for watching.",
    ],
)
def test_what_people_say_is_neither_doubted_nor_dropped(text: str) -> None:
    window = heard(f"So this is the point here. {text}")
    assert without_inventions(window)[0].text == window.text


def test_a_phrase_said_twice_is_worth_a_second_listening() -> None:
    assert doubt(heard("so a long one does not fit, so a long one does not fit.")) == "loop"


def test_words_the_model_did_not_believe_are_doubted() -> None:
    assert doubt(heard("one two three", logprob=-1.3)) == "unsure"
    kept, dropped = without_inventions(heard("one two three", logprob=-1.3, no_speech=0.8))
    assert (kept.words, dropped.unsure) == ((), 3)


def test_what_is_said_before_and_after_a_long_pause_is_no_loop() -> None:
    twice = heard("so a long one does not fit. so a long one does not fit.")
    assert doubt(twice, breaks=[2.1]) is None
    assert without_inventions(twice, breaks=[2.1])[0].text == twice.text


def test_a_sentence_without_any_time_is_dropped() -> None:
    crammed = tuple(RecognisedWord(5.0, 5.0, word, 0.9) for word in ["and", "so", "it", "goes."])
    window = replace(heard("First words."), words=(*heard("First words.").words, *crammed))
    kept, dropped = without_inventions(window)
    assert kept.text == "First words."
    assert dropped.silence == 4


def test_an_unbelieved_sentence_inside_a_pause_is_dropped() -> None:
    words = tuple(
        RecognisedWord(3 + i, 4 + i, word, 0.3) for i, word in enumerate(["Hello", "there."])
    )
    kept, dropped = without_inventions(Recognition(words, -0.5, 0.1), pauses=[(2.9, 5.2)])
    assert (kept.words, dropped.silence) == ((), 2)

"""Corrected words stand in the speech that a chapter is written from, each at its moment."""

from __future__ import annotations

import pytest

from pipeline.document.corrections import Correction
from pipeline.errors import RenderError
from pipeline.models import Segments, Transcript
from pipeline.text.words import joined
from pipeline.writing.corrected_speech import corrected_speech
from tests.writing.transcript_edition.lectures import lecture


def corrected(speech: list[str], *made: Correction) -> tuple[Segments, Transcript]:
    return corrected_speech(*lecture(speech), made)


@pytest.mark.parametrize(
    ("speech", "wrong", "right", "expected"),
    [
        (["use the tick token library.", "It is fast."], "tick token", "tiktoken", None),
        (["that is sentence piece.", "Sentence piece is old."], "sentence piece", "SPM", None),
        (["says Karpathy, who", "wrote it"], "Karpathy", "Andrej Karpathy", None),
        (["so um we go", "on um"], "um", "", ["so we go", "on"]),
        (["um", "we go on"], "um", "", ["um", "we go on"]),
        (["a pair, a pair and", "a pair"], "a pair", "two", ["two, two and", "two"]),
        (["nothing of it", "here"], "tick token", "tiktoken", None),
    ],
)
def test_words_are_corrected(
    speech: list[str], wrong: str, right: str, expected: list[str] | None
) -> None:
    segments, transcript = corrected(speech, Correction(wrong=wrong, right=right))
    expected = expected or [one.replace(wrong, right) for one in speech]
    assert [one.text for one in segments.segments] == expected
    for one in segments.segments:
        words = transcript.words[one.first_word : one.last_word + 1]
        assert joined(word.text for word in words) == one.text
        assert all(one.start_ms <= word.start_ms <= one.end_ms for word in words)
    assert len(transcript.words) == segments.segments[-1].last_word + 1


def test_a_word_is_corrected_at_its_place_only() -> None:
    segments, _ = lecture(["a pear of bytes", "a pear of bytes"])
    second = segments.segments[1]
    made = Correction(wrong="pear", right="pair", start_ms=second.start_ms, end_ms=second.end_ms)
    found, _ = corrected(["a pear of bytes", "a pear of bytes"], made)
    assert [one.text for one in found.segments] == ["a pear of bytes", "a pair of bytes"]


def test_growth_without_end_is_refused() -> None:
    bomb = [Correction(wrong="a", right="bb bb"), Correction(wrong="bb", right="a a")] * 30
    with pytest.raises(RenderError, match=r"corrections\.json"):
        corrected(["a pair"], *bomb)

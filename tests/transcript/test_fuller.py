"""When a transcript lacks so much that it must not take the place of another."""

from __future__ import annotations

from pipeline.models import Cue, Transcript
from pipeline.transcript.fuller import is_far_poorer, word_count


def transcript(text: str) -> Transcript:
    cues = (Cue(start_ms=0, end_ms=1000, text=text),) if text else ()
    return Transcript(language=None, engine="captions", model=None, cues=cues)


def test_words_are_counted_in_every_script() -> None:
    assert word_count(transcript("It's two words, no: five")) == 5
    assert word_count(transcript("用 BPE 训练")) == 4
    assert word_count(transcript("")) == 0


def test_only_a_transcript_with_far_fewer_words_is_far_poorer() -> None:
    whole = transcript("word " * 90)
    assert not is_far_poorer(transcript("word " * 61), whole)
    assert is_far_poorer(transcript("word " * 59), whole)
    assert is_far_poorer(transcript(""), transcript("word"))
    assert not is_far_poorer(transcript(""), transcript(""))

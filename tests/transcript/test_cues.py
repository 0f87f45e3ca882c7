"""Recognised words as cues: one a sentence, within the limits, in order."""

from __future__ import annotations

from itertools import pairwise

from pipeline.models import Cue, Word
from pipeline.transcript.cues import MAX_LETTERS, cues_from, in_order


def spoken(text: str, pause_after: str = "", pause_ms: int = 0) -> list[Word]:
    """``text`` at 300 ms a word, with a pause after one word."""
    words, at_ms = [], 0
    for word in text.split():
        words.append(Word(start_ms=at_ms, end_ms=at_ms + 280, text=word))
        at_ms += 300 + (pause_ms if word == pause_after else 0)
    return words


def texts(words: list[Word]) -> list[str]:
    return [cue.text for cue in cues_from(words)]


def test_a_sentence_is_a_cue() -> None:
    assert texts(spoken("It begins. It ends.")) == ["It begins.", "It ends."]


def test_an_abbreviation_ends_no_cue() -> None:
    text = "And Mr. Dashwood had e.g. a house in St. Petersburg. It was large."
    assert texts(spoken(text)) == [
        "And Mr. Dashwood had e.g. a house in St. Petersburg.",
        "It was large.",
    ]


def test_a_pause_after_an_abbreviation_ends_no_cue_either() -> None:
    assert texts(spoken("and Mr. Dashwood", "Mr.", 1_200)) == ["and Mr. Dashwood"]
    assert texts(spoken("and then Dashwood", "then", 1_200)) == ["and then", "Dashwood"]


def test_a_long_sentence_is_not_divided_after_an_abbreviation() -> None:
    words = spoken(
        f"{'so it was said ' * 3}to Mr. Dashwood {'who went away then ' * 3}", "Mr.", 800
    )
    cues = cues_from(words)
    assert all(len(cue.text) <= MAX_LETTERS for cue in cues)
    assert not any(cue.text.endswith("Mr.") for cue in cues)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(cues))


def cue(start_ms: int, end_ms: int, *words: tuple[int, int]) -> Cue:
    """A cue with the words ``a``, ``b``, ... at these times."""
    timed = tuple(
        Word(start_ms=start, end_ms=end, text=chr(ord("a") + at))
        for at, (start, end) in enumerate(words)
    )
    text = " ".join(word.text for word in timed)
    return Cue(start_ms=start_ms, end_ms=end_ms, text=text, words=timed)


def test_a_cue_that_runs_into_the_next_keeps_its_word_times_and_ends_there() -> None:
    first, _ = in_order([cue(0, 5000, (0, 500), (2000, 4500)), cue(3000, 6000, (3000, 3500))])
    assert [(word.start_ms, word.end_ms) for word in first.words] == [(0, 500), (2000, 3000)]
    assert (first.end_ms, first.approximate) == (3000, False)


def test_words_that_no_longer_fit_their_cue_share_its_time() -> None:
    first, _ = in_order([cue(0, 5000, (0, 500), (4000, 4500)), cue(3000, 6000, (3000, 3500))])
    assert all(word.end_ms <= 3000 for word in first.words)
    assert first.approximate

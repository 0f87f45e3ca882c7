"""What is known of the gap between two words: the words beside it, the pause, the caption line.

The weights of the features (``break_weights``) are measured, not set: ``bench_sentences --fit``
fits a logistic regression to them on the first half of a lecture whose sentence ends are known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from pipeline.text.english import word_set
from pipeline.text.spoken_words import SpokenWord

# Words that begin sentences more, or less, often than the scores of their class say.
_TELLING = word_set("so and but now this that it the in if for you i what or as")
_STEPS_MS = (150, 300, 450)
_LONGEST_MS, _LONGEST_WITH_START_MS = 1200, 800
_NEIGHBOURS = 12
_LEAST_PAUSE_MS = 100
# Recognisers' words pause anywhere; in captions every pause stands between two lines.
_WITHIN_LINES = 0.2


class Timing(Enum):
    """How well the words' times are known."""

    NONE = "none"
    CUES = "cues"
    WORDS = "words"


def timing_of(words: Sequence[SpokenWord]) -> Timing:
    """Whether pauses between words, only lines of captions, or nothing at all is known."""
    paused = [word for word in words if word.pause_ms >= _STEPS_MS[0]]
    within = sum(not word.line_start for word in paused)
    if within > _WITHIN_LINES * len(paused):
        return Timing.WORDS
    return Timing.CUES if sum(word.line_start for word in words) > 1 else Timing.NONE


def features(
    words: Sequence[SpokenWord], at: int, start: float, ending: float, timing: Timing
) -> Mapping[str, float]:
    """The features of the gap before the word ``at``.

    Args:
        start: how well the word opens a sentence (see ``SentenceStarts``).
        ending: what speaks against a sentence that ends before it, 0 or less.
    """
    word = words[at]
    start, ending = max(-4.0, min(4.0, start)), max(-4.0, min(0.0, ending))
    pause_s = min(word.pause_ms, _LONGEST_MS) / 1000
    found = {"bias": 1.0, "start": start, "ending": ending, "pause": pause_s}
    found["pause, start"] = min(word.pause_ms, _LONGEST_WITH_START_MS) / 1000 * start
    found |= {f"pause {step}": 1.0 for step in _STEPS_MS if word.pause_ms >= step}
    if start >= 1:
        found["good start"] = 1.0
    if start <= -3:
        found["bad start"] = 1.0
    if word.key in _TELLING:
        found[word.key] = 1.0
    if timing is Timing.CUES and word.line_start:
        found |= {"line": 1.0, "line, start": start}
    if timing is Timing.WORDS and _is_longest_around(words, at):
        found["longest pause around"] = 1.0
    return found


def _is_longest_around(words: Sequence[SpokenWord], at: int) -> bool:
    pause_ms = words[at].pause_ms
    around = range(max(1, at - _NEIGHBOURS), min(len(words), at + _NEIGHBOURS + 1))
    return pause_ms > _LEAST_PAUSE_MS and all(words[n].pause_ms <= pause_ms for n in around)

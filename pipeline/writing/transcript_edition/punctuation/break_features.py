"""What is known of the gap between two words: the words beside it, the pause, the caption line.

The weights of the features (``break_weights``) are measured, not set: ``bench_sentences --fit``
fits a logistic regression to them on the first half of a lecture whose sentence ends are known.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from pipeline.text.english import word_set
from pipeline.text.spoken_words import SpokenWord

# Words that begin sentences more, or less, often than the scores of their class say.
_TELLING = word_set("so and but now this that it the in if for you i what or as")
_STEPS_MS = (150, 300, 450)
_LONGEST_MS, _LONGEST_WITH_START_MS = 1200, 800
_NEIGHBOURS = 12
# Log odds of the text are cut off here: beyond, the model is no surer than it can be.
_LEAST_ODDS, _MOST_ODDS = -6.0, 4.0
# How long a word of n letters takes (least squares over the first half of the lecture with word
# times). The last word of a sentence is drawn out, also where the recogniser shows no pause.
_WORD_MS, _LETTER_MS = 130, 31
_DRAWN_MS, _HURRIED_MS = 500, -300
# What lines tell settles within these rounds. So many gaps of the usual kind are added to each
# kind, and no kind is surer than this: few lines prove little.
_ROUNDS, _DOUBT, _RAREST = 15, 2, 0.001
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


@dataclass(frozen=True)
class Heard:
    """What is told of a gap from more than the words and the pause beside it.

    Args:
        start: how well the word after it opens a sentence (see ``SentenceStarts``).
        ending: what speaks against a sentence that ends there, 0 or less.
        text: the log odds of an end by the text (see ``EndModel``).
        lines: those by the captions' lines (see ``line_odds``).
    """

    start: float
    ending: float
    text: float
    lines: float


def line_odds(words: Sequence[SpokenWord], text: Sequence[float]) -> list[float]:
    """How much more than elsewhere a sentence ends before each word, by lines and their gaps.

    Who writes captions may part sentences by gaps, begin a line with each, or cut lines anywhere.
    Which it is, the text tells: the share of ends within lines, between lines that touch and at
    gaps is estimated from its log odds (expectation maximisation), each word by itself.
    """
    kinds = [_line_kind(word) for word in words]
    # Of a word: whether a sentence ends before it.
    before = [_LEAST_ODDS, *(max(_LEAST_ODDS, min(_MOST_ODDS, odds)) for odds in text[:-1])]
    usual = _log_odds(sum(map(_chance, before)) / max(1, len(before)))
    shift = dict.fromkeys(kinds, 0.0)
    for _ in range(_ROUNDS):
        for kind in shift:
            chances = [
                _chance(b + shift[kind]) for b, k in zip(before, kinds, strict=True) if k == kind
            ]
            share = (sum(chances) + _DOUBT * _chance(usual)) / (len(chances) + _DOUBT)
            shift[kind] = _log_odds(share) - usual
    return [shift[kind] for kind in kinds]


def features(
    words: Sequence[SpokenWord], at: int, heard: Heard, timing: Timing
) -> Mapping[str, float]:
    """The features of the gap before the word ``at``."""
    word = words[at]
    start, ending = max(-4.0, min(4.0, heard.start)), max(-4.0, min(0.0, heard.ending))
    odds = max(_LEAST_ODDS, min(_MOST_ODDS, heard.text))
    pause_s = min(word.pause_ms, _LONGEST_MS) / 1000
    found = {"bias": 1.0, "start": start, "ending": ending, "text": odds, "pause": pause_s}
    shorter_s = min(word.pause_ms, _LONGEST_WITH_START_MS) / 1000
    found |= {"pause, start": shorter_s * start, "pause, text": shorter_s * odds}
    found |= {f"pause {step}": 1.0 for step in _STEPS_MS if word.pause_ms >= step}
    if start >= 1:
        found["good start"] = 1.0
    if start <= -3:
        found["bad start"] = 1.0
    if word.key in _TELLING:
        found[word.key] = 1.0
    if timing is Timing.CUES:
        found["lines"] = heard.lines
    if timing is Timing.WORDS:
        found |= {"drawn out before": _drawn_out(words[at - 1]), "drawn out": _drawn_out(word)}
        if _is_longest_around(words, at):
            found["longest pause around"] = 1.0
    return found


def _line_kind(word: SpokenWord) -> int:
    return word.line_start + (word.line_start and word.pause_ms >= _STEPS_MS[0])


def _chance(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))


def _log_odds(share: float) -> float:
    share = max(_RAREST, min(1 - _RAREST, share))
    return math.log(share / (1 - share))


def _drawn_out(word: SpokenWord) -> float:
    """By how many tenths of a second the word is longer than its letters let expect."""
    more_ms = word.end_ms - word.start_ms - _WORD_MS - _LETTER_MS * len(word.key)
    return max(_HURRIED_MS, min(_DRAWN_MS, more_ms)) / 100


def _is_longest_around(words: Sequence[SpokenWord], at: int) -> bool:
    pause_ms = words[at].pause_ms
    around = range(max(1, at - _NEIGHBOURS), min(len(words), at + _NEIGHBOURS + 1))
    return pause_ms > _LEAST_PAUSE_MS and all(words[n].pause_ms <= pause_ms for n in around)

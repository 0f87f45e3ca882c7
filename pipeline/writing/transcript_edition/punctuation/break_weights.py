"""How much each feature of a gap between words speaks for a sentence end: log odds.

Measured by ``python -m tests.benchmarks.bench_sentences --fit``: those of words on the first half
of "Attention in transformers" (3Blue1Brown), those of captions on the first halves of four
lecturers' captions: the same (with and without gaps between them), "Course overview and the shell",
"Shell tools and scripting" (MIT Missing Semester) and "Stream ciphers are semantically secure"
(Boneh); those of bare text on the words of these captions alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.writing.transcript_edition.punctuation.break_features import Timing

WEIGHTS: Mapping[Timing, Mapping[str, float]] = MappingProxyType(
    {
        Timing.WORDS: {
            "and": -1.11,
            "as": 0.2,
            "bad start": -0.37,
            "bias": -2.66,
            "but": -0.65,
            "drawn out": 0.44,
            "drawn out before": 0.25,
            "ending": 0.18,
            "for": 0.67,
            "good start": 0.37,
            "i": -0.21,
            "if": 0.59,
            "in": 0.57,
            "it": -0.83,
            "longest pause around": 1.03,
            "now": 0.11,
            "pause": 1.64,
            "pause 150": 0.34,
            "pause 300": 0.6,
            "pause 450": 1.29,
            "pause, start": -0.61,
            "pause, text": -1.17,
            "so": 0.07,
            "start": 0.41,
            "text": 0.83,
            "that": -0.17,
            "the": 0.36,
            "this": 0.44,
            "what": -0.07,
            "you": -0.29,
        },
        Timing.CUES: {
            "and": 0.21,
            "as": 1.16,
            "bad start": -0.6,
            "bias": -1.04,
            "but": -0.85,
            "ending": 0.16,
            "for": 0.6,
            "good start": 1.29,
            "i": 0.43,
            "if": 0.83,
            "in": 1.02,
            "it": -1.04,
            "lines": 0.54,
            "now": 0.3,
            "or": 0.49,
            "pause": 0.28,
            "pause 150": 0.34,
            "pause 300": 0.19,
            "pause 450": 0.14,
            "pause, start": -0.3,
            "pause, text": -0.01,
            "so": 1.4,
            "start": -0.1,
            "text": 0.58,
            "that": -0.79,
            "the": 0.31,
            "this": -0.17,
            "what": 0.18,
            "you": 0.15,
        },
        Timing.NONE: {
            "and": 0.41,
            "as": 1.19,
            "bad start": -0.71,
            "bias": -0.4,
            "but": -0.21,
            "ending": 0.17,
            "for": -0.01,
            "good start": 1.27,
            "i": 0.24,
            "if": 0.93,
            "in": 0.55,
            "it": -0.19,
            "now": -0.29,
            "or": 0.3,
            "so": 1.21,
            "start": -0.17,
            "text": 0.75,
            "that": -0.23,
            "the": 0.35,
            "this": -0.03,
            "what": 0.3,
            "you": 0.3,
        },
    }
)

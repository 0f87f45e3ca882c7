"""How much each feature of a gap between words speaks for a sentence end: log odds.

Measured by ``python -m tests.benchmarks.bench_sentences --fit``: those of words on the first half
of "Attention in transformers" (3Blue1Brown), those of captions on the first halves of four
lecturers' captions: the same (with and without gaps between them), "Course overview and the shell",
"Shell tools and scripting" (MIT Missing Semester) and "Stream ciphers are semantically secure"
(Boneh).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.writing.transcript_edition.punctuation.break_features import Timing

WEIGHTS: Mapping[Timing, Mapping[str, float]] = MappingProxyType(
    {
        Timing.WORDS: {
            "and": -1.19,
            "as": 0.42,
            "bad start": -0.42,
            "bias": -3.0,
            "but": -0.68,
            "ending": 0.36,
            "for": 0.47,
            "good start": 0.3,
            "i": 0.11,
            "if": 1.2,
            "in": 0.59,
            "it": -0.84,
            "longest pause around": 0.95,
            "now": 0.06,
            "or": -0.01,
            "pause": 1.72,
            "pause 150": 0.72,
            "pause 300": 0.61,
            "pause 450": 1.24,
            "pause, start": -1.18,
            "so": 0.27,
            "start": 0.76,
            "that": -0.32,
            "the": 0.23,
            "this": 0.36,
            "what": 0.39,
            "you": -0.68,
        },
        Timing.CUES: {
            "and": 0.25,
            "as": 1.12,
            "bad start": -0.53,
            "bias": -2.3,
            "but": -0.63,
            "ending": 0.53,
            "for": 0.58,
            "good start": 0.81,
            "i": 1.1,
            "if": 1.22,
            "in": 1.25,
            "it": -0.53,
            "line": 2.1,
            "line, start": -0.37,
            "now": 0.67,
            "or": 0.26,
            "pause": 0.33,
            "pause 150": 1.01,
            "pause 300": 0.13,
            "pause 450": 0.23,
            "pause, start": -0.24,
            "so": 1.4,
            "start": 0.5,
            "that": -1.25,
            "the": 1.02,
            "this": 0.36,
            "what": 0.72,
            "you": 0.1,
        },
    }
)

"""How much each feature of a gap between words speaks for a sentence end: log odds.

Measured by ``python -m tests.benchmarks.bench_sentences --fit`` on the first halves of "Attention
in transformers" (3Blue1Brown; word times, and its captions with and without gaps between them) and
of "Course overview and the shell" (MIT Missing Semester; captions), never on the second halves.
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
            "and": -0.68,
            "as": 1.33,
            "bad start": -0.5,
            "bias": -3.44,
            "but": -1.34,
            "ending": 0.54,
            "for": 0.91,
            "good start": 0.57,
            "i": 1.2,
            "if": 1.26,
            "in": 0.96,
            "it": -0.45,
            "line": 3.21,
            "line, start": -0.4,
            "now": -0.13,
            "or": 0.01,
            "pause": 0.22,
            "pause 150": 1.16,
            "pause 300": 0.22,
            "pause 450": 0.39,
            "pause, start": -0.13,
            "so": 1.27,
            "start": 0.56,
            "that": -1.42,
            "the": 1.01,
            "this": 0.63,
            "what": 0.29,
            "you": -0.33,
        },
    }
)

"""Text of any size for timing: invented words whose frequencies follow Zipf's law."""

from __future__ import annotations

import numpy as np

ONSETS = [
    *"bcdfghjklmnprstvw",
    "bl",
    "br",
    "ch",
    "dr",
    "fl",
    "gr",
    "pr",
    "sh",
    "st",
    "str",
    "th",
    "tr",
]
VOWELS = ["a", "e", "i", "o", "u", "ea", "ai", "ou", "io"]
CODAS = ["", "", "", "n", "r", "l", "s", "st", "nd", "ng"]
ENDS = [" "] * 12 + [", ", ". ", "\n", "; ", " (", ") ", "'s "]
FORMS = 120_000


def english_like(size: int) -> str:
    """Return `size` characters, always the same; 10 MB have some 90,000 different pieces.

    A rank r word has frequency 1 / (r + 2.7) ** 1.05 (Mandelbrot's form of the law), and rare
    words are longer. Real English is easier on a published vocabulary, which knows most words.
    """
    random = np.random.default_rng(2026)
    syllables = [onset + vowel + coda for onset in ONSETS for vowel in VOWELS for coda in CODAS]
    lengths = 1 + np.minimum(3, random.exponential(0.4 + np.arange(FORMS) / 60_000)).astype(int)
    picked = random.choice(syllables, size=(FORMS, 4)).tolist()
    words = ["".join(row[:length]) for row, length in zip(picked, lengths, strict=True)]
    frequency = 1 / (np.arange(FORMS) + 2.7) ** 1.05
    count = size // 4
    chosen = random.choice(FORMS, size=count, p=frequency / frequency.sum()).tolist()
    ends = random.integers(len(ENDS), size=count).tolist()
    return "".join([words[n] + ENDS[end] for n, end in zip(chosen, ends, strict=True)])[:size]

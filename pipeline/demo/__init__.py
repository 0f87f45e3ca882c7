"""The bundled demo: a 3 min 23 s lecture on byte pair encoding, made by this project."""

from __future__ import annotations

from pathlib import Path


def video() -> Path:
    """Where the demo lecture is, in a checkout and in an installed package alike."""
    return Path(__file__).parent / "bpe-mini-lecture.mp4"

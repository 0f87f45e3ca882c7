"""A progress listener that remembers what it was told."""

from __future__ import annotations


class Heard:
    """Notes and warnings in order."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.warnings: list[str] = []

    def update(self, done: float, total: float | None, unit: str) -> None:
        pass

    def note(self, text: str) -> None:
        self.notes.append(text)

    def warn(self, text: str) -> None:
        self.warnings.append(text)

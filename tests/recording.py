"""A progress listener that remembers, for asserting on what a person would have seen."""

from __future__ import annotations


class RecordingProgress:
    """Keeps all it is told, in order."""

    def __init__(self) -> None:
        self.updates: list[tuple[float, float | None, str]] = []
        self.notes: list[str] = []
        self.warnings: list[str] = []
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.fresh: list[str] = []

    def update(self, done: float, total: float | None, unit: str) -> None:
        self.updates.append((done, total, unit))

    def note(self, text: str) -> None:
        self.notes.append(text)

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def stage_begins(self, name: str, why: str) -> None:
        self.begun.append(name)

    def stage_ends(self, name: str, seconds: float) -> None:
        self.ended.append(name)

    def stage_fresh(self, name: str) -> None:
        self.fresh.append(name)

"""Progress events of the stages, without knowing who receives them."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """A listener. All methods are cheap, thread-safe, and may be called at any time."""

    def update(self, done: float, total: float | None, unit: str) -> None:
        """``done`` of ``total`` ``unit`` are finished; ``total`` is None while it is unknown.

        ``unit`` is a short plural noun (``"frames"``, ``"s of audio"``, ``"MB"``); a new unit
        begins a new bar within the same stage.
        """

    def note(self, text: str) -> None:
        """One line a user wants to read: a choice that was made, and why."""

    def warn(self, text: str) -> None:
        """One line about something that is wrong but does not stop the run."""


class Silent:
    """A listener that drops everything: for library use and tests."""

    def update(self, done: float, total: float | None, unit: str) -> None:
        """Drop it."""

    def note(self, text: str) -> None:
        """Drop it."""

    def warn(self, text: str) -> None:
        """Drop it."""


class Remembering:
    """Passes everything on and keeps the warnings, in order."""

    def __init__(self, progress: Progress) -> None:
        self.warnings: list[str] = []
        self._progress = progress

    def update(self, done: float, total: float | None, unit: str) -> None:
        """Pass it on."""
        self._progress.update(done, total, unit)

    def note(self, text: str) -> None:
        """Pass it on."""
        self._progress.note(text)

    def warn(self, text: str) -> None:
        """Pass it on and keep it."""
        self.warnings.append(text)
        self._progress.warn(text)

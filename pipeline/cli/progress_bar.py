"""The bar that shows on a terminal how far a stage is. Imports rich: only where a bar is wanted."""

from __future__ import annotations

from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from pipeline.cli.terminal import PLAIN_INTERVAL_S, Eta, PlainReporter, seconds_text, speed_text
from pipeline.redaction import redact


class BarReporter(PlainReporter):
    """A live bar with the time left, and finished stages as lines above it."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._console = Console(file=stream)
        self._bar = Progress(
            TextColumn("[bold]{task.description:<11}"),
            BarColumn(bar_width=32),
            TextColumn("{task.fields[share]}"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=self._console,
            transient=True,
        )
        self._task: Any = None
        self._unit = ""

    def close(self) -> None:
        """Take the bar away and show the cursor again."""
        super().close()
        self._bar.stop()

    def line(self, text: str) -> None:
        """One line above the bar."""
        self._console.print(redact(text), markup=False, highlight=False)

    def update(self, done: float, total: float | None, unit: str) -> None:
        """Move the bar; a new unit begins a new one."""
        if self._task is None:
            return
        if unit != self._unit:
            self._unit = unit
            self._bar.reset(self._task, total=total)
        self._pace.is_due(done, total, unit)
        share = f"{done:.0f}/{total:.0f} {unit}" if total else f"{done:.0f} {unit}"
        share += speed_text(self._pace.per_s(done), unit)
        self._bar.update(self._task, completed=done, total=total, share=share)

    def note(self, text: str) -> None:
        """The note, indented under its stage."""
        self.line(f"  {text}")

    def stage_begins(self, name: str, why: str) -> None:
        """A fresh bar."""
        self._unit = ""
        self._pace = Eta(PLAIN_INTERVAL_S)
        self._bar.start()
        self._task = self._bar.add_task(name, total=None, share=why[:60])

    def stage_ends(self, name: str, seconds: float) -> None:
        """The bar becomes a line."""
        if self._task is not None:
            self._bar.remove_task(self._task)
            self._task = None
        self._bar.stop()
        self.line(f"✓ {name:<11} {seconds_text(seconds)}")

    def stage_fresh(self, name: str) -> None:
        """A line."""
        self.line(f"· {name:<11} up to date")

"""What a user sees while a book is made: lectures side by side, and the book's own progress.

All of it goes to stderr. One line for what happened, a live bar for each lecture in work.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any, TextIO

from pipeline.book.engines.coordinator import ProgressEvent
from pipeline.book.engines.plan import StepResult
from pipeline.cli.terminal import Style, seconds_text


def view(style: Style, titles: dict[int, str], stream: TextIO = sys.stderr) -> BookView:
    """The view for ``style``; ``titles`` of the lectures that are to be worked on, by number."""
    if style == "quiet":
        return BookView(titles, stream)
    if style == "json":
        return JsonView(titles, stream)
    if style == "rich" or (style == "auto" and stream.isatty()):
        return BarView(titles, stream)
    return PlainView(titles, stream)


class BookView:
    """Only failures and warnings; the base of the others."""

    def __init__(self, titles: dict[int, str], stream: TextIO) -> None:
        self.titles = titles
        self.stream = stream
        self.ended = 0

    def __call__(self, event: ProgressEvent | StepResult) -> None:
        """Show one event."""
        if isinstance(event, StepResult):
            self.ended += 1
            self.lecture_ended(event)
        else:
            self.news(event)

    def line(self, text: str) -> None:
        """One line."""
        self.stream.write(text + "\n")
        self.stream.flush()

    def name(self, number: int) -> str:
        """A lecture as it is called in lines."""
        return f"[{number}] {self.titles.get(number, '')[:40]}".rstrip()

    def news(self, news: ProgressEvent) -> None:
        """A warning."""
        if news.kind == "warn":
            self.line(f"warning: {self.name(news.number)}: {news.step}: {news.text}")

    def lecture_ended(self, done: StepResult) -> None:
        """A failure."""
        if done.failure:
            what = "left out" if done.left_out else f"{done.step} failed"
            self.line(f"{self.name(done.number)}: {what}: {done.failure}")

    def close(self) -> None:
        """Nothing more comes."""


class PlainView(BookView):
    """A line for each step and each lecture."""

    def news(self, news: ProgressEvent) -> None:
        """The end of a step; notes would drown the rest."""
        super().news(news)
        if news.kind == "ends":
            self.line(f"{self.name(news.number)}: {news.step} done in {seconds_text(news.done)}")

    def lecture_ended(self, done: StepResult) -> None:
        """How many are done."""
        super().lecture_ended(done)
        if not done.failure:
            self.line(f"{self.name(done.number)}: complete ({self.ended} of {len(self.titles)})")


class JsonView(BookView):
    """One JSON object a line."""

    def news(self, news: ProgressEvent) -> None:
        """``{"lecture", "step", "kind", "text", "done", "total"}``."""
        fields = asdict(news)
        self.line(json.dumps({"lecture": fields.pop("number"), **fields}, ensure_ascii=False))

    def lecture_ended(self, done: StepResult) -> None:
        """``{"lecture", "step", "ended", "failure"}``."""
        event = {"lecture": done.number, "step": done.step, "ended": True, "failure": done.failure}
        self.line(json.dumps(event, ensure_ascii=False))


class BarView(PlainView):
    """One bar for the book, and one for each lecture in work."""

    def __init__(self, titles: dict[int, str], stream: TextIO) -> None:
        super().__init__(titles, stream)
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._console = Console(file=stream)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=28),
            TextColumn("{task.fields[said]}"),
            console=self._console,
            transient=True,
        )
        self._book = self._progress.add_task("[bold]book", total=len(titles), said="")
        self._tasks: dict[int, Any] = {}
        self._progress.start()

    def line(self, text: str) -> None:
        """One line above the bars."""
        self._console.print(text, markup=False, highlight=False)

    def news(self, news: ProgressEvent) -> None:
        """Move a lecture's bar."""
        if news.kind in ("warn", "ends"):
            super().news(news)
            return
        if news.number not in self._tasks:
            name = self.name(news.number)
            self._tasks[news.number] = self._progress.add_task(name, total=None, said="")
        total = news.total or None
        said = f"{news.step} {news.text}" if news.kind == "update" else news.step
        self._progress.update(
            self._tasks[news.number], completed=news.done, total=total, said=said[:60]
        )

    def lecture_ended(self, done: StepResult) -> None:
        """Drop its bar, move the book's."""
        if task := self._tasks.pop(done.number, None):
            self._progress.remove_task(task)
        said = f"{self.ended} of {len(self.titles)}"
        self._progress.update(self._book, completed=self.ended, said=said)
        super().lecture_ended(done)

    def close(self) -> None:
        """Take the bars away."""
        self._progress.stop()

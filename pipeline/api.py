"""The library: ``from pipeline import convert, Lecture, Chapter``.

What the command line does, as calls: ``convert`` makes a chapter, ``Lecture`` is a lecture's
folder, ``Chapter`` what came of it. Nothing is printed; who wants to hear of the work passes
``on_event``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pipeline import demo, runner
from pipeline.artifacts import CHECKED, OUTLINE, TRANSCRIPT, VIDEO
from pipeline.cells.report import REPORT, Report
from pipeline.conversion import RunOptions, convert_lecture, own_config
from pipeline.document.article import Article, Section
from pipeline.document.blocks import AnyBlock
from pipeline.document.outline import Outline
from pipeline.engine.stage import Request
from pipeline.engine.staleness import StageState
from pipeline.engine.workspace import Workspace
from pipeline.models import Edition, Transcript, Video
from pipeline.sources import resolve

EventKind = Literal["begins", "done", "fresh", "progress", "note", "warning"]


@dataclass(frozen=True)
class Event:
    """One thing told while a lecture is converted; ``str(event)`` is a line for a user.

    ``stage`` is the stage at work, empty before the first. For ``progress``, ``done`` of ``total``
    ``unit`` are finished; ``total`` is None while it is unknown.
    """

    kind: EventKind
    stage: str
    text: str
    done: float = 0.0
    total: float | None = None
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.stage}: {self.text}" if self.stage else self.text


Listener = Callable[[Event], object]


def convert(
    source: str | Path,
    output: str | Path = "output",
    *,
    start_ms: int = 0,
    end_ms: int | None = None,
    settings: Mapping[str, Any] | None = None,
    config: str | Path | None = None,
    replay: str | Path | None = None,
    on_event: Listener | None = None,
) -> Chapter:
    """Make the chapter of a lecture, doing only what is missing or stale.

    Args:
        source: URL or local video; ``"demo"`` is the bundled one.
        output: the folder in which the lecture's folder is made.
        start_ms: convert from this time of the video.
        end_ms: convert up to this time; None: to the end.
        settings: by dotted name, as ``{"llm.model": "gpt-4o"}``; kept with the lecture.
        config: a ``config.yaml``; None: the one that the command line would find.
        replay: a folder of recorded replies of a model, in place of a server.
        on_event: called with everything that is to be told, from any thread.

    Raises:
        PipelineError: it cannot be made; the message says what failed and what to do. What was
            finished is kept, and the same call goes on from there.
    """
    request = Request(
        str(demo.video()) if source == "demo" else str(source),
        start_ms,
        end_ms,
        replay=str(replay) if replay else None,
    )
    wish = RunOptions(Path(config) if config else None, _overrides(settings))
    workspace, _ = convert_lecture(Path(output), request, wish, _Telling(on_event))
    return Chapter(workspace.root)


class Lecture:
    """A lecture that was converted, or started: its folder in the output folder.

    Args:
        folder: ``output/<id>``.
        config: a ``config.yaml``; None: the one that the command line would find.

    Raises:
        UsageError: there is no such lecture.
    """

    def __init__(self, folder: str | Path, *, config: str | Path | None = None) -> None:
        self.folder = Path(folder)
        self._config = Path(config) if config else None
        self._workspace, self._request = resolve.open_existing(self.folder.parent, self.folder.name)

    def status(self) -> tuple[StageState, ...]:
        """Which stages are fresh, stale (and why) or missing, in order."""
        settings = own_config(self._workspace, self._config, ())
        return tuple(runner.states(self._workspace, settings, self._request))

    def run(
        self,
        until: str = "render",
        *,
        force: str | None = None,
        settings: Mapping[str, Any] | None = None,
        reset: bool = False,
        on_event: Listener | None = None,
    ) -> None:
        """Run what is missing or stale.

        Args:
            until: the last stage to run.
            force: a stage to run even when it is fresh, overwriting hand edits; ``"all"``: each.
            settings: as for ``convert``.
            reset: drop the settings that were kept with the lecture.
            on_event: as for ``convert``.

        Raises:
            PipelineError: a stage failed; the stages before it stay done.
        """
        wish = RunOptions(self._config, _overrides(settings), until, force, reset)
        convert_lecture(self.folder.parent, self._request, wish, _Telling(on_event))

    @property
    def video(self) -> Video:
        """The source: title, length, chapter marks."""
        return self._workspace.read(VIDEO)

    @property
    def transcript(self) -> Transcript:
        """What was said, with the times of the words."""
        return self._workspace.read(TRANSCRIPT)

    @property
    def outline(self) -> Outline:
        """The plan of the chapter."""
        return self._workspace.read(OUTLINE)

    @property
    def chapter(self) -> Chapter:
        """The finished chapter.

        Raises:
            ArtifactError: the check stage is not done yet.
        """
        return Chapter(self.folder)


class Chapter:
    """A finished chapter, as it was when it was opened.

    Args:
        folder: the lecture's folder; the check stage is done.

    Raises:
        ArtifactError: an artifact is missing or damaged.
    """

    def __init__(self, folder: str | Path) -> None:
        self._workspace = Workspace(Path(folder))
        self._article: Article = self._workspace.read(CHECKED)

    @property
    def title(self) -> str:
        """Its title."""
        return self._article.title

    @property
    def edition(self) -> Edition:
        """``llm`` or ``transcript``."""
        return self._article.edition

    @property
    def sections(self) -> tuple[Section, ...]:
        """Its sections in order, each as typed blocks and as Markdown."""
        return self._article.sections

    @property
    def blocks(self) -> tuple[AnyBlock, ...]:
        """The blocks of all sections in order."""
        return tuple(block for section in self.sections for block in section.blocks)

    @cached_property
    def report(self) -> Report:
        """What came of its code cells."""
        return self._workspace.read(REPORT)

    @property
    def page(self) -> Path:
        """The page, ``render/index.html``; it is there when the render stage is done."""
        return (self._workspace.root / "render" / "index.html").absolute()

    def export(self, format: str = "html", to: str | Path | None = None) -> Path:
        """Write the chapter as one file and return its path.

        Args:
            format: as ``export --format`` of the command line.
            to: the file; None: ``export/<title>.<format>`` in the lecture's folder.

        Raises:
            RenderError: no such format, or a picture cannot be read.
            WorkspaceError: the file cannot be written.
        """
        from pipeline.render.formats.export import export

        return export(self._workspace, format, Path(to) if to else None)


class _Telling:
    """Turns what a run tells into events."""

    def __init__(self, on_event: Listener | None) -> None:
        self._on_event = on_event
        self._stage = ""

    def _tell(self, kind: EventKind, text: str, **amount: Any) -> None:
        if self._on_event:
            self._on_event(Event(kind, self._stage, text, **amount))

    def update(self, done: float, total: float | None, unit: str) -> None:
        share = f"{done:.0f} of {total:.0f} {unit}" if total else f"{done:.0f} {unit}"
        self._tell("progress", share, done=done, total=total, unit=unit)

    def note(self, text: str) -> None:
        self._tell("note", text)

    def warn(self, text: str) -> None:
        self._tell("warning", text)

    def stage_begins(self, name: str, why: str) -> None:
        self._stage = name
        self._tell("begins", f"starts ({why})")

    def stage_ends(self, name: str, seconds: float) -> None:
        self._tell("done", f"done in {seconds:.1f} s")

    def stage_fresh(self, name: str) -> None:
        self._stage = name
        self._tell("fresh", "up to date")


def _overrides(settings: Mapping[str, Any] | None) -> list[str]:
    """As ``--set`` wants them; JSON is YAML."""
    return [f"{name}={json.dumps(value)}" for name, value in (settings or {}).items()]

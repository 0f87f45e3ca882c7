"""Runs the stages that are missing or stale, in order, each whole or not at all."""

from __future__ import annotations

import errno
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from pipeline.engine.memory import release_memory
from pipeline.engine.progress import Progress, Remembering
from pipeline.engine.stage import Context, Request, Stage
from pipeline.engine.stage_names import StageName
from pipeline.engine.staleness import StageState, edited_files, inputs_of, state_of
from pipeline.engine.workspace import Manifest, Workspace, fingerprint
from pipeline.errors import ArtifactError, UsageError, WorkspaceError, did_you_mean
from pipeline.redaction import redact
from pipeline.settings.config import Config
from pipeline.stages import (
    check,
    download,
    outline,
    render,
    screens,
    segment,
    transcribe,
    write,
)

log = logging.getLogger(__name__)

STAGES: tuple[Stage, ...] = (
    download.STAGE,
    screens.STAGE,
    transcribe.STAGE,
    segment.STAGE,
    outline.STAGE,
    write.STAGE,
    check.STAGE,
    render.STAGE,
)


class RunProgress(Progress, Protocol):
    """A listener that is also told where a run stands."""

    def stage_begins(self, name: str, why: str) -> None:
        """Stage ``name`` starts; ``why`` is the reason in words."""

    def stage_ends(self, name: str, seconds: float) -> None:
        """Stage ``name`` is done."""

    def stage_fresh(self, name: str) -> None:
        """Stage ``name`` needs nothing."""


@dataclass(frozen=True)
class Ran:
    """One stage of a finished run: its seconds, or None where it was fresh."""

    name: str
    seconds: float | None


def named(name: str, stages: Sequence[Stage] = STAGES) -> Stage:
    """The stage called ``name``.

    Raises:
        UsageError: there is none; the message lists them.
    """
    for stage in stages:
        if stage.name == name:
            return stage
    names = [stage.name for stage in stages]
    like = did_you_mean(name, names)
    raise UsageError(f"there is no stage {name!r}{like}", f"the stages are {', '.join(names)}")


def states(workspace: Workspace, config: Config, request: Request) -> list[StageState]:
    """The state of every stage as it is now, in order; a stage after a stale one may follow it."""
    return [state_of(stage, workspace, config, request) for stage in STAGES]


def run_stages(
    workspace: Workspace,
    config: Config,
    request: Request,
    progress: RunProgress,
    *,
    until: str = "render",
    force: Sequence[str] = (),
    stages: Sequence[Stage] = STAGES,
) -> list[Ran]:
    """Run what is missing or stale, up to and with stage ``until``.

    The caller holds the lock. Files edited by hand are kept; a stage named in ``force`` runs in any
    case and overwrites them.

    Raises:
        PipelineError: a stage failed; the stages before it stay done.
    """
    last = named(until, stages)
    finished = []
    for stage in stages:
        state = state_of(stage, workspace, config, request)
        forced = stage.name in force
        if forced or state.state != "fresh":
            why = "asked for" if forced else "; ".join(state.reasons)
            progress.stage_begins(stage.name, why)
            seconds = run_stage(stage, workspace, config, request, progress, overwrite=forced)
            progress.stage_ends(stage.name, seconds)
            finished.append(Ran(stage.name, seconds))
        else:
            progress.stage_fresh(stage.name)
            finished.append(Ran(stage.name, None))
        if stage is last:
            break
    return finished


def run_stage(
    stage: Stage,
    workspace: Workspace,
    config: Config,
    request: Request,
    progress: Progress,
    *,
    overwrite: bool = False,
) -> float:
    """Run one stage whatever its state, and return its seconds.

    The inputs are fingerprinted before it starts, the manifest is written when all is done.

    Raises:
        PipelineError: it failed; its manifest is not written, so it is not done.
    """
    started = time.monotonic()
    edited = edited_files(stage, workspace.folder(stage.name))
    if overwrite:
        edited = {n: mark for n, mark in edited.items() if not stage.overwrites(request, n)}
    folder = workspace.folder(stage.name, kept=edited)
    texts = {name: _text(folder.path / name) for name in edited}
    for name in edited:
        progress.note(f"{stage.name}/{name} was edited by hand and is kept (--force overwrites)")
    inputs = inputs_of(stage, workspace, config, request)
    log.debug("stage %s of %s, from: %s", stage.name, workspace.video_id, inputs)
    remembering = Remembering(progress)
    try:
        stage.run(Context(workspace, folder, remembering, request, texts, overwrite), config)
    except OSError as error:
        raise _workspace_error(stage.name, error) from error
    finally:
        release_memory()
    seconds = time.monotonic() - started
    manifest = Manifest(
        stage=stage.name,
        inputs=inputs,
        outputs=dict(sorted(folder.written.items())),
        edited={name: fingerprint(folder.path / name) or "" for name in sorted(edited)},
        lacking=folder.lacking,
        warnings=tuple(dict.fromkeys(map(redact, remembering.warnings))),
        finished_at=datetime.now(UTC).isoformat(timespec="seconds"),
        duration_ms=round(seconds * 1000),
    )
    folder.finish(manifest)
    log.info("stage %s wrote %d files in %.1f s", stage.name, len(manifest.outputs), seconds)
    return seconds


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ArtifactError(f"{path} was edited and is not UTF-8: {error.reason}") from error


def _workspace_error(stage: StageName, error: OSError) -> WorkspaceError:
    """A full disk or a lost permission, said as such."""
    where = f" at {error.filename}" if error.filename else ""
    hint = "fix it, then run again: finished work is kept"
    if error.errno == errno.ENOSPC:
        hint = "free some space, then run again: finished work is kept"
    return WorkspaceError(f"stage {stage} failed{where}: {error.strerror or error}", hint)

"""One lecture from its source to its chapter: its lock, its own settings, its stages.

What the command line's ``run`` and the library's ``convert`` have in common.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import runner
from pipeline.engine.lock import hold
from pipeline.engine.progress import Progress
from pipeline.engine.stage import Request
from pipeline.engine.stage_names import STAGE_NAMES
from pipeline.engine.workspace import Workspace
from pipeline.errors import ConfigError, UsageError
from pipeline.own_settings import as_overrides, foreign_to, forget_own, keep_own, read_own
from pipeline.runner import Ran, RunProgress
from pipeline.settings.config import Config, load_config
from pipeline.sources import resolve
from pipeline.writing.edition import chosen_edition

ALL = "all"


@dataclass(frozen=True)
class RunOptions:
    """What a run is to do, beside its source.

    ``config`` is the configuration file (None: as ``load_config`` finds it), ``overrides`` are
    ``section.key=value``; ``until`` the last stage; ``force`` a stage that runs even when it is
    fresh, ``"all"`` of them, or none; with ``reset`` the lecture's own settings are dropped first.
    """

    config: Path | None = None
    overrides: Sequence[str] = ()
    until: str = "render"
    force: str | None = None
    reset: bool = False


def convert_lecture(
    output: Path, request: Request, wish: RunOptions, progress: RunProgress
) -> tuple[Workspace, list[Ran]]:
    """Run what is missing or stale; returns the lecture's folder and what was done.

    Raises:
        ConfigError: the settings have problems; nothing was started then.
        PipelineError: a stage failed; the stages before it stay done.
    """
    settings = load_config(wish.config, wish.overrides)
    forced = (
        [stage.name for stage in runner.STAGES]
        if wish.force == ALL
        else [wish.force]
        if wish.force
        else []
    )
    workspace = resolve.open_source(output, request)
    with hold(workspace.root, tell=progress.warn) as lease:
        workspace = workspace.guarded(lease.check)
        if wish.reset:
            forget_own(workspace.root)
        else:
            settings = own_config(workspace, wish.config, wish.overrides, progress)
        _refuse_without_model(workspace, settings, request, wish.until)
        _tell_cost(workspace, settings, request, progress)
        try:
            ran = runner.run_stages(
                workspace, settings, request, progress, until=wish.until, force=forced
            )
        finally:
            if not resolve.drop_if_nothing(workspace.root):
                keep_own(workspace, wish.overrides, settings)
    return workspace, ran


def own_config(
    workspace: Workspace,
    config: Path | None,
    overrides: Sequence[str],
    progress: Progress | None = None,
) -> Config:
    """The configuration with the lecture's own settings, and ``overrides`` above them.

    Raises:
        UsageError: the settings kept for the lecture are no longer valid.
    """
    own = as_overrides(read_own(workspace.root))
    now = {override.partition("=")[0].strip() for override in overrides}
    kept = [override for override in own if override.partition("=")[0] not in now]
    foreign = [name for name in foreign_to(workspace.root) if name not in now]
    if foreign and progress:
        progress.warn(
            f"not taken from the lecture's folder, which may be another's: {', '.join(foreign)} "
            "(give them with --set again, or in config.yaml)"
        )
    if kept and progress:
        progress.note(f"settings of this lecture: {', '.join(kept)} (run --reset drops them)")
    try:
        return load_config(config, [*kept, *overrides])
    except ConfigError as error:
        raise UsageError(
            f"the settings kept for {workspace.video_id} are no longer valid: {error.message}",
            "run it with --reset",
        ) from error


def _refuse_without_model(
    workspace: Workspace, settings: Config, request: Request, until: str
) -> None:
    """Say that there is no model to write with before the first stage: before the outline, an hour
    of listening may have passed. Where all is written already, none is needed.

    Raises:
        ConfigError: one is asked for, something is to be written, and none can be asked.
    """
    if STAGE_NAMES.index(runner.named(until).name) < STAGE_NAMES.index("outline"):
        return
    try:
        chosen_edition(settings.write, settings.llm, os.environ, request.replay)
    except ConfigError:
        states = runner.states(workspace, settings, request)
        if any(one.state != "fresh" for one in states if one.name in ("outline", "write")):
            raise


def _tell_cost(
    workspace: Workspace, settings: Config, request: Request, progress: RunProgress
) -> None:
    """What the language model will cost, before anything is asked; nothing when nothing is."""
    from pipeline.writing.estimate import estimate as estimate_calls

    expected = estimate_calls(workspace, settings, request)
    if expected.edition == "llm" and not request.replay and expected.open_calls:
        progress.note(expected.describe())

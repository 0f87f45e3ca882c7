"""Is a stage's result still what its inputs would give? If not, why, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Literal

from pipeline.engine.stage import Request, Stage
from pipeline.engine.workspace import Manifest, StageFolder, Workspace, fingerprint
from pipeline.settings.config import Config

StateName = Literal["fresh", "stale", "missing"]


@dataclass(frozen=True)
class StageState:
    """What ``status`` tells of one stage.

    ``reasons`` is empty for a fresh stage. ``edited`` are the artifacts a user changed by hand.
    ``remark`` is what else there is to know of a finished stage, mostly empty.
    """

    name: str
    state: StateName
    reasons: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    remark: str = ""


def inputs_of(
    stage: Stage, workspace: Workspace, config: Config, request: Request
) -> dict[str, str]:
    """Everything the stage's result depends on, as readable name to value or fingerprint."""
    inputs = {"version": str(stage.version)}
    for name in stage.reads:
        inputs[f"artifact {name}"] = fingerprint(workspace.root / name) or "missing"
    given = [stage.depends(config), stage.observes(request), stage.finds(workspace, config)]
    return inputs | {name: value for some in given for name, value in some.items()}


def edited_files(stage: Stage, folder: StageFolder) -> dict[str, str]:
    """The editable artifacts that a user changed: name to present fingerprint.

    A file is the stage's own when its bytes are known as such (see ``StageFolder.own``).
    """
    own = folder.own()
    edited = {}
    for name in _editable(stage, folder):
        print_now = fingerprint(folder.path / name)
        if print_now and (name, print_now) not in own:
            edited[name] = print_now
    return edited


def state_of(stage: Stage, workspace: Workspace, config: Config, request: Request) -> StageState:
    """Whether the stage is fresh, stale (with every reason) or missing."""
    folder = workspace.folder(stage.name)
    manifest = folder.manifest()
    edited = edited_files(stage, folder)
    if manifest is None:
        begun = (folder.path / "manifest.json").exists()
        reason = "its manifest is damaged" if begun else "not run yet"
        return StageState(stage.name, "missing", (reason,), tuple(edited))
    reasons = _differences(manifest.inputs, inputs_of(stage, workspace, config, request))
    reasons += _damages(manifest, folder, edited)
    if manifest.lacking:
        reasons.append(f"it had to do without: {manifest.lacking}")
    if folder.announced() - set(manifest.outputs.items()):
        reasons.append("a later run of it did not finish")
    state: StateName = "stale" if reasons else "fresh"
    remark = stage.remark(workspace, config)
    return StageState(stage.name, state, tuple(reasons), tuple(edited), remark)


def _editable(stage: Stage, folder: StageFolder) -> list[str]:
    if not stage.editable or not folder.path.is_dir():
        return []
    files = (path for path in sorted(folder.path.rglob("*")) if path.is_file())
    names = (path.relative_to(folder.path).as_posix() for path in files)
    return [name for name in names if any(fnmatch(name, glob) for glob in stage.editable)]


def _differences(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    reasons: list[str] = []
    for name in sorted(before.keys() | now.keys(), key=lambda name: (_is_tool(name), name)):
        old, new = before.get(name), now.get(name)
        # A tool that only this choice of settings asks about has not changed.
        if old == new or (_is_tool(name) and None in (old, new) and reasons):
            continue
        if name.startswith("setting ") and old is not None and new is not None:
            reasons.append(f"{name} changed from {old} to {new}")
        elif new == "missing":
            reasons.append(f"{name} is missing")
        else:
            reasons.append(f"{name} changed")
    return reasons


def _is_tool(name: str) -> bool:
    return name.startswith("tool ")


def _damages(manifest: Manifest, folder: StageFolder, edited: Mapping[str, str]) -> list[str]:
    reasons = []
    for name, print_then in manifest.outputs.items():
        print_now = fingerprint(folder.path / name)
        if print_now is None:
            reasons.append(f"{name} is gone")
        elif name in edited:
            reasons.append(f"{name} was edited by hand")
        elif print_now != print_then:
            reasons.append(f"{name} was changed or damaged")
    for name, print_then in manifest.edited.items():
        print_now = fingerprint(folder.path / name)
        if print_now is None:
            reasons.append(f"{name} is gone")
        elif print_now != print_then:
            reasons.append(f"{name} was edited by hand again")
    return reasons

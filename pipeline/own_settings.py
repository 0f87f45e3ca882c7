"""The settings that one lecture was made with by ``--set``: kept in its folder for later commands.

A plain ``run`` goes on with them, so that it never undoes what an earlier one was told to do;
``run --reset`` goes back to the configuration. A lecture's folder may have been somebody else's:
what decides where a key is sent, which code is loaded, or which file of the machine is read is
neither kept in it nor taken from it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

from pipeline.engine.files import write_atomic
from pipeline.engine.stage_names import StageName
from pipeline.engine.workspace import Workspace
from pipeline.errors import WorkspaceError
from pipeline.redaction import redact
from pipeline.settings.config import RENAMED, Config

_FILE = "settings.json"
# Beside all settings that only change how a stage runs (addresses, cookies, proxies, limits).
_NEVER = frozenset({"check.files", "check.oracles", "transcribe.base_url"})


def read_own(root: Path) -> dict[str, str]:
    """Setting to value (YAML), as given by ``--set`` in earlier commands; empty without any.

    Raises:
        WorkspaceError: the file is damaged.
    """
    return {name: value for name, value in _read(root).items() if _may_be_kept(name)}


def foreign_to(root: Path) -> list[str]:
    """The settings in the file that are not taken from it.

    Raises:
        WorkspaceError: the file is damaged.
    """
    return [name for name in _read(root) if not _may_be_kept(name)]


def _read(root: Path) -> dict[str, str]:
    try:
        data = json.loads((root / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(root) from error
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        raise _damaged(root)
    return data


def as_overrides(own: Mapping[str, str]) -> list[str]:
    """The same as ``section.key=value``."""
    return [f"{name}={value}" for name, value in own.items()]


def forget_own(root: Path) -> None:
    """Go back to the configuration's settings."""
    (root / _FILE).unlink(missing_ok=True)


def keep_own(workspace: Workspace, overrides: Sequence[str], config: Config) -> None:
    """Keep those of ``overrides`` that a finished stage was made with.

    Settings that only change how a stage runs are not kept, nor is one with a password in it.

    Args:
        overrides: as given to ``load_config`` for ``config``.
    """
    own = read_own(workspace.root)
    made_with = _made_with(workspace)
    deciding = _deciding(config)
    for override in overrides:
        name, _, value = override.partition("=")
        name = RENAMED.get(name.strip(), name.strip())
        used = made_with.get(f"setting {name}")
        is_own = used is not None and used == deciding.get(name) and _may_be_kept(name)
        if is_own and redact(value) == value:
            own.pop(name, None)  # the newest stands last
            own[name] = value.strip()
    if own != read_own(workspace.root):
        data = json.dumps(own, ensure_ascii=False, indent=2) + "\n"
        write_atomic(workspace.root / _FILE, data.encode())


def _may_be_kept(name: str) -> bool:
    """Whether a setting may come from a lecture's folder; one that there is not may, and is told
    of where it is used."""
    # As ``--set`` reads it.
    given = name.partition("=")[0].strip()
    section, _, key = RENAMED.get(given, given).partition(".")
    key = key.partition(".")[0]
    field, config = f"{section}.{key}", Config()
    settings = getattr(config, section) if section in Config.model_fields else None
    is_setting = settings is not None and key in type(settings).model_fields
    return field not in _NEVER and (not is_setting or field in _deciding(config))


def _deciding(config: Config) -> dict[str, str]:
    found: dict[str, str] = {}
    for section in type(config).model_fields:
        found |= getattr(config, section).deciding(section)
    return found


def _made_with(workspace: Workspace) -> dict[str, str]:
    """The inputs of all finished stages."""
    inputs: dict[str, str] = {}
    for name in get_args(StageName):
        if manifest := workspace.folder(name).manifest():
            inputs |= manifest.inputs
    return inputs


def _damaged(root: Path) -> WorkspaceError:
    return WorkspaceError(
        f"{root / _FILE} cannot be read", "fix it, or run the lecture with --reset"
    )

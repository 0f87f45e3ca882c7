"""The client of one stage: its replies beside its artifacts, its costs on the lecture's account."""

from __future__ import annotations

from pathlib import Path

from pipeline.engine.progress import Progress
from pipeline.engine.stage_names import StageName
from pipeline.engine.workspace import Workspace
from pipeline.llm.client import Client
from pipeline.llm.reply_store import ASKING
from pipeline.settings.llm import LLMSettings


def open_client(
    workspace: Workspace,
    stage: StageName,
    settings: LLMSettings,
    progress: Progress,
    replay: str | None = None,
) -> Client:
    """A client for ``stage`` that keeps its replies in ``<stage>/replies/``.

    Args:
        replay: a folder of recorded replies (with a folder for each stage, or flat); no server and
            no key are then needed.

    Raises:
        LLMError: no model or no server is named, or there is nothing to replay.
    """
    manifest = workspace.root / stage / "manifest.json"
    return Client(
        settings,
        workspace.root / stage / "replies",
        progress,
        replay=_recording(replay, stage),
        finished_at=manifest.stat().st_mtime if manifest.is_file() else None,
        lecture=workspace.root,
    )


def _recording(replay: str | None, stage: StageName) -> Path | None:
    if replay is None:
        return None
    folder = Path(replay)
    by_stage = any((folder / name).is_dir() for name in ASKING)
    return folder / stage if by_stage else folder

"""Reads a workspace's artifacts for rendering."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from pipeline.artifacts import CHECKED, FIDELITY, OUTLINE, SEGMENTS, TRANSCRIPT, VIDEO
from pipeline.cells.report import REPORT
from pipeline.engine.stage_names import StageName
from pipeline.engine.workspace import Workspace
from pipeline.models import Video
from pipeline.render.chapter import Sources
from pipeline.render.corrections import corrected_sources, corrections_of
from pipeline.transcript.asr.report import SPEECH_REPORT, SpeechReport, unheard_line

_READERS: tuple[StageName, ...] = ("screens", "transcribe")


def sources_of(workspace: Workspace, page_folder: Path | None = None) -> Sources:
    """What the workspace's chapter is rendered from, with its corrections laid over.

    Args:
        workspace: the lecture's folder.
        page_folder: where the page will be, for the address of the local video; None: ``render/``.

    Raises:
        ArtifactError: an artifact is missing or damaged.
    """
    video = workspace.read(VIDEO)
    fidelity = workspace.root / "write" / "fidelity.json"
    written = workspace.folder("write").manifest()
    sources = Sources(
        name=workspace.video_id,
        video=video,
        transcript=workspace.read(TRANSCRIPT),
        segments=workspace.read(SEGMENTS),
        outline=workspace.read(OUTLINE),
        article=workspace.read(CHECKED),
        report=workspace.read(REPORT),
        fidelity=(workspace.read(FIDELITY) if fidelity.is_file() else None),
        file=_address(workspace, video, page_folder or workspace.root / "render"),
        frames=workspace.root,
        drawings=workspace.root / "check",
        # The day only: a chapter resumed later the same day is the same page.
        made_on=written.finished_at[:10] if written else None,
        speech=speech_of(workspace),
        warnings=warnings_of(workspace),
    )
    return corrected_sources(sources, corrections_of(workspace))


def speech_of(workspace: Workspace) -> SpeechReport | None:
    """How the transcript came about; None in a workspace without that report."""
    there = (workspace.root / SPEECH_REPORT.name).is_file()
    return workspace.read(SPEECH_REPORT) if there else None


def warnings_of(workspace: Workspace) -> tuple[str, ...]:
    """What was lost of the lecture, as the stages that read and hear it said.

    Speech that could not be transcribed is left out: the page shows it from the report. Folders of
    this machine are left out too: a page may be published.
    """
    manifests = [workspace.folder(stage).manifest() for stage in _READERS]
    told = [warning for manifest in manifests if manifest for warning in manifest.warnings]
    speech = speech_of(workspace)
    unheard = unheard_line(speech) if speech else ""
    return tuple(_without_folders(one, workspace) for one in told if one != unheard)


def _without_folders(text: str, workspace: Workspace) -> str:
    for folder in (workspace.root / "download", workspace.root):
        text = text.replace(f"{folder.absolute()}/", "").replace(f"{folder}/", "")
    return text


def _address(workspace: Workspace, video: Video, page_folder: Path) -> str | None:
    """The local video's address as a page in ``page_folder`` sees it, None when it is not there."""
    path = workspace.video_path(video)
    return relative_address(path, page_folder) if path.is_file() else None


def relative_address(path: Path, folder: Path) -> str | None:
    """``path`` as a page in ``folder`` links to it, None on another drive (Windows)."""
    try:
        relative = os.path.relpath(path.absolute(), folder.absolute())
    except ValueError:
        return None
    return quote(Path(relative).as_posix())

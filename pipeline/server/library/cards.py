"""What the library page knows about each chapter of an output folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ConfigDict, ValidationError

from pipeline.artifacts import CHECKED, SEGMENTS, VIDEO
from pipeline.cells.report import REPORT
from pipeline.engine.workspace import Artifact, Workspace
from pipeline.errors import PipelineError
from pipeline.models import Edition, Frame, Model
from pipeline.render.corrections import corrections_of
from pipeline.render.library_index import RenderedFolder
from pipeline.render.load import speech_of, warnings_of
from pipeline.render.verdicts import ran


class _SectionFigures(Model):
    model_config = ConfigDict(extra="ignore")

    figures: tuple[str, ...] = ()


class _ArticleHead(Model):
    """What a card needs of an article; to read all blocks of a long one takes too long."""

    model_config = ConfigDict(extra="ignore")

    title: str
    edition: Edition
    sections: tuple[_SectionFigures, ...]


_HEAD = Artifact(CHECKED.name, _ArticleHead)


@dataclass(frozen=True)
class LibraryCard:
    """One chapter: ``picture`` is a file name within ``render/assets``, None without figures.

    ``made_on`` is the day of its last rendering; ``ran`` of ``cells`` code cells ran. ``silent`` is
    true where no word was spoken; ``unheard_ms`` is speech that could not be transcribed;
    ``warnings`` counts what else the page tells of.
    """

    name: str
    title: str
    lecturer: str
    length_ms: int
    picture: str | None
    picture_width: int
    picture_height: int
    ran: int
    cells: int
    made_on: str
    edition: str
    language: str | None
    silent: bool = False
    unheard_ms: int = 0
    warnings: int = 0


def cards(output: Path, found: Sequence[RenderedFolder]) -> tuple[LibraryCard, ...]:
    """Their cards, the newest first; damaged chapters are left out."""
    made = []
    for one in sorted(found, key=lambda one: (-one.page_ns, one.name)):
        try:
            made.append(_card(output / one.name, one))
        except (PipelineError, ValidationError, OSError, ValueError):
            continue
    return tuple(made)


@lru_cache(maxsize=4096)
def _card(root: Path, state: RenderedFolder) -> LibraryCard:
    """The card of the chapter in ``root``, read once for each ``state``."""
    workspace = Workspace(root)
    video = workspace.read(VIDEO)
    article = workspace.read(_HEAD)
    segments = workspace.read(SEGMENTS)
    frames = segments.frames
    speech = speech_of(workspace)
    passed, total = ran(workspace.read(REPORT))
    manifest = workspace.folder("render").manifest()
    picture, frame = _picture(workspace, article, {frame.id: frame for frame in frames})
    return LibraryCard(
        name=workspace.video_id,
        title=corrections_of(workspace).titled(article.title),
        lecturer=video.uploader or "",
        length_ms=video.end_ms - video.start_ms,
        picture=picture,
        picture_width=frame.width if frame else 16,
        picture_height=frame.height if frame else 9,
        ran=passed,
        cells=total,
        made_on=manifest.finished_at[:10] if manifest else "",
        edition=article.edition,
        language=_language(workspace),
        silent=not any(segment.text.strip() for segment in segments.segments),
        unheard_ms=sum(one.end_ms - one.start_ms for one in speech.unheard) if speech else 0,
        warnings=len(warnings_of(workspace)),
    )


def _picture(
    workspace: Workspace, article: _ArticleHead, frames: dict[str, Frame]
) -> tuple[str | None, Frame | None]:
    """The file of the first figure's small version, and its frame."""
    assets = workspace.root / "render" / "assets"
    for section in article.sections:
        for name in section.figures:
            if name not in frames:
                continue
            suffix = Path(frames[name].path).suffix.lower()
            # Of a cropped figure the page has no small version of the whole.
            for file in (f"{name}-small.webp", f"{name}{suffix}"):
                if (assets / file).is_file():
                    return file, frames[name]
    return None, None


def _language(workspace: Workspace) -> str | None:
    try:
        outline = json.loads((workspace.root / "outline" / "outline.json").read_bytes())
    except (OSError, ValueError):
        return None
    language = outline.get("language") if isinstance(outline, dict) else None
    return language if isinstance(language, str) else None

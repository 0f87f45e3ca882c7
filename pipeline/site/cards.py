"""What the library page knows about each chapter of an output folder."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from pipeline.cells.report import Report
from pipeline.errors import PipelineError
from pipeline.model import Article, Frame, Segments, Video
from pipeline.site.chapter import shown_frames
from pipeline.site.verdicts import ran
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Card:
    """One chapter: ``picture`` is a file name within ``render/assets``, None without figures.

    ``made_on`` is the day of its last rendering; ``ran`` of ``cells`` code cells ran.
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


def cards(output: Path) -> tuple[Card, ...]:
    """The chapters that have a page, the newest first; damaged ones are left out."""
    found = []
    for name in chapter_names(output):
        workspace = Workspace(output / name)
        try:
            page = (workspace.root / "render" / "index.html").stat()
            found.append((page.st_mtime_ns, _card(workspace.root, _rendered(workspace.root))))
        except (PipelineError, ValidationError, OSError, ValueError):
            continue
    return tuple(card for _, card in sorted(found, key=lambda one: (-one[0], one[1].name)))


def chapter_names(output: Path) -> list[str]:
    """The folders of ``output`` that hold a chapter's page, by name."""
    try:
        with os.scandir(output) as entries:
            names = sorted(one.name for one in entries if not one.name.startswith("."))
    except OSError:
        return []
    return [name for name in names if (output / name / "render" / "index.html").is_file()]


def _rendered(root: Path) -> tuple[int, ...]:
    """Changes whenever the chapter is rendered again, and a card says what the page says."""
    found = []
    for name in ("index.html", "manifest.json"):
        try:
            found.append((root / "render" / name).stat().st_mtime_ns)
        except FileNotFoundError:
            found.append(0)
    return tuple(found)


@lru_cache(maxsize=4096)
def _card(root: Path, rendered: tuple[int, ...]) -> Card:
    """The card of the chapter in ``root``, read once for each time it was ``rendered``."""
    workspace = Workspace(root)
    video = workspace.read("download/video.json", Video)
    article = workspace.read("check/article.json", Article)
    frames = workspace.read("segment/segments.json", Segments).frames
    passed, total = ran(workspace.read("check/report.json", Report))
    manifest = workspace.folder("render").manifest()
    picture, frame = _picture(workspace, article, {frame.id: frame for frame in frames})
    return Card(
        name=workspace.video_id,
        title=article.title,
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
    )


def _picture(
    workspace: Workspace, article: Article, frames: dict[str, Frame]
) -> tuple[str | None, Frame | None]:
    """The file of the first figure's small version, and its frame."""
    assets = workspace.root / "render" / "assets"
    for section in article.sections:
        for name in shown_frames(section.markdown):
            if name not in frames:
                continue
            suffix = Path(frames[name].path).suffix.lower()
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

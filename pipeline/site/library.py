"""What the library page knows about each chapter of an output folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipeline.errors import PipelineError
from pipeline.model import Article, Frame, Segments, Video
from pipeline.site.chapter import shown_frames
from pipeline.site.verdicts import Verdicts
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
    ran: int
    cells: int
    made_on: str
    edition: str
    language: str | None


def cards(output: Path) -> list[Card]:
    """The chapters that have a page, the newest first; damaged ones are left out."""
    found = []
    for page in sorted(output.glob("*/render/index.html")):
        try:
            found.append((page.stat().st_mtime, _card(Workspace(page.parent.parent))))
        except (PipelineError, ValidationError, OSError, ValueError):
            continue
    return [card for _, card in sorted(found, key=lambda one: (-one[0], one[1].name))]


def _card(workspace: Workspace) -> Card:
    video = workspace.read("download/video.json", Video)
    article = workspace.read("check/article.json", Article)
    frames = workspace.read("segment/segments.json", Segments).frames
    report = workspace.root / "check" / "report.json"
    verdicts = Verdicts.from_json(report.read_bytes()) if report.is_file() else Verdicts()
    counts = verdicts.counts()
    manifest = workspace.folder("render").manifest()
    return Card(
        name=workspace.video_id,
        title=article.title,
        lecturer=video.uploader or "",
        length_ms=video.end_ms - video.start_ms,
        picture=_picture(workspace, article, {frame.id: frame for frame in frames}),
        ran=counts.get("passed", 0) + counts.get("mismatch", 0),
        cells=sum(counts.values()),
        made_on=manifest.finished_at[:10] if manifest else "",
        edition=article.edition,
        language=_language(workspace),
    )


def _picture(workspace: Workspace, article: Article, frames: dict[str, Frame]) -> str | None:
    """The small version of the first figure."""
    assets = workspace.root / "render" / "assets"
    for section in article.sections:
        for name in shown_frames(section.markdown):
            if name not in frames:
                continue
            suffix = Path(frames[name].path).suffix.lower()
            for file in (f"{name}-small.webp", f"{name}{suffix}"):
                if (assets / file).is_file():
                    return file
    return None


def _language(workspace: Workspace) -> str | None:
    try:
        outline = json.loads((workspace.root / "outline" / "outline.json").read_bytes())
    except (OSError, ValueError):
        return None
    language = outline.get("language") if isinstance(outline, dict) else None
    return language if isinstance(language, str) else None

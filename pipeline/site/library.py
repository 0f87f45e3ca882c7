"""What the library page knows about each chapter of an output folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from pipeline.cells.report import Report
from pipeline.errors import PipelineError
from pipeline.files import write_atomic
from pipeline.model import Article, Frame, Segments, Video
from pipeline.site.chapter import shown_frames
from pipeline.site.page import SCRIPT_WORDS, environment
from pipeline.site.policy import linked_policy
from pipeline.site.verdicts import ran
from pipeline.site.words import language_of, words_for
from pipeline.timecode import spoken_length
from pipeline.workspace import Workspace

_SCRIPT_WORDS = (
    *SCRIPT_WORDS, "job_queued", "job_running", "job_done", "job_failed",
    "job_cancelled", "job_cancel", "job_read", "job_failed_to_add", "job_uploading", "job_left",
    "job_log", "stage_download", "stage_transcribe", "stage_segment", "stage_outline",
    "stage_write", "stage_check", "stage_render", "stage_fresh",
)  # fmt: skip


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


def cards(output: Path) -> list[Card]:
    """The chapters that have a page, the newest first; damaged ones are left out."""
    found = []
    for page in sorted(output.glob("*/render/index.html")):
        try:
            found.append((page.stat().st_mtime, _card(Workspace(page.parent.parent))))
        except (PipelineError, ValidationError, OSError, ValueError):
            continue
    return [card for _, card in sorted(found, key=lambda one: (-one[0], one[1].name))]


def library_html(found: Sequence[Card], language: str | None) -> str:
    """The library page, in the browser's language where there are texts for it."""
    words = words_for(language)
    return (
        environment()
        .get_template("library.html.j2")
        .render(
            cards=found,
            w=words,
            language=language_of(language),
            csp=linked_policy().replace("form-action 'none'", "form-action 'self'"),
            length=spoken_length,
            script_words=_SCRIPT_WORDS,
        )
    )


def library_index(output: Path) -> str:
    """A script that calls ``lectureLibrary([...])`` with the ids of all rendered chapters."""
    names = sorted(path.parent.parent.name for path in output.glob("*/render/index.html"))
    return f"lectureLibrary({json.dumps(names, ensure_ascii=False)});\n"


def write_list(output: Path) -> None:
    """Write ``library.js`` beside the lectures, for the search on pages opened from a file.

    It belongs to no lecture: it is made anew whenever one is rendered.
    """
    write_atomic(output / "library.js", library_index(output).encode())


def _card(workspace: Workspace) -> Card:
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

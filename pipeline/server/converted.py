"""What was converted already."""

from __future__ import annotations

from pathlib import Path

from pipeline import demo
from pipeline.errors import SourceError
from pipeline.sources.ids import is_url, video_id_of


def chapter_of(source: str, output: Path) -> str | None:
    """The id of the chapter that there is of ``source``, under whichever name its file came."""
    try:
        name = video_id_of(str(demo.video()) if source == "demo" else source)
    except SourceError:
        return None
    if is_rendered(output, name):
        return name
    if is_url(source):
        return None
    mark = name.rpartition("-")[2]  # of the file's content
    same = (path.name for path in sorted(output.glob(f"*-{mark}")))
    return next((one for one in same if is_rendered(output, one)), None)


def is_rendered(output: Path, name: str) -> bool:
    """Whether the lecture has a page."""
    return (output / name / "render" / "index.html").is_file()

"""The numbers of a finished chapter beside the bar: python -m tests.benchmarks.bench_quality FOLDER

FOLDER is a chapter's folder (``output/<video_id>``) with its segment and write stages done.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.article.quality import measure
from pipeline.model import Article, Segments
from pipeline.workspace import Workspace


def main(folder: str) -> None:
    """Print the table."""
    workspace = Workspace(Path(folder))
    article = workspace.read("write/article.json", Article)
    segments = workspace.read("segment/segments.json", Segments)
    quality = measure(article, segments)
    print(f"{article.title}: {quality.minutes:.1f} min, {len(article.sections)} sections")
    for what, bar, measured in quality.table():
        print(f"  {what:<44} {bar:>14}   {measured}")


if __name__ == "__main__":
    main(sys.argv[1])

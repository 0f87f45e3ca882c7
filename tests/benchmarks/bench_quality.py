"""The numbers of a finished chapter beside the bar: python -m tests.benchmarks.bench_quality FOLDER

FOLDER is a chapter's folder (``output/<video_id>``) with its segment and write stages done.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.artifacts import SEGMENTS, WRITTEN
from pipeline.engine.workspace import Workspace
from pipeline.writing.checks.quality import measure


def main(folder: str) -> None:
    """Print the table."""
    workspace = Workspace(Path(folder))
    article = workspace.read(WRITTEN)
    segments = workspace.read(SEGMENTS)
    quality = measure(article, segments)
    print(f"{article.title}: {quality.minutes:.1f} min, {len(article.sections)} sections")
    for what, bar, measured in quality.table():
        print(f"  {what:<44} {bar:>14}   {measured}")


if __name__ == "__main__":
    main(sys.argv[1])

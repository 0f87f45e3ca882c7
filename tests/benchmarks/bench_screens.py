"""What is made of the screen, on drawn lectures whose every line is known.

    python -m tests.benchmarks.bench_screens [--folder DIR] [--only NAME] [--missing]

States of the screen, lines of code that stand exactly in the cells, whole programs, outputs, slides
that became figures, their captions; columns as in ``tests.drawn.scoring.Marks``. *CPU* is what
reading the text of a kept frame costs, seconds. The drawn videos, and what was read from them, are
kept in DIR for the next time; then nothing is read, and no cost is shown. ``--missing`` prints the
lines of code that are in no cell, and those that stand in no program. The sums tell apart the
lectures that rules were made on and those that nobody looked at (``unseen``, not to be printed
with ``--missing`` by who makes a rule).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline.engine.progress import Silent
from pipeline.i18n.transcript_edition import edition_words
from pipeline.models import Frame, Segments
from pipeline.video.ocr.rapid import RapidEngine
from pipeline.video.screens.frames import FrameMaker
from pipeline.writing.transcript_edition.figure_captions import FigureCaptions
from pipeline.writing.transcript_edition.figures import chosen_figures
from pipeline.writing.transcript_edition.screen_code.extraction import screen_cells
from tests.drawn.lectures import lectures
from tests.drawn.reel import Drawn
from tests.drawn.scoring import HEADING, Marks, Read, marks


def main(argv: Sequence[str] | None = None) -> None:
    """Draw, read, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where videos and texts are kept")
    parser.add_argument("--only", default="", help="lectures whose name contains this")
    parser.add_argument("--missing", action="store_true", help="print what is not as shown")
    chosen = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        seen, unseen = Marks(), Marks()
        print(f"{'':<28}{HEADING}{'CPU':>6}")
        for lecture in lectures(folder, chosen.only):
            read, cost = read_lecture(lecture, folder / f"{lecture.name}-read")
            scored = marks(lecture, read)
            if lecture.name.startswith("unseen"):
                unseen += scored
            else:
                seen += scored
            print(f"{lecture.name:<28}{scored}{cost:>6}", flush=True)
            if chosen.missing:
                _print_missing(lecture, read)
        print(f"{'rules were made on these':<28}{seen}")
        print(f"{'unseen':<28}{unseen}")


def read_lecture(lecture: Drawn, folder: Path) -> tuple[Read, str]:
    """What the chapter would show, and what reading a frame cost ("" where it was kept)."""
    pictures = folder / "frames"
    pictures.mkdir(parents=True, exist_ok=True)

    def write(name: str, data: bytes) -> None:
        (folder / name).write_bytes(data)

    maker = FrameMaker(
        write=write,
        read=lambda name: (folder / name).read_bytes(),
        cache=folder / "ocr",
        engine=RapidEngine(),
        engine_version="bench",
        workers=1,
    )
    before = len(list(folder.glob("ocr/*.json")))
    began = time.process_time()
    frames = maker.frames(lecture.path, 0, lecture.duration_ms, Silent())
    spent = time.process_time() - began
    fresh = len(list(folder.glob("ocr/*.json"))) - before
    return _read(frames, lecture.duration_ms), f"{spent / fresh:.1f}" if fresh else ""


def _read(frames: Sequence[Frame], duration_ms: int) -> Read:
    cells = screen_cells(frames)
    told = {cell.frame.id for cell in cells}
    captions = FigureCaptions(Segments(segments=(), frames=tuple(frames)), edition_words("en"))
    figures = chosen_figures([frame for frame in frames if frame.id not in told], duration_ms)
    return Read(
        frames=frames,
        cells=[(cell.source, cell.output) for cell in cells],
        figures=[(frame, captions.caption(frame)) for frame in figures],
    )


def _print_missing(lecture: Drawn, read: Read) -> None:
    shown = [line.rstrip() for program in lecture.programs for line in program.lines]
    given = [line.rstrip() for source, _ in read.cells for line in source.splitlines()]
    for line in shown:
        if line.strip() and line not in given:
            print(f"    missing  {line}")
    for line in given:
        if line.strip() and line not in shown:
            print(f"    added    {line}")
    for _, output in read.cells:
        if output:
            print(f"    output   {output!r}")
    for frame, caption in read.figures:
        print(f"    figure   {frame.id} {caption}")


if __name__ == "__main__":
    main()

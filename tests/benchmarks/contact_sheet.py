"""The figures of a chapter beside all screens of its lecture, as pictures to look at.

    python -m tests.benchmarks.contact_sheet output/ID [--folder DIR] [--rows 8]

At the left every state of the screen in order of time, with its times, what it was taken for and
where it is shown again or told as code; at its right, where it became a figure, what the chapter
shows of it and its caption. Written to DIR (default: the current folder) as ``ID-01.png`` and so
on.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from pipeline.document.article import Article
from pipeline.document.blocks import Figure
from pipeline.models import Frame, Segments
from pipeline.timecode import clock
from pipeline.video.screens.beside_camera import painted_over

SCREEN, SHOWN, ROW, TEXT = 300, 560, 196, 16  # pixels
COLUMNS = 4  # screens side by side that became no figure


def main(argv: Sequence[str] | None = None) -> None:
    """Read the lecture's folder, write the sheets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lecture", type=Path, help="the folder of a lecture")
    parser.add_argument("--folder", type=Path, default=Path(), help="where the sheets go")
    parser.add_argument("--rows", type=int, default=8, help="of a sheet")
    chosen = parser.parse_args(argv)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    rows = list(_rows(chosen.lecture))
    for number, first in enumerate(range(0, len(rows), chosen.rows), start=1):
        part = rows[first : first + chosen.rows]
        sheet = Image.new("RGB", (max(one.width for one in part), ROW * len(part)), "white")
        for place, row in enumerate(part):
            sheet.paste(row, (0, place * ROW))
        sheet.save(chosen.folder / f"{chosen.lecture.name}-{number:02d}.png")


def _rows(lecture: Path) -> Iterator[Image.Image]:
    """A row for each figure, and one for so many screens in between."""
    article = Article.model_validate_json((lecture / "write/article.json").read_bytes())
    segments = Segments.model_validate_json((lecture / "segment/segments.json").read_bytes())
    blocks = [block for section in article.sections for block in section.blocks]
    figures = {block.frame: block for block in blocks if isinstance(block, Figure)}
    between: list[Frame] = []
    for frame in segments.frames:
        if frame.id not in figures:
            between.append(frame)
            if len(between) < COLUMNS:
                continue
        if between:
            yield _row(lecture, between)
            between = []
        if frame.id in figures:
            yield _row(lecture, [frame], figures[frame.id])
    if between:
        yield _row(lecture, between)


def _row(lecture: Path, frames: Sequence[Frame], figure: Figure | None = None) -> Image.Image:
    row = Image.new("RGB", (COLUMNS * (SCREEN + 8), ROW), "#cdebc9" if figure else "#eeeeee")
    pen, font = ImageDraw.Draw(row), ImageFont.load_default(TEXT - 3)
    for place, frame in enumerate(frames):
        x = place * (SCREEN + 8) + 4
        again = f" = {frame.same_as}" if frame.same_as else ""
        times = f"{clock(frame.start_ms)}-{clock(frame.end_ms)}"
        pen.text((x, 2), f"{frame.id} {times} {frame.kind}{again}", "black", font)
        with Image.open(lecture / frame.path) as opened:
            picture = opened.convert("RGB")
        row.paste(_within(picture.copy(), SCREEN, ROW - TEXT - 6), (x, TEXT + 2))
        if figure:
            if frame.inset and figure.crop:
                picture = painted_over(picture, frame.inset) or picture
            shown = picture.crop(figure.crop.part_of(*picture.size) if figure.crop else None)
            row.paste(_within(shown, SHOWN, ROW - TEXT - 6), (SCREEN + 20, TEXT + 2))
            pen.text((SCREEN + 20, 2), figure.caption, "#b00000", font)
    return row


def _within(picture: Image.Image, width: int, height: int) -> Image.Image:
    picture.thumbnail((width, height), Image.Resampling.LANCZOS)
    return picture


if __name__ == "__main__":
    main()

"""Lines of pictures are read once: kept after a crash, taken from earlier pictures."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from pipeline.engine.progress import Silent
from pipeline.video.ocr.batch import OcrBatch
from pipeline.video.ocr.lines import FoundLine, LineReading, PictureReadings, Pixels
from pipeline.video.ocr.recognition import decoded, read_lines

ROW = 24  # pixels from line to line


@dataclass
class Sighted:
    """An engine that knows where lines stand, and is as sure as it is told, reading by reading."""

    confidences: Sequence[float] = (1.0,) * 99
    words: Sequence[str] = ()
    read_at: list[int] = field(default_factory=list)

    def find(self, pixels: Pixels) -> PictureReadings:
        tops = [
            top for top in range(0, pixels.shape[0], ROW) if np.ptp(pixels[top : top + ROW, :, 0])
        ]
        corners = [((8, top), (312, top), (312, top + ROW), (8, top + ROW)) for top in tops]
        return PictureReadings(found=tuple(map(FoundLine, corners)))

    def read(self, pixels: Pixels, found: FoundLine) -> LineReading:
        self.read_at.append(found.top // ROW)
        count = len(self.read_at) - 1
        word = self.words[count] if self.words else f"reading {count}"
        return LineReading(word, self.confidences[count])


def screen(lines: Sequence[str], quality: int) -> bytes:
    """A dark window with lines of 16 pixels, as a JPEG; an empty line leaves its row free."""
    image = Image.new("RGB", (320, 6 * ROW), "#1b1e26")
    pen = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        pen.text((12, ROW * row + 3), line, font=ImageFont.load_default(16), fill="#d7dae0")
    flat = [row for row in range(6) if row >= len(lines) or not lines[row]]
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    noisy = Image.open(file).convert("RGB")
    for row in flat:
        noisy.paste("#1b1e26", (0, ROW * row, 320, ROW * (row + 1)))
    file = io.BytesIO()
    noisy.save(file, "PNG")
    return file.getvalue()


def never(picture: bytes) -> PictureReadings:
    raise AssertionError("read in another process")


def texts(folder: Path, engine: Sighted, *screens: Sequence[str], workers: int = 1) -> list[str]:
    batch = OcrBatch(folder, engine, apart=never, version="1", workers=workers)
    loaders: list[Callable[[], bytes]] = [
        partial(screen, lines, 85 + number) for number, lines in enumerate(screens)
    ]
    read, failed = batch.texts(loaders, Silent())
    assert not failed
    return [one.text for one in read]


def test_a_line_that_stays_or_scrolls_is_read_once(tmp_path: Path) -> None:
    engine = Sighted()
    found = texts(
        tmp_path,
        engine,
        ["", "for x in items:", "print(x)"],
        ["", "for x in items:", "print(x)", "done()"],
        ["print(x)", "done()"],
    )
    assert engine.read_at == [1, 2, 3]
    assert found[1].split("\n") == ["reading 0", "reading 1", "reading 2"]
    assert found[2].split("\n") == ["reading 1", "reading 2"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f(x, y)", "f(x. y)"),
        ("x[l]", "x[1]"),
        ("a = b8", "a = bB"),
        ("stoi(c)", "stoi[c]"),
        ("word", "word."),
    ],
)
def test_a_line_with_one_letter_exchanged_is_another_line(
    before: str, after: str, tmp_path: Path
) -> None:
    engine = Sighted()
    assert texts(tmp_path, engine, [before], [after]) == ["reading 0", "reading 1"]


def test_an_unsure_line_is_read_on_two_more_pictures_and_the_surest_reading_stands_on_all(
    tmp_path: Path,
) -> None:
    engine = Sighted(confidences=(0.6, 0.8, 0.7, 1.0))
    assert texts(tmp_path, engine, *[["print(x)"]] * 5) == ["reading 1"] * 5
    assert len(engine.read_at) == 3


def test_code_that_does_not_parse_is_read_again(tmp_path: Path) -> None:
    engine = Sighted(confidences=(0.99, 0.98), words=("x = stoi(c]", "x = stoi[c]"))
    assert texts(tmp_path, engine, *[["x = stoi[c]"]] * 3) == ["x = stoi[c]"] * 3
    assert len(engine.read_at) == 2
    clauses = Sighted(words=("else:", "except KeyError:"))
    texts(tmp_path / "two", clauses, *[["else:                     #", "except KeyError:"]] * 2)
    assert len(clauses.read_at) == 2


def test_the_result_is_the_same_for_many_threads_and_after_an_interruption(tmp_path: Path) -> None:
    screens = [[f"line {number} of {count}" for number in range(4)] for count in (3, 3, 4, 4, 3)]

    class Exact(Sighted):
        def read(self, pixels: Pixels, found: FoundLine) -> LineReading:
            self.read_at.append(found.top // ROW)
            shade = int(pixels[found.top : found.bottom, found.left : found.right].sum())
            return LineReading(f"pixels {shade}", 0.5 + shade % 97 / 200)

    once = texts(tmp_path / "one", Exact(), *screens)
    assert texts(tmp_path / "two", Exact(), *screens, workers=4) == once
    texts(tmp_path / "three", Exact(), *screens[:2])
    resumed = Exact()
    assert texts(tmp_path / "three", resumed, *screens) == once
    again = Exact()
    assert texts(tmp_path / "three", again, *screens) == once
    assert not again.read_at and resumed.read_at


def test_a_mark_left_beside_kept_readings_is_removed_and_nothing_is_read_again(
    tmp_path: Path,
) -> None:
    engine = Sighted()
    assert texts(tmp_path, engine, ["one"]) == ["reading 0"]
    (kept,) = tmp_path.iterdir()
    kept.with_suffix(".begun").touch()  # as a kill at that moment leaves it
    assert texts(tmp_path, engine, ["one"]) == ["reading 0"]
    assert len(engine.read_at) == 1
    assert list(tmp_path.iterdir()) == [kept]


def test_a_picture_read_in_another_process_gives_the_same_text(tmp_path: Path) -> None:
    screens = [["one", "two"], ["one", "two", "three"]]
    loaders = [partial(screen, lines, 85) for lines in screens]
    whole = OcrBatch(tmp_path / "one", Sighted(), apart=never, version="1", workers=1)
    expected = whole.texts(loaders, Silent())
    names = [path.stem for path in sorted((tmp_path / "one").glob("*.json"))]
    (tmp_path / "two").mkdir()
    for name in names:
        (tmp_path / "two" / f"{name}.begun").touch()

    def apart(picture: bytes) -> PictureReadings:
        return read_lines(decoded(picture), Sighted())

    marked = OcrBatch(tmp_path / "two", Sighted(), apart=apart, version="1", workers=1)
    assert marked.texts(loaders, Silent()) == expected

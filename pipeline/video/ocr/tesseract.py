"""Another OCR engine, for scripts that rapidocr's model does not know: the program tesseract.

It is used only where a setting names it, with languages whose data lie on the machine. Of the
characters of three lines drawn at 24 and at 44 pixels it reads (5.3, Debian's data, sparse text):
Thai, Hindi, Cyrillic, Hebrew, Latin 1.00, Greek 0.99, Korean 0.97 and 0.94, Persian 0.89 and 0.85,
Arabic 0.60 and 0.68 (one line of three is not found); rapidocr's own model none but Latin, Chinese
and Japanese (1.00), and two thirds of Greek. Looking for paragraphs (``--psm 3``) finds no line of
the Korean slide.
"""

from __future__ import annotations

import csv
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from shutil import which
from typing import TYPE_CHECKING

from pipeline.errors import MissingDependencyError, ScreenError
from pipeline.text.languages.codes import short_code
from pipeline.text.languages.known import language_of
from pipeline.text.scripts import is_unspaced
from pipeline.video.ocr.lines import FoundLine, LineReading, OcrWord, PictureReadings

if TYPE_CHECKING:
    from pipeline.video.ocr.lines import Pixels

_TIMEOUT_S = 300.0  # a 4K screen full of text takes some ten seconds on a slow core
_WORD_GAP = 0.5  # of the height of a line: in writing without spaces, a wider gap is one

# Where tesseract's data of a language are not named or written as the language itself is.
_SCRIPTS: Mapping[str, tuple[str, ...]] = {
    "chi_sim": ("Hani",),
    "chi_tra": ("Hani",),
    "jpn": ("Jpan", "Hani"),
}


@dataclass(frozen=True)
class TesseractEngine:
    """Reads whole pictures with ``tesseract -l LANGUAGES``; see ``OcrEngine``.

    Raises:
        MissingDependencyError: when made, the program or the data of a language is not here.
    """

    languages: str  # tha+eng

    def __post_init__(self) -> None:
        missing = sorted(set(self.languages.split("+")) - installed_languages())
        if missing:
            names = " ".join(f"tesseract-ocr-{name.replace('_', '-')}" for name in missing)
            raise MissingDependencyError(
                f"screens.ocr_model names tesseract:{self.languages}, and "
                f"{'tesseract' if not which('tesseract') else ', '.join(missing)} is not installed",
                f"apt install tesseract-ocr {names}",
            )

    @property
    def scripts(self) -> tuple[str, ...]:
        """The scripts that these languages are written in (ISO 15924)."""
        found = (script for name in self.languages.split("+") for script in _scripts(name))
        return tuple(dict.fromkeys(found))

    def find(self, pixels: Pixels) -> PictureReadings:
        """The lines, already read."""
        import cv2

        done, picture = cv2.imencode(".png", pixels)
        if not done:
            raise ScreenError("a picture could not be packed for tesseract")
        lines = _lines(self._table(picture.tobytes()))
        return PictureReadings(
            found=tuple(found for found, _ in lines),
            read={number: reading for number, (_, reading) in enumerate(lines)},
        )

    def read(self, pixels: Pixels, found: FoundLine) -> LineReading:
        """Nothing: ``find`` has read all lines."""
        return LineReading("", 0.0)

    def _table(self, picture: bytes) -> str:
        command = ["tesseract", "-", "-", "-l", self.languages, "--psm", "11", "tsv"]
        try:
            done = subprocess.run(
                command,
                input=picture,
                capture_output=True,
                timeout=_TIMEOUT_S,
                check=False,
                env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ScreenError(f"tesseract could not read a picture: {error}") from error
        if done.returncode:
            why = " ".join(done.stderr.decode("utf-8", "replace").split())[-200:]
            raise ScreenError(f"tesseract could not read a picture: {why or done.returncode}")
        return done.stdout.decode("utf-8", "replace")


def _scripts(name: str) -> tuple[str, ...]:
    """What the data ``name`` read: what the language is mostly written in; Latin if unknown."""
    known = language_of(short_code(name))
    return _SCRIPTS.get(name) or (known.scripts[:1] if known else ("Latn",))


def installed_languages() -> frozenset[str]:
    """The languages whose data tesseract has here; empty without the program."""
    if not which("tesseract"):
        return frozenset()
    command = ["tesseract", "--list-langs"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    return frozenset(done.stdout.split("\n")[1:]) - {"", "osd"}


def _lines(table: str) -> list[tuple[FoundLine, LineReading]]:
    """The lines of tesseract's table, which has a row for each word."""
    rows = csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = [row for row in rows if row["level"] == "5" and (row["text"] or "").strip()]
    by_line = groupby(words, key=lambda w: (w["block_num"], w["par_num"], w["line_num"]))
    return [_line(tuple(line)) for _, line in by_line]


def _line(rows: Iterable[Mapping[str, str]]) -> tuple[FoundLine, LineReading]:
    words, tops, bottoms, sure = [], [], [], []
    for row in rows:
        left, top = int(row["left"]), int(row["top"])
        words.append(OcrWord(left, left + int(row["width"]), row["text"].strip()))
        tops.append(top)
        bottoms.append(top + int(row["height"]))
        sure.append(max(0.0, float(row["conf"])) / 100)
    left, right = min(word.left for word in words), max(word.right for word in words)
    top, bottom = min(tops), max(bottoms)
    text = words[0].text + "".join(
        _between(before, after, bottom - top) + after.text for before, after in pairwise(words)
    )
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    return FoundLine(corners), LineReading(text, sum(sure) / len(sure), tuple(words))


def _between(before: OcrWord, after: OcrWord, height: int) -> str:
    """What stands between two words: nothing in writing without spaces, which is cut anywhere."""
    unspaced = is_unspaced(before.text[-1]) and is_unspaced(after.text[0])
    return "" if unspaced and abs(after.left - before.right) < _WORD_GAP * height else " "

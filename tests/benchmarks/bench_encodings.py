"""How often the encoding of captions is found: one lecture in 13 languages, in 24 encodings.

Run: ``python -m tests.benchmarks.bench_encodings`` (needs the shared material).

Pieces of 1, 2, 3, 5 and 20 cues from all over each file, and the whole file, written in each
encoding and read with and without knowing the language. "silent" are wrong texts without a doubt.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipeline.transcript.captions.decode import decode

ENCODINGS = {
    "ar": ("cp1256", "iso8859_6"),
    "de": ("cp1252", "mac_roman", "cp850"),
    "es": ("cp1252",),
    "fa": ("cp1256",),
    "fr": ("cp1252", "mac_roman", "cp850"),
    "he": ("cp1255", "iso8859_8"),
    "ja": ("cp932", "euc_jp", "iso2022_jp"),
    "ko": ("cp949",),
    "ru": ("cp1251", "koi8_r", "iso8859_5", "cp866", "mac_cyrillic"),
    "th": ("cp874",),
    "tr": ("cp1254",),
    "vi": ("cp1258",),
    "zh": ("gb18030", "big5", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"),
}
LENGTHS = (1, 2, 3, 5, 20, 10_000)
PLACES = 60


def pieces(cues: list[str], length: int) -> Iterator[str]:
    """Pieces of ``length`` cues from places all over the file."""
    places = 1 if length >= len(cues) else PLACES
    for place in range(places):
        start = place * len(cues) // (PLACES + 1)
        yield "\n\n".join(cues[start : start + length])


def main() -> int:
    """Print a table: cues, files, wrong ones, wrong ones without a doubt; and with the language."""
    folder = Path(os.environ.get("LECTURE_SHARED", "../shared")) / "media" / "languages"
    if not folder.is_dir():
        print("no captions to measure on (set LECTURE_SHARED)")
        return 0
    seen: Counter[tuple[int, str]] = Counter()
    for language, encodings in ENCODINGS.items():
        text = (folder / f"attention.{language}.srt").read_text("utf-8-sig").replace("\r\n", "\n")
        cues = [cue for cue in text.split("\n\n") if cue.strip()]
        for length in LENGTHS:
            for piece in pieces(cues, length):
                for encoding in encodings:
                    measure(piece.encode(encoding, "ignore"), encoding, language, length, seen)
    print(f"{'cues':>6} {'files':>6} {'wrong':>6} {'silent':>6}   with the language: wrong silent")
    for length in LENGTHS:
        row = [seen[length, name] for name in ("all", "wrong", "silent", "wrong+", "silent+")]
        print("{:>6} {:>6} {:>6} {:>6}   {:>24} {:>6}".format(length, *row))
    return 0


def measure(
    data: bytes, encoding: str, language: str, length: int, seen: Counter[tuple[int, str]]
) -> None:
    """Read ``data`` with and without the language, and count what came of it."""
    if data.isascii() and b"\x1b" not in data:
        return
    seen[length, "all"] += 1
    for known, mark in ((None, ""), (language, "+")):
        decoded = decode(data, known)
        if decoded.text != data.decode(encoding):
            seen[length, f"wrong{mark}"] += 1
            seen[length, f"silent{mark}"] += not decoded.doubt


if __name__ == "__main__":
    sys.exit(main())

"""Headers of WebVTT files, also within a file: segments of a stream are joined as they came."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.timecode import parse_ms

_WEBVTT = re.compile(r"\ufeff?WEBVTT(?:[ \t].*)?$")
_FIELD = re.compile(r"(?:Kind|Language|X-TIMESTAMP-MAP)\s*[:=]", re.IGNORECASE)
# https://datatracker.ietf.org/doc/html/rfc8216#section-3.5
_MPEGTS = re.compile(r"MPEGTS:(\d{1,20})", re.IGNORECASE)
_LOCAL = re.compile(r"LOCAL:([\d:.]+)", re.IGNORECASE)
_TICKS_MS = 90
_WRAP_MS = 2**33 // _TICKS_MS  # a day and two hours: then the clock of the stream begins again


@dataclass(frozen=True)
class Header:
    """``offset_ms`` is what takes times below it to the clock of the stream; None: not said."""

    language: str | None = None
    offset_ms: int | None = None

    def says_when(self, before: Sequence[Header]) -> bool:
        """Whether its segment has a place on the clock, and not that of the one ``before``."""
        return self.offset_ms is not None and all(
            self.offset_ms != header.offset_ms for header in before
        )

    def shift_from(self, first: Header) -> int:
        """Milliseconds that take times below this header to the clock of ``first``."""
        if self.offset_ms is None or first.offset_ms is None:
            return 0
        shift = self.offset_ms - first.offset_ms
        return shift + _WRAP_MS if shift < -_WRAP_MS // 2 else shift


def is_header(lines: Sequence[str], number: int) -> bool:
    """Whether a header begins at line ``number``: at the top, behind a blank line, or with fields.

    A lecturer may say "WEBVTT" in a line of its own; fields do not follow then.
    """
    if not _WEBVTT.match(lines[number]):
        return False
    if number == 0 or not lines[number - 1].strip():
        return True
    return number + 1 < len(lines) and bool(_FIELD.match(lines[number + 1]))


def read_header(lines: Sequence[str], number: int) -> tuple[Header, int]:
    """The header that begins at line ``number``, and the number of the line behind it."""
    language, offset_ms = None, None
    number += 1
    while number < len(lines) and lines[number].strip() and "-->" not in lines[number]:
        line = lines[number]
        if line.startswith("Language:"):
            language = line.partition(":")[2].strip() or None
        if line.startswith("X-TIMESTAMP-MAP"):
            offset_ms = _offset_ms(line)
        if number + 1 < len(lines) and "-->" in lines[number + 1] and ":" not in line:
            break  # the name of the first cue
        number += 1
    return Header(language, offset_ms), number


def _offset_ms(line: str) -> int | None:
    ticks, local = _MPEGTS.search(line), _LOCAL.search(line)
    if not ticks or not local:
        return None
    try:
        return int(ticks[1]) // _TICKS_MS - parse_ms(local[1])
    except ValueError:
        return None

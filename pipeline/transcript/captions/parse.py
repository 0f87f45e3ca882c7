"""Caption files (WebVTT, SubRip, SBV) to raw cues: times and lines, tags still in them.

The three formats differ in little: a timing line, then text. Files in the wild lack blank lines,
have them within cues, mix commas with dots, or are joined from others, so one forgiving reader
takes them all: a timing line begins a cue wherever it stands, and the text runs to the next one.
What stands above a timing line is a number or a name of the cue only where the file has them.

``pysubs2`` and ``webvtt-py`` were tried on the same files. ``pysubs2`` reads headers of joined
segments, damaged times and numbers that stand apart as speech, ``webvtt-py`` drops text behind a
blank line and reads microseconds as minutes; neither counts what it left out.

Formats: https://www.w3.org/TR/webvtt1/ and
https://support.google.com/youtube/answer/2734698 (SubRip, SBV).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from pipeline.errors import CaptionError
from pipeline.timecode import parse_ms
from pipeline.transcript.captions.decode import decode
from pipeline.transcript.captions.labels import without_labels
from pipeline.transcript.captions.times import CueTiming, read_timings

# Ten hours of automatic captions with a time for every word have 5 MB.
MOST_CAPTION_BYTES = 8 << 20
_SHARED_CUES = 20  # so many cues of a segment may stand in the next one as well
_COMMENT = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
# Headers, also within a file: segments of a stream are joined as they came.
_WEBVTT = re.compile(r"\ufeff?WEBVTT(?:[ \t].*)?$")
_FIELD = re.compile(r"(?:Kind|Language|X-TIMESTAMP-MAP)\s*[:=]", re.IGNORECASE)
# https://datatracker.ietf.org/doc/html/rfc8216#section-3.5
_MPEGTS = re.compile(r"MPEGTS:(\d{1,20})", re.IGNORECASE)
_LOCAL = re.compile(r"LOCAL:([\d:.]+)", re.IGNORECASE)
_TICKS_MS = 90
_WRAP_MS = 2**33 // _TICKS_MS  # a day and two hours: then the clock of the stream begins again


@dataclass(frozen=True)
class RawCue:
    """One timing line and the non-empty lines under it, as written; ``end_ms`` may be wrong."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class CaptionFile:
    """The cues in the order of the file, and the lines whose times could not be read.

    ``language`` is what its header names; ``doubt`` says what is not sure of its text, or "".
    ``restarts`` counts the segments of a stream that begin again at 0 and do not say when they
    are: each is put behind the one before it, so that its times are not exact.
    """

    cues: tuple[RawCue, ...]
    unreadable: tuple[int, ...]
    language: str | None
    doubt: str = ""
    restarts: int = 0


def read_caption_file(
    path: Path, language: str | None = None, fps: float | None = None
) -> CaptionFile:
    """The raw cues of a ``.vtt``, ``.srt`` or ``.sbv`` file, whichever it really is.

    ``language`` is what it is believed to be in, to tell old encodings apart; ``fps``
    the video's frames a second, for times that count frames.

    Raises:
        CaptionError: the file cannot be read, is too large, or there is text in it but no cue.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_CAPTION_BYTES + 1)
    except OSError as error:
        raise CaptionError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(data) > MOST_CAPTION_BYTES:
        raise CaptionError(
            f"{path} has more than {MOST_CAPTION_BYTES >> 20} MB, more than anybody can say",
            "put the captions of this video alone there",
        )
    decoded = decode(data, language)
    text = decoded.text
    parsed = replace(parse_captions(text, fps), doubt=decoded.doubt)
    if not parsed.cues and text.strip() and not text.lstrip().startswith("WEBVTT"):
        line = parsed.unreadable[0] if parsed.unreadable else 1
        raise CaptionError(
            f"{path}, line {line}: no caption times found",
            "captions must be WebVTT (.vtt), SubRip (.srt) or SBV (.sbv)",
        )
    if not parsed.cues and parsed.unreadable:
        raise CaptionError(f"{path}, line {parsed.unreadable[0]}: not a time")
    return parsed


def parse_captions(text: str, fps: float | None = None) -> CaptionFile:
    """The raw cues in ``text``; headers, notes, styles, regions and cue names are left out.

    A cue that stands there twice, as at the joint of two segments, is taken once.
    """
    lines = text.split("\n")
    timings = read_timings(lines, fps)
    webvtt = is_header(lines, 0)
    headers: list[Header] = []
    blocks: list[_Block] = []
    block: _Block | None = None  # None in a header, and in what is not a cue
    unreadable: list[int] = []
    number = segment = 0
    counted = False  # whether a cue has the number 1
    while number < len(lines):
        line = lines[number]
        if webvtt and is_header(lines, number):
            header, number = read_header(lines, number)
            headers.append(header)
            segment += not header.says_when(headers[-2:-1])
            block = None
            continue
        if number in timings:
            if not webvtt and number and lines[number - 1].strip() == "1":
                # SubRip files put end to end: the second counts from 1 again.
                segment += counted
                counted = True
            block = _begun(timings[number], headers, segment)
            if block is None:
                unreadable.append(number + 1)
            else:
                blocks.append(block)
        elif webvtt and _is_comment(lines, number):
            block = None
        elif block is not None:
            block.lines.append(line)
        number += 1
    language = next((header.language for header in headers if header.language), None)
    cues, restarts = _one_after_the_other(
        _cues(lines, timings, blocks), [block.segment for block in blocks]
    )
    return CaptionFile(tuple(dict.fromkeys(cues)), tuple(unreadable), language, restarts=restarts)


@dataclass
class _Block:
    """A cue while it is read: its times, and all lines up to the next timing line.

    ``segment`` counts the starts of segments above it that do not say when they are.
    """

    start_ms: int
    end_ms: int
    lines: list[str]
    segment: int


def _begun(timing: CueTiming | None, headers: Sequence[Header], segment: int) -> _Block | None:
    """The cue that a timing line begins, on the clock of the first header; None: not readable."""
    if timing is None:
        return None
    shift_ms = headers[-1].shift_from(headers[0]) if headers else 0
    start_ms, end_ms = timing.start_ms + shift_ms, timing.end_ms + shift_ms
    if end_ms <= 0 and start_ms < 0:
        return None
    text = [timing.text] if timing.text else []
    return _Block(max(start_ms, 0), max(end_ms, 0), text, segment)


def _cues(
    lines: Sequence[str], timings: Mapping[int, CueTiming | None], blocks: Sequence[_Block]
) -> list[RawCue]:
    bodies = without_labels(lines, list(timings), [block.lines for block in blocks])
    return [
        RawCue(block.start_ms, block.end_ms, tuple(line for line in body if line.strip()))
        for block, body in zip(blocks, bodies, strict=True)
    ]


def _one_after_the_other(
    cues: Sequence[RawCue], segments: Sequence[int]
) -> tuple[list[RawCue], int]:
    """Each segment behind the one before, where any begins again, and how many segments follow.

    A segment that begins with a cue of the one before it is on the same clock.
    """
    joints = [k for k in range(1, len(cues)) if segments[k] != segments[k - 1]]
    starts = [0, *joints]
    if not any(_begins_again(cues, first, k) for first, k in pairwise(starts)):
        return list(cues), 0
    placed: list[RawCue] = []
    shift_ms = latest_ms = 0
    for begin, end in pairwise([*starts, len(cues)]):
        for cue in cues[begin:end]:
            moved = replace(cue, start_ms=cue.start_ms + shift_ms, end_ms=cue.end_ms + shift_ms)
            latest_ms = max(latest_ms, moved.start_ms, moved.end_ms)
            placed.append(moved)
        shift_ms = latest_ms
    return placed, len(joints)


def _begins_again(cues: Sequence[RawCue], first: int, joint: int) -> bool:
    """Whether the clock goes back at a joint, behind a segment that begins at the cue ``first``."""
    repeated = cues[joint] in cues[max(0, joint - _SHARED_CUES) : joint]
    back = cues[joint].start_ms < cues[joint - 1].start_ms
    return not repeated and (back or cues[joint].start_ms <= cues[first].start_ms)


def _is_comment(lines: Sequence[str], number: int) -> bool:
    return bool(_COMMENT.match(lines[number])) and not lines[number - 1].strip()


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

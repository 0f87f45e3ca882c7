"""Caption files (WebVTT, SubRip, SBV) to raw cues: times and lines, tags still in them.

The three formats differ in little: a timing line, then text. Files in the wild lack blank lines,
mix commas with dots, or come in old encodings, so one forgiving reader takes them all: a timing
line begins a cue wherever it stands, and the text runs to the next one.

Formats: https://www.w3.org/TR/webvtt1/ and
https://support.google.com/youtube/answer/2734698 (SubRip, SBV).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import CaptionError
from pipeline.timecode import parse_ms
from pipeline.transcript.captions.decode import decode

_TIME = r"(?:\d+:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"
_ARROW = re.compile(rf"^\s*({_TIME})\s*-{{1,3}}>\s*({_TIME})(?:\s.*)?$", re.ASCII)
_SBV = re.compile(rf"^\s*({_TIME}),({_TIME})\s*$", re.ASCII)
# A timing line that is damaged; an arrow in speech ("0 --> 1", "<!-- a -->") is none.
_BROKEN = re.compile(r"^\s*\d++[:.,]\S*\s*-->|-->\s*\d++[:.,][\d:.,]*\s*$", re.ASCII)
_NUMBER = re.compile(r"\s*\d+\s*", re.ASCII)
# Ten hours of automatic captions with a time for every word have 5 MB.
_MOST_BYTES = 8 << 20
_NOT_SPEECH = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")


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
    """

    cues: tuple[RawCue, ...]
    unreadable: tuple[int, ...]
    language: str | None
    doubt: str = ""


def read_caption_file(path: Path, language: str | None = None) -> CaptionFile:
    """The raw cues of a ``.vtt``, ``.srt`` or ``.sbv`` file, whichever it really is.

    ``language`` is what it is believed to be in, to tell old encodings apart.

    Raises:
        CaptionError: the file cannot be read, is too large, or there is text in it but no cue.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise CaptionError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(data) > _MOST_BYTES:
        raise CaptionError(
            f"{path} has more than {_MOST_BYTES >> 20} MB, which is more than anybody can say",
            "put the captions of this video alone there",
        )
    decoded = decode(data, language)
    text = decoded.text
    parsed = replace(parse_captions(text), doubt=decoded.doubt)
    if not parsed.cues and text.strip() and not text.lstrip().startswith("WEBVTT"):
        line = parsed.unreadable[0] if parsed.unreadable else 1
        raise CaptionError(
            f"{path}, line {line}: no caption times found",
            "captions must be WebVTT (.vtt), SubRip (.srt) or SBV (.sbv)",
        )
    if not parsed.cues and parsed.unreadable:
        raise CaptionError(f"{path}, line {parsed.unreadable[0]}: not a time")
    return parsed


def parse_captions(text: str) -> CaptionFile:
    """The raw cues in ``text``; notes, styles, regions and cue names are left out."""
    cues: list[RawCue] = []
    unreadable: list[int] = []
    language: str | None = None
    times: tuple[int, int] | None = None
    body: list[str] = []
    skipping = True  # the header, and every block that is not a cue
    lines = text.split("\n")
    # In a file with arrows, two times with a comma between them were said.
    arrows = any(map(_ARROW.match, lines))
    for number, line in enumerate(lines, 1):
        timing = _timing(line, arrows)
        if timing or _BROKEN.search(line):
            _drop_name(body)
            _keep(cues, times, body)
            times, body, skipping = timing, [], timing is None
            if timing is None:
                unreadable.append(number)
        elif _NOT_SPEECH.match(line) and (number == 1 or not lines[number - 2].strip()):
            _keep(cues, times, body)
            times, body, skipping = None, [], True
        elif skipping:
            if not cues and line.startswith("Language:"):
                language = line.partition(":")[2].strip() or None
        else:
            body.append(line)
    _keep(cues, times, body)
    return CaptionFile(tuple(cues), tuple(unreadable), language)


def is_timing(line: str) -> bool:
    """Whether a reader takes ``line`` for one with times, whole or damaged."""
    return bool(_ARROW.match(line) or _BROKEN.search(line))


def _timing(line: str, arrows: bool) -> tuple[int, int] | None:
    match = _ARROW.match(line) if arrows else _SBV.match(line)
    if match is None:
        return None
    try:
        return parse_ms(match[1]), parse_ms(match[2])
    except ValueError:
        return None


def _drop_name(body: list[str]) -> None:
    """Take off the next cue's name or number, which stands right above its timing line."""
    if not body or not body[-1].strip():
        return
    if _NUMBER.fullmatch(body[-1]) or (len(body) > 1 and not body[-2].strip("\n")):
        body.pop()


def _keep(cues: list[RawCue], times: tuple[int, int] | None, body: list[str]) -> None:
    if times is not None:
        cues.append(RawCue(*times, tuple(line for line in body if line.strip())))

"""What the library page's form and its uploads say, held to what may be said."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from pipeline.server.job_model import JobOptions
from pipeline.server.uploads import CAPTION_SUFFIXES
from pipeline.timecode import parse_ms
from pipeline.transcript.captions.parse import MOST_CAPTION_BYTES

# A name has 255 bytes on most file systems; a suffix, a number and a caption's language follow.
_STEM_BYTES = 200
_MOST_DIGITS = 12  # of a count of bytes; int() refuses more than 4,300
_DEVICE = re.compile(r"con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$", re.IGNORECASE)
_OPTION_HINTS = {
    "language": "is no language code such as en or pt-BR",
    "start": "is no time such as 1:02:03 or 95",
    "end": "is no time such as 1:02:03 or 95",
    "edition": "is neither llm nor transcript",
    "model": "is no name of a model",
    "captions_url": "is longer than an address of captions may be",
}


def safe_name(name: str) -> str:
    """A file name made of harmless characters, without any folder, of at most 210 bytes.

    >>> safe_name("../../etc/x y<b>.mp4"), safe_name(".mp4"), safe_name("CON.mp4")
    ('x y b.mp4', 'lecture.mp4', 'lecture CON.mp4')
    """
    last = re.split(r"[/\\\\]", name)[-1]
    stem, dot, suffix = last.rpartition(".")
    stem = re.sub(r"[^\w .,()+-]+", " ", stem if dot else last).strip(" .-")
    stem = stem[:80].encode("utf-8", "ignore")[:_STEM_BYTES].decode("utf-8", "ignore").strip(" .-")
    if _DEVICE.fullmatch(stem.partition(".")[0].strip()):
        stem = f"lecture {stem}"
    suffix = re.sub(r"[^A-Za-z0-9]+", "", suffix)[:8] if dot else ""
    return (stem or "lecture") + (f".{suffix}" if suffix else "")


def options_from(given: Mapping[str, str]) -> JobOptions:
    """What a form says of how to convert.

    Raises:
        HTTPException: 400, naming the field that is not what it should be.
    """
    fields = {name: given.get(name, "").strip() for name in JobOptions.model_fields}
    try:
        options = JobOptions.model_validate(fields)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise HTTPException(400, f"{name}: {fields[name]!r} {_OPTION_HINTS[name]}") from error
    start, end = _time("start", options.start), _time("end", options.end)
    if end is not None and end <= (start or 0):
        raise HTTPException(
            400, f"end: {options.end!r} is not later than the start, {options.start or '0:00'}"
        )
    return options


def _time(name: str, text: str) -> int | None:
    try:
        return parse_ms(text) if text else None
    except ValueError as error:  # 1:75
        raise HTTPException(400, f"{name}: {text!r} {_OPTION_HINTS[name]}") from error


def captions_in(request: Request) -> tuple[int, str]:
    """The size of the caption file ahead of an uploaded video, and what its name ends with."""
    name = safe_name(request.query_params.get("captions", ""))
    size = request.query_params.get("captions_bytes", "0")
    is_count = size.isascii() and size.isdigit() and len(size) <= _MOST_DIGITS
    if not is_count or int(size) > MOST_CAPTION_BYTES:
        raise closing(413, "The caption file is too large.")
    if not int(size):
        return 0, ""
    suffix = Path(name).suffix.lower()
    if suffix not in CAPTION_SUFFIXES:
        endings = ", ".join(CAPTION_SUFFIXES)
        raise closing(415, f"{name} is not named like a caption file ({endings}).")
    language = re.search(r"\.([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\.\w+$", name)
    return int(size), f".{language[1]}{suffix}" if language else suffix


def create_file(path: Path) -> tuple[Path, BinaryIO]:
    """A new file at ``path``, or at the first of ``name 2.mp4``, ``name 3.mp4``, ... that is free.

    A link that lies there counts as a file: nothing is written through it.
    """
    free = path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for number in itertools.count(2):
            with contextlib.suppress(FileExistsError):
                return free, free.open("xb")
            free = path.with_name(f"{path.stem} {number}{path.suffix}")
    except OSError as error:
        raise cannot_keep(error) from error
    raise AssertionError("numbers do not end")


def host_of(source: str) -> str:
    """The host of an http(s) address; empty for anything else."""
    if any(ord(letter) < 33 or ord(letter) == 127 for letter in source):
        return ""
    with contextlib.suppress(ValueError):
        parts = urlsplit(source)
        if parts.scheme in ("http", "https"):
            return parts.hostname or ""
    return ""


def closing(status: int, said: str) -> HTTPException:
    """A refusal of a file, after which the rest of it is not listened to."""
    return HTTPException(status, said, {"Connection": "close"})


def cannot_keep(error: OSError) -> HTTPException:
    """The answer where the disk does not take a file."""
    return HTTPException(507, f"The file cannot be kept: {error.strerror}")

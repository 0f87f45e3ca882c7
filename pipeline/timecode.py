"""Times as integer milliseconds: parsing what people and caption files write, and printing it.

All functions are pure. Negative times do not exist here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_CLOCK = re.compile(r"(?:(?:(\d{1,9}):)?(\d{1,2}):)?(\d{1,9})(?:[.,](\d{1,9}))?", re.ASCII)
_UNITS = re.compile(
    r"(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})(?:\.(\d{1,9}))?s)?", re.ASCII | re.IGNORECASE
)


def parse_ms(text: str) -> int:
    """The time that ``text`` names, in milliseconds from zero.

    Accepts ``H:MM:SS.mmm``, ``MM:SS``, plain seconds (``95``, ``95.5``) and ``1h2m3s`` forms; the
    decimal mark may be a comma. Fractions beyond the millisecond are cut. No part has more than
    nine digits.

    >>> parse_ms("1:02:03.500"), parse_ms("02:03"), parse_ms("95.5"), parse_ms("1h2m3s")
    (3723500, 123000, 95500, 3723000)

    Raises:
        ValueError: ``text`` is no time, or its minutes or seconds are 60 or more after a colon.
    """
    cleaned = text.strip()
    if match := _CLOCK.fullmatch(cleaned):
        hours, minutes, seconds, fraction = match.groups()
        if (minutes is not None and int(seconds) > 59) or (hours is not None and int(minutes) > 59):
            raise ValueError(f"not a time: {text!r}")
    elif cleaned and (match := _UNITS.fullmatch(cleaned)):
        hours, minutes, seconds, fraction = match.groups()
    else:
        raise ValueError(f"not a time: {text!r}")
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "0")[:3].ljust(3, "0"))


def clock(ms: int) -> str:
    """``ms`` as a reader sees it: ``M:SS`` below one hour, else ``H:MM:SS``; cut to the second.

    >>> clock(0), clock(61_999), clock(3_600_000)
    ('0:00', '1:01', '1:00:00')
    """
    seconds = ms // 1000
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def vtt_time(ms: int) -> str:
    """``ms`` in WebVTT's form ``HH:MM:SS.mmm``.

    >>> vtt_time(3_723_004)
    '01:02:03.004'
    """
    seconds, milliseconds = divmod(ms, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{milliseconds:03d}"


def srt_time(ms: int) -> str:
    """``ms`` in SubRip's form ``HH:MM:SS,mmm``.

    >>> srt_time(3_723_004)
    '01:02:03,004'
    """
    return vtt_time(ms).replace(".", ",")


def spoken_length(ms: int) -> str:
    """A length for people: ``45 s``, ``3 min 23 s``, ``2 h 13 min``.

    >>> spoken_length(45_000), spoken_length(203_000), spoken_length(8_015_000)
    ('45 s', '3 min 23 s', '2 h 13 min')
    """
    seconds = ms // 1000
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60} s"
    return f"{seconds // 3600} h {seconds // 60 % 60} min"


def shared_out(weights: Sequence[int], start_ms: int, end_ms: int) -> list[tuple[int, int]]:
    """The stretch from ``start_ms`` to ``end_ms`` cut in proportion to ``weights``, end to start.

    >>> shared_out([1, 3], 0, 400)
    [(0, 100), (100, 400)]
    """
    total, done = sum(weights), 0
    pieces = []
    for weight in weights:
        begin = start_ms + (end_ms - start_ms) * done // total
        done += weight
        pieces.append((begin, start_ms + (end_ms - start_ms) * done // total))
    return pieces

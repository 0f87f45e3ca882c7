"""Times, sources and settings as people type them."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import regex

from pipeline.errors import ConfigError, SourceError
from pipeline.render.links import embed_url, moment_url
from pipeline.settings.config import load_config
from pipeline.sources.ids import full_url, is_url, video_id_of
from pipeline.timecode import parse_ms, srt_time, vtt_time
from tests.fuzz.target import Target, argument_of, text_of

_SAFE = regex.compile(r"[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]*")
_MOST_BYTES = 120
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def timecode(data: bytes) -> None:
    """A time or a ValueError; what is printed reads back."""
    with contextlib.suppress(ValueError):
        ms = parse_ms(text_of(data))
        assert ms >= 0
        assert parse_ms(vtt_time(ms)) == parse_ms(srt_time(ms)) == ms


def source(data: bytes) -> None:
    """An id that is a safe name everywhere, or one clear error; links only to the web."""
    text = argument_of(data)
    for candidate in (text, f"https://example.org/{text}", f"youtu.be/{text}", f"file://{text}"):
        with contextlib.suppress(SourceError):
            name = video_id_of(candidate)
            assert _SAFE.fullmatch(name) and len(name.encode()) <= _MOST_BYTES
            assert not _DEVICES.fullmatch(name)
            assert name == video_id_of(candidate)
        if is_url(candidate):
            for link in (moment_url(full_url(candidate), None, 61_000), embed_url(candidate)):
                assert link is None or link.lower().startswith(("http://", "https://"))


def config(data: bytes) -> None:
    """``--set`` with anything: a configuration, or a list of problems."""
    for override in argument_of(data).split("\0"):
        with contextlib.suppress(ConfigError):
            load_config(Path("/dev/null"), [override], {})


TARGETS = (
    Target("timecode", timecode, (b"1:02:03.500", b"95,5", b"1h2m3s", b"02:03", b"3.25s")),
    Target(
        "source",
        source,
        (
            b"https://www.youtube.com/watch?v=zduSFxRajkE&t=3",
            b"https://vimeo.com/123456/abcdef",
            b"https://www.bilibili.com/video/BV1xx411c7mD?p=2",
            b"lecture.mp4",
            b"~someone/CON.mp4",
            b"http://[::1]/a%20b.webm#t=3",
        ),
    ),
    Target(
        "config",
        config,
        (
            b"write.temperature=0.3",
            b"llm.model={a: [1, 2]}",
            b"transcribe.engine=null",
            b"x=2001-01-01 01:01:01\0outline.max=!!int '3'",
        ),
    ),
)

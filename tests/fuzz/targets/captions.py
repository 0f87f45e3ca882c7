"""Captions: any bytes become cues in strict order, and our own files are read back as written."""

from __future__ import annotations

from itertools import pairwise

from pipeline.engine.workspace import to_json
from pipeline.models import Cue, Transcript
from pipeline.transcript.captions.decode import decode
from pipeline.transcript.captions.parse import parse_captions
from pipeline.transcript.captions.read import captions_of
from pipeline.transcript.subtitles import to_srt, to_text, to_vtt
from tests.fuzz.target import Target

_VTT = b"""WEBVTT
Language: en

NOTE made by hand

intro
00:00:01.000 --> 00:00:03.500 align:start
<v Ann>So this is <i>the</i> tokenizer &amp; its bytes.

00:00:03.500 --> 00:00:06.000
It<00:00:04.000><c> reads</c><00:00:04.500><c> bytes</c>
[Music]
"""
_SRT = b"""1
00:00:01,000 --> 00:00:03,500
One line
- and another

2
00:00:03,500 --> 00:00:06,000
{\\an8}The end.
"""
_SBV = b"0:00:01.000,0:00:03.500\nOne line\n\n0:00:03.500,0:00:06.000\nThe end.\n"
_ROLLING = b"""WEBVTT

00:00:01.000 --> 00:00:02.000
so this

00:00:02.000 --> 00:00:03.000
so this
is the first

00:00:03.000 --> 00:00:04.000
is the first
thing I say
"""


def run(data: bytes) -> None:
    """Read a caption file, and read back what we write of it."""
    captions = captions_of(parse_captions(decode(data).text))
    check_order(captions.cues)
    transcript = Transcript(
        language=captions.language, engine="captions", model=None, cues=captions.cues
    )
    assert Transcript.model_validate_json(to_json(transcript)) == transcript
    to_text(transcript).encode()
    for written in (to_vtt(transcript), to_srt(transcript)):
        again = parse_captions(written)
        assert not again.unreadable
        assert [(cue.start_ms, cue.end_ms) for cue in again.cues] == [
            (cue.start_ms, cue.end_ms) for cue in captions.cues
        ]


def check_order(cues: tuple[Cue, ...]) -> None:
    """Cues last, and each begins after the one before; its words lie within it, in order."""
    for cue in cues:
        assert cue.start_ms < cue.end_ms
        assert cue.text.strip()
        assert all(word.start_ms <= word.end_ms for word in cue.words)
        assert all(a.start_ms <= b.start_ms for a, b in pairwise(cue.words))
        if cue.words:
            assert cue.start_ms <= cue.words[0].start_ms
            assert cue.words[-1].end_ms <= cue.end_ms
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(cues))


TARGET = Target("captions", run, (_VTT, _SRT, _SBV, _ROLLING, _VTT.decode().encode("utf-16")))

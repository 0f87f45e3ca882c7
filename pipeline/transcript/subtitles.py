"""The transcript as files that players and people read: WebVTT, SubRip and plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from pipeline.models import Cue, Transcript
from pipeline.text.punctuation import ends_sentence
from pipeline.timecode import srt_time, vtt_time
from pipeline.transcript.captions.times import is_timing

_SIGN = re.compile(r"[-=~–—→➔➜⇒>,]|to")
_LINE_LETTERS = 42  # the usual limit of subtitles (see ``cues``)
# A pause this long begins a new paragraph of the plain text, when a sentence ends there.
_PARAGRAPH_PAUSE_MS = 1_500
# Without a pause it ends after so many letters, 100 words, with a sentence; else after the most.
_PARAGRAPH_LETTERS = 600
_PARAGRAPH_MOST = 1_500


def to_vtt(transcript: Transcript) -> str:
    """The transcript as WebVTT, one cue each, in lines of up to 42 letters."""
    head = "WEBVTT\n"
    if transcript.language:
        head += f"Kind: captions\nLanguage: {transcript.language}\n"
    blocks = [
        f"{vtt_time(cue.start_ms)} --> {vtt_time(cue.end_ms)}\n"
        f"{_escaped(_untimed(_lines(cue.text)))}\n"
        for cue in transcript.cues
    ]
    return "\n".join([head, *blocks])


def to_srt(transcript: Transcript) -> str:
    """The transcript as SubRip, numbered from 1; empty when nothing was said."""
    blocks = [
        f"{number}\n{srt_time(cue.start_ms)} --> {srt_time(cue.end_ms)}\n"
        f"{_untimed(_lines(cue.text)).replace('-->', '→')}\n"
        for number, cue in enumerate(transcript.cues, 1)
    ]
    return "\n".join(blocks)


def to_text(transcript: Transcript) -> str:
    """The words alone, in paragraphs divided at pauses; empty when nothing was said."""
    paragraphs = [" ".join(cue.text for cue in cues) for cues in _paragraphs(transcript.cues)]
    return "".join(f"{paragraph}\n\n" for paragraph in paragraphs).rstrip("\n") + (
        "\n" if paragraphs else ""
    )


def _paragraphs(cues: Sequence[Cue]) -> Iterator[list[Cue]]:
    paragraph: list[Cue] = []
    letters = 0
    for cue, following in zip_longest(cues, cues[1:]):
        paragraph.append(cue)
        letters += len(cue.text) + 1
        pause_ms = following.start_ms - cue.end_ms if following else 0
        closed = ends_sentence(cue.text) and (
            pause_ms >= _PARAGRAPH_PAUSE_MS or letters >= _PARAGRAPH_LETTERS
        )
        if closed or letters >= _PARAGRAPH_MOST or following is None:
            yield paragraph
            paragraph, letters = [], 0


def _lines(text: str) -> str:
    """``text`` in one line, or in two of about the same length when it is longer than a line."""
    if len(text) <= _LINE_LETTERS or " " not in text:
        return text
    middle = len(text) / 2
    gap = min((i for i, letter in enumerate(text) if letter == " "), key=lambda i: abs(i - middle))
    return f"{text[:gap]}\n{text[gap + 1 :]}"


def _untimed(text: str) -> str:
    """``text`` with another arrow in lines that would be read as times."""
    lines = (_SIGN.sub("⟶", line) if is_timing(line) else line for line in text.split("\n"))
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

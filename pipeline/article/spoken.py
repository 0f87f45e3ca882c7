"""The words of the segments as one stream: each with its segment, its times, the pause before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import Segments, Transcript

# How far ahead a word is looked for in the transcript before it counts as not there.
_LOOK_AHEAD = 12
# A recogniser that gives only word starts hides a pause in the length of the word before it. This
# is how long a word of n letters may take before the rest counts as a pause (about 2 words/s).
_WORD_MS, _LETTER_MS = 220, 70

_CJK = (
    r"\u3000-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60\uff61-\uff9f"
)
_AFTER_CJK_STOP = re.compile(r"(?<=[。！？])(?![。！？」』”’）])|(?<=[。！？][」』”’）])")
_KEY = re.compile(r"[\W_]+")
_EDGES = re.compile(rf"[{_CJK}]")


@dataclass(frozen=True)
class Spoken:
    """One word as it was transcribed.

    Args:
        text: with whatever punctuation the transcript has.
        segment: index of its segment.
        start_ms, end_ms: when it was said.
        pause_ms: the silence before it; 0 where unknown.
        line_start: it is the first word of a cue.
        hesitation: an ``uh`` or ``um`` before it was taken out.
    """

    text: str
    segment: int
    start_ms: int
    end_ms: int
    pause_ms: int = 0
    line_start: bool = False
    hesitation: bool = False

    @property
    def key(self) -> str:
        """Lower case, apostrophes kept, other punctuation at the edges dropped."""
        return self.text.lower().replace("’", "'").strip('.,;:!?"“”()[]…-–—')


@dataclass(frozen=True)
class _Timed:
    key: str
    start_ms: int
    end_ms: int
    pause_ms: int
    line_start: bool


def spoken_words(segments: Segments, transcript: Transcript) -> tuple[Spoken, ...]:
    """Every word of every segment's text, in order; nothing is added and nothing lost.

    Times come from the transcript's words where they can be found again, else they are shared out
    evenly between the nearest known ones within the segment.
    """
    timed = tuple(_timed_words(transcript))
    words: list[Spoken] = []
    position = 0
    for index, segment in enumerate(segments.segments):
        tokens = tokens_of(segment.text)
        position = _skip_to(timed, position, segment.start_ms)
        for number, token in enumerate(tokens):
            found = _find(timed, position, bare(token))
            if found is None:
                share = (segment.end_ms - segment.start_ms) // max(len(tokens), 1)
                start = segment.start_ms + number * share
                words.append(Spoken(token, index, start, start + share, line_start=number == 0))
                continue
            position = found + 1
            hit = timed[found]
            words.append(
                Spoken(token, index, hit.start_ms, hit.end_ms, hit.pause_ms, hit.line_start)
            )
    return tuple(words)


def tokens_of(text: str) -> list[str]:
    """``text`` cut at white space, and after Chinese and Japanese full stops."""
    return [piece for token in text.split() for piece in _AFTER_CJK_STOP.split(token) if piece]


def joined(words: list[str]) -> str:
    """Words put back into a line: a space between them, none between two CJK characters."""
    line = ""
    for word in words:
        if line and not (_EDGES.match(line[-1]) and _EDGES.match(word[0])):
            line += " "
        line += word
    return line


def is_cjk(text: str) -> bool:
    """Whether more than a fifth of ``text`` is Chinese or Japanese."""
    return 5 * len(_EDGES.findall(text)) > len(text)


@lru_cache(maxsize=1 << 16)
def bare(text: str) -> str:
    """Only the letters and digits of ``text``, in lower case."""
    return _KEY.sub("", text.lower())


def _timed_words(transcript: Transcript) -> Iterator[_Timed]:
    end = None
    for cue in transcript.cues:
        measured = bool(cue.words) and not cue.approximate
        pieces = _pieces(cue.text, cue.start_ms, cue.end_ms)
        if cue.words:
            pieces = [
                piece
                for word in cue.words
                for piece in _pieces(word.text, word.start_ms, word.end_ms)
            ]
        for number, (text, start, stop) in enumerate(pieces):
            usual = _WORD_MS + _LETTER_MS * len(text)
            pause = 0 if end is None else max(0, start - end)
            yield _Timed(bare(text), start, stop, pause, number == 0)
            # A far too long word ends in silence.
            end = min(stop, start + usual) if measured else stop


def _pieces(text: str, start_ms: int, end_ms: int) -> list[tuple[str, int, int]]:
    tokens = tokens_of(text)
    share = (end_ms - start_ms) / max(len(tokens), 1)
    return [
        (token, start_ms + int(n * share), start_ms + int((n + 1) * share))
        for n, token in enumerate(tokens)
    ]


def _skip_to(timed: tuple[_Timed, ...], position: int, start_ms: int) -> int:
    """The first word not long over when the segment starts."""
    while position < len(timed) and timed[position].end_ms < start_ms - 2000:
        position += 1
    return position


def _find(timed: tuple[_Timed, ...], position: int, key: str) -> int | None:
    for index in range(position, min(position + _LOOK_AHEAD, len(timed))):
        if timed[index].key == key:
            return index
    return None

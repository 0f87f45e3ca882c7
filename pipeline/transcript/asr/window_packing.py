"""Runs of speech put together into windows of up to 30 s, long pauses between them left out.

Cuts are made in pauses; where someone speaks for 30 s without one, at the least likely place for a
word.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING

from pipeline.transcript.asr.vad import (
    END,
    FRAME,
    MAX_SAMPLES,
    PAD,
    SpeechDetector,
    SpeechRun,
    speech_runs,
)
from pipeline.transcript.asr.windows import Piece, Window
from pipeline.video.audio import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PAUSE_S = 0.12  # shorter gaps are consonants
_CHOICE = 8 * SAMPLE_RATE  # a window ends at the best pause of its last 8 s
_AHEAD = 2 * MAX_SAMPLES - _CHOICE  # held before a window is cut off: enough for two good ones
_LONG_S = 1.5  # pauses longer than this are all equally good to cut in
_SEAM_S = 2 * PAD / SAMPLE_RATE  # the quiet around a run belongs to the pause beside it
# Seconds of pause that a second more of window is worth: the 8 s of choice as much as 0.4 s, so
# that a short stop at the end does not win over the end of a sentence before it.
_LENGTH_WORTH = 0.05


def windows(blocks: Iterable[NDArray[np.float32]], detector: SpeechDetector) -> Iterator[Window]:
    """The windows of speech in a stream of samples, in order; none when nobody speaks."""
    return pack(speech_runs(blocks, detector))


def pack(speech: Iterable[SpeechRun]) -> Iterator[Window]:
    """Runs put together into windows, each cut off at the best pause of its last 8 s.

    Sound is held until it is longer than a window, so that the last two windows can share what
    there is: none but that of a very short sound is shorter than 10 s.
    """
    held = _Held()
    for run in speech:
        held.add(run)
        while held.length > _AHEAD:
            yield _window(held.take(MAX_SAMPLES - _CHOICE, MAX_SAMPLES))
    rest = held.length
    if rest > MAX_SAMPLES:
        yield _window(
            held.take(max(rest - MAX_SAMPLES, rest // 3), min(MAX_SAMPLES, 2 * rest // 3))
        )
    if rest:
        yield _window(held.take(held.length, held.length))


class _Held:
    """Runs that are not yet in a window."""

    def __init__(self) -> None:
        self._runs: list[SpeechRun] = []
        self.length = 0  # samples

    def add(self, run: SpeechRun) -> None:
        self._runs.append(run)
        self.length += len(run.samples)

    def take(self, shortest: int, longest: int) -> list[SpeechRun]:
        """The first runs, of at least ``shortest`` and at most ``longest`` samples together."""
        at = longest if longest == self.length else self._best_cut(shortest, longest)
        taken: list[SpeechRun] = []
        while at > 0:
            run = self._runs.pop(0)
            if len(run.samples) > at:
                run, rest = run.divided(at)
                self._runs.insert(0, rest)
            taken.append(run)
            at -= len(run.samples)
            self.length -= len(run.samples)
        return taken

    def _best_cut(self, shortest: int, longest: int) -> int:
        """The frame border where the longest pause is, a later one before an earlier one."""
        best, best_worth, offset = longest // FRAME * FRAME, -math.inf, 0
        for run, following in zip_longest(self._runs, self._runs[1:]):
            for at, worth in _cuts(run, following, offset):
                worth += at / SAMPLE_RATE * _LENGTH_WORTH
                if shortest <= at <= longest and worth > best_worth:
                    best, best_worth = at, worth
            offset += len(run.samples)
            if offset > longest:
                break
        return best


def _cuts(run: SpeechRun, following: SpeechRun | None, offset: int) -> Iterator[tuple[int, float]]:
    """Where to cut in or after a run: offset in samples, and the seconds of pause there."""
    for begin, end in _quiet(run, 0):
        middle = round((begin + end) / 2 * SAMPLE_RATE / FRAME) * FRAME
        yield offset + middle, min(end - begin, _LONG_S)
    softness = _softness(run)
    for index in range(1, len(softness)):
        # Without any pause: between the two frames that sound least like speech.
        yield offset + index * FRAME, softness[index - 1] + softness[index]
    if following:
        gap_s = (following.source - run.source - len(run.samples)) / SAMPLE_RATE
        within = softness[-1] + _softness(following)[0]
        worth = min(gap_s + _SEAM_S, _LONG_S) if gap_s > 0 else within
        yield offset + len(run.samples), worth


def _softness(run: SpeechRun) -> list[float]:
    """How little each frame sounds like speech: 0 for silence, down to -2."""
    import numpy as np

    frames = run.samples[: len(run.chances) * FRAME].reshape(-1, FRAME)
    loudness = np.abs(frames).mean(axis=1).tolist()
    return [-round(chance, 1) - level for chance, level in zip(run.chances, loudness, strict=True)]


def _window(held: list[SpeechRun]) -> Window:
    import numpy as np

    pieces: list[Piece] = []
    quiet: list[tuple[float, float]] = []
    offset = 0
    for run in held:
        pieces.append(Piece(offset, run.source, len(run.samples)))
        quiet += _quiet(run, offset)
        offset += len(run.samples)
    sound = np.concatenate([run.samples for run in held])
    return Window(sound, tuple(pieces), tuple(_merged(quiet)))


def _quiet(run: SpeechRun, offset: int) -> Iterator[tuple[float, float]]:
    """The stretches of a run that are no speech, in seconds of its window."""
    begin = 0
    for index, chance in enumerate((*run.chances, 1.0)):
        if chance >= END:
            if index > begin:
                stop = min(index * FRAME, len(run.samples))
                yield (offset + begin * FRAME) / SAMPLE_RATE, (offset + stop) / SAMPLE_RATE
            begin = index + 1


def _merged(quiet: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Stretches that touch made one; those too short for a pause left out."""
    held: tuple[float, float] | None = None
    for begin, end in quiet:
        if held and begin <= held[1]:
            held = held[0], end
            continue
        if held and held[1] - held[0] >= _PAUSE_S:
            yield held
        held = begin, end
    if held and held[1] - held[0] >= _PAUSE_S:
        yield held

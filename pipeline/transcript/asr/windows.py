"""A window of speech for the recogniser: up to 30 s of sound, and where each part of it came from.

A window holds one or more runs of speech. Long pauses between them are taken out, so that silence
and music are never sent to the model; ``Window.source_ms`` leads from a time inside the window back
to the source.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.transcript.asr.vad import FRAME
from pipeline.video.audio import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MS = SAMPLE_RATE // 1000

_AROUND_S = 5.0  # a part of a window goes so far beyond what it is for, for a good cut
_EDGE_S = 0.3  # the edge of a window is as good as a pause of this length
# Seconds of pause that a second of distance takes: in 5 s as much as a clear pause, 0.5 s.
_DISTANCE_COST = 0.1
_NEARLY_ALL = 0.9  # a part longer than this share of the window would be decoded as the window was


@dataclass(frozen=True)
class Piece:
    """A run of samples of the window, ``length`` long from ``offset``, and where it came from."""

    offset: int
    source: int
    length: int

    def at_ms(self, sample: int) -> int:
        """The time in the source of a sample of the window; at most the piece's own end."""
        return (self.source + min(max(sample - self.offset, 0), self.length)) // _MS


@dataclass(frozen=True)
class Window:
    """Up to 30 s of speech, 16 kHz mono float32: pieces of the source put together in order.

    ``pauses`` are the stretches (begin, end), in seconds of the window, in which nobody speaks.
    """

    samples: NDArray[np.float32]
    pieces: tuple[Piece, ...]
    pauses: tuple[tuple[float, float], ...] = ()

    @property
    def length_s(self) -> float:
        """How long the window is."""
        return len(self.samples) / SAMPLE_RATE

    @property
    def breaks(self) -> tuple[float, ...]:
        """The seconds of the window at which a second or more of the source was left out."""
        return tuple(
            piece.offset / SAMPLE_RATE
            for before, piece in pairwise(self.pieces)
            if piece.source - before.source - before.length >= SAMPLE_RATE
        )

    @property
    def start_ms(self) -> int:
        """Where the window begins in the source stream."""
        return self.pieces[0].source // _MS

    @property
    def end_ms(self) -> int:
        """Where the window ends in the source stream."""
        return (self.pieces[-1].source + self.pieces[-1].length) // _MS

    def source_ms(self, at_s: float, ending: bool = False) -> int:
        """The time in the source stream of second ``at_s`` of the window.

        At a seam the later piece is meant, or with ``ending`` the earlier one.
        """
        at = self._sample(at_s)
        return self._piece(at, ending).at_ms(at)

    def span_ms(self, start_s: float, end_s: float) -> tuple[int, int]:
        """The times in the source stream of what is said from ``start_s`` to ``end_s``.

        Nobody says a word across a pause that was taken out: both are in the piece of the middle.
        """
        piece = self._piece(self._sample((start_s + end_s) / 2), ending=False)
        return piece.at_ms(self._sample(start_s)), piece.at_ms(self._sample(end_s))

    def _sample(self, at_s: float) -> int:
        return min(max(int(at_s * SAMPLE_RATE), 0), len(self.samples))

    def _piece(self, at: int, ending: bool) -> Piece:
        chosen = self.pieces[0]
        for piece in self.pieces[1:]:
            if at > piece.offset or (at == piece.offset and not ending):
                chosen = piece
        return chosen


def halves(window: Window) -> tuple[Window, Window] | None:
    """``window`` cut in its longest pause between a quarter and three quarters, or None."""
    length = window.length_s
    inside = [
        (begin, end)
        for begin, end in window.pauses
        if length / 4 < (begin + end) / 2 < 3 * length / 4
    ]
    if not inside:
        return None
    begin, end = max(inside, key=lambda pause: pause[1] - pause[0])
    at = round((begin + end) / 2 * SAMPLE_RATE)
    return _part(window, 0, at), _part(window, at, len(window.samples))


def around(window: Window, stretch: tuple[float, float]) -> tuple[Window, float]:
    """The part of ``window`` that holds a stretch of it, and the second at which that begins.

    It goes from a pause of the 5 s before the stretch to one of the 5 s after it, long ones and
    near ones first; from the stretch itself where that would be all of the window.
    """
    begin, end = stretch
    edge = _EDGE_S / 2
    pauses = [(-edge, edge), *window.pauses, (window.length_s - edge, window.length_s + edge)]
    before = [one for one in pauses if begin - _AROUND_S <= one[0] <= begin + _EDGE_S]
    after = [one for one in pauses if end - _EDGE_S <= one[1] <= end + _AROUND_S]
    start = max(before, key=lambda one: _fitness(one, begin), default=(begin, begin))
    stop = max(after, key=lambda one: _fitness(one, end), default=(end, end))
    first = max(round(sum(start) / 2 * SAMPLE_RATE), 0)
    last = max(round(sum(stop) / 2 * SAMPLE_RATE), first + FRAME)
    if last - first > _NEARLY_ALL * len(window.samples):
        first = round(begin * SAMPLE_RATE)
    return _part(window, first, last), first / SAMPLE_RATE


def _fitness(pause: tuple[float, float], at_s: float) -> float:
    distance_s = abs(sum(pause) / 2 - at_s)
    return pause[1] - pause[0] - _DISTANCE_COST * distance_s


def _part(window: Window, start: int, stop: int) -> Window:
    """The samples of a window from ``start`` to ``stop``, as a window."""
    pieces = []
    for piece in window.pieces:
        first, last = max(piece.offset, start), min(piece.offset + piece.length, stop)
        if first < last:
            source = piece.source + first - piece.offset
            pieces.append(Piece(first - start, source, last - first))
    shift, end = start / SAMPLE_RATE, stop / SAMPLE_RATE
    pauses = tuple(
        (max(a, shift) - shift, min(b, end) - shift)
        for a, b in window.pauses
        if a < end and b > shift
    )
    return Window(window.samples[start:stop], tuple(pieces), pauses)

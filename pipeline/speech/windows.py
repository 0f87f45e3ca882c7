"""Speech cut out of a stream of sound, in windows of up to 30 s for the recogniser.

A window holds one or more runs of speech. Long pauses between them are taken out, so that silence
and music are never sent to the model; ``Window.source_ms`` leads from a time inside the window back
to the source. Cuts are made in pauses; where someone speaks for 30 s without one, at the least
likely place for a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.speech.vad import FRAME, SpeechDetector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLE_RATE = 16_000
MAX_SAMPLES = 30 * SAMPLE_RATE
_MS = SAMPLE_RATE // 1000

# Hysteresis of Silero's own recommendation: begin at 0.5, end below 0.35.
_BEGIN, _END = 0.5, 0.35
_END_FRAMES = 8  # 256 ms of quiet end a run: shorter gaps are stops inside words
_PAD = 9 * FRAME  # 288 ms kept around a run: breath, soft consonants
_PAUSE_S = 0.12  # shorter gaps are consonants
_SHORTEST_FRAMES = 3  # a click is no speech
_LONGEST_FRAMES = (MAX_SAMPLES - 2 * _PAD) // FRAME
_CUT_FRAMES = 250  # the last 8 s of a run that is too long, in which to look for the best cut


@dataclass(frozen=True)
class Piece:
    """A run of samples of the window, ``length`` long from ``offset``, and where it came from."""

    offset: int
    source: int
    length: int


@dataclass(frozen=True)
class Window:
    """Up to 30 s of speech, 16 kHz mono float32: pieces of the source put together in order.

    ``pauses`` are the stretches (begin, end), in seconds of the window, in which nobody speaks.
    """

    samples: NDArray[np.float32]
    pieces: tuple[Piece, ...]
    pauses: tuple[tuple[float, float], ...] = ()

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
        at = min(max(int(at_s * SAMPLE_RATE), 0), len(self.samples))
        chosen = self.pieces[0]
        for piece in self.pieces[1:]:
            if at > piece.offset or (at == piece.offset and not ending):
                chosen = piece
        return (chosen.source + min(at - chosen.offset, chosen.length)) // _MS


def halves(window: Window) -> tuple[Window, Window] | None:
    """``window`` cut in its longest pause between a quarter and three quarters, or None."""
    length = len(window.samples) / SAMPLE_RATE
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


@dataclass(frozen=True)
class Run:
    """Someone speaks without a long pause: samples of the source from ``source`` on.

    ``chances`` are the probabilities of speech, one a frame, from the frame of ``source`` on.
    """

    source: int
    samples: NDArray[np.float32]
    chances: tuple[float, ...] = ()


def windows(blocks: Iterable[NDArray[np.float32]], detector: SpeechDetector) -> Iterator[Window]:
    """The windows of speech in a stream of samples, in order; none when nobody speaks."""
    return pack(runs(blocks, detector))


def pack(speech: Iterable[Run]) -> Iterator[Window]:
    """Runs put together into windows of up to 30 s; no run is divided."""
    held: list[Run] = []
    length = 0
    for run in speech:
        if held and length + len(run.samples) > MAX_SAMPLES:
            yield _window(held)
            held, length = [], 0
        held.append(run)
        length += len(run.samples)
    if held:
        yield _window(held)


def runs(blocks: Iterable[NDArray[np.float32]], detector: SpeechDetector) -> Iterator[Run]:
    """Runs of speech with 288 ms of sound around them where it is free, each at most 30 s."""
    import numpy as np

    cutter = _Cutter()
    rest = np.zeros(0, np.float32)
    for block in blocks:
        rest = np.concatenate([rest, block])
        whole = len(rest) // FRAME * FRAME
        if whole:
            frames = rest[:whole].reshape(-1, FRAME)
            rest = rest[whole:]
            yield from cutter.feed(frames, detector.probabilities(frames))
    if len(rest):
        frames = np.pad(rest, (0, FRAME - len(rest))).reshape(1, FRAME)
        yield from cutter.feed(frames, detector.probabilities(frames))
    yield from cutter.finish()


class _Cutter:
    """Turns frames and their probabilities into runs; holds one run and its surroundings."""

    def __init__(self) -> None:
        self._frames: list[NDArray[np.float32]] = []  # kept frames, the first is number _first
        self._chances: list[float] = []
        self._first = 0
        self._begin: int | None = None  # first frame of the run being heard
        self._quiet = 0  # frames since the run was last heard
        self._used = 0  # sample up to which the source has been given out

    def feed(self, frames: NDArray[np.float32], chances: NDArray[np.float32]) -> Iterator[Run]:
        for frame, chance in zip(frames, chances.tolist(), strict=True):
            self._frames.append(frame)
            self._chances.append(chance)
            now = self._first + len(self._frames)  # frames so far
            if self._begin is None:
                if chance >= _BEGIN:
                    self._begin, self._quiet = now - 1, 0
                else:
                    self._forget(now - _PAD // FRAME - 1)
                continue
            self._quiet = self._quiet + 1 if chance < (_END if self._quiet == 0 else _BEGIN) else 0
            if self._quiet > _END_FRAMES + _PAD // FRAME:
                yield from self._close(now - self._quiet)
            elif now - self._begin >= _LONGEST_FRAMES:
                yield from self._cut(now)

    def finish(self) -> Iterator[Run]:
        if self._begin is not None:
            yield from self._close(self._first + len(self._frames) - self._quiet)

    def _close(self, end: int) -> Iterator[Run]:
        """Give out the run that ends before frame ``end``."""
        assert self._begin is not None
        if end - self._begin >= _SHORTEST_FRAMES:
            yield self._run(self._begin * FRAME - _PAD, end * FRAME + _PAD)
        self._begin = None
        self._quiet = 0
        self._forget(self._first + len(self._frames) - _PAD // FRAME - 1)

    def _cut(self, now: int) -> Iterator[Run]:
        """Give out the run up to its quietest moment of the last seconds; the rest goes on."""
        assert self._begin is not None
        late = range(now - _CUT_FRAMES, now - 1)
        at = min(late, key=lambda frame: self._softness(frame))
        yield self._run(self._begin * FRAME - _PAD, at * FRAME)
        self._begin = at
        self._forget(at)

    def _softness(self, frame: int) -> tuple[float, float]:
        index = frame - self._first
        loudness = float(abs(self._frames[index]).mean())
        return round(self._chances[index], 1), loudness

    def _run(self, start: int, stop: int) -> Run:
        import numpy as np

        start = max(start, self._used, self._first * FRAME)
        sound = np.concatenate(self._frames)
        offset = self._first * FRAME
        samples = sound[start - offset : stop - offset]
        self._used = start + len(samples)
        first = start // FRAME - self._first
        last = -(-self._used // FRAME) - self._first
        return Run(start, samples, tuple(self._chances[first:last]))

    def _forget(self, before: int) -> None:
        count = max(before - self._first, 0)
        del self._frames[:count], self._chances[:count]
        self._first += count


def _window(held: list[Run]) -> Window:
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


def _quiet(run: Run, offset: int) -> Iterator[tuple[float, float]]:
    """The stretches of a run that are no speech, in seconds of its window."""
    begin = 0
    for index, chance in enumerate((*run.chances, 1.0)):
        if chance >= _END:
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

"""Speech cut out of a stream of sound, in windows of up to 30 s for the recogniser.

A window holds one or more runs of speech. Long pauses between them are taken out, so that silence
and music are never sent to the model; ``Window.source_ms`` leads from a time inside the window back
to the source. Cuts are made in pauses; where someone speaks for 30 s without one, at the least
likely place for a word.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING

from pipeline.transcript.asr.vad import FRAME, SpeechDetector

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
_LONGEST_FRAMES = (MAX_SAMPLES - 2 * _PAD) // FRAME  # a longer run is given out in parts
_CUT_FRAMES = 250  # the last 8 s of such a part, in which to look for the best cut
_CHOICE = 8 * SAMPLE_RATE  # a window ends at the best pause of its last 8 s
_AHEAD = 2 * MAX_SAMPLES - _CHOICE  # held before a window is cut off: enough for two good ones
_AROUND_S = 5.0  # a part of a window goes so far beyond what it is for, for a good cut
_EDGE_S = 0.3  # the edge of a window is as good as a pause of this length
_DISTANCE_COST = 0.1  # seconds of pause that a second of distance takes
_NEARLY_ALL = 0.9
_LONG_S = 1.5  # pauses longer than this are all equally good to cut in
_SEAM_S = 2 * _PAD / SAMPLE_RATE  # the quiet around a run belongs to the pause beside it
_LENGTH_WORTH = 0.05  # seconds of pause that a second more of window is worth


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


@dataclass(frozen=True)
class SpeechRun:
    """Someone speaks without a long pause: samples of the source from ``source`` on.

    ``chances`` are the probabilities of speech, one a frame, from the frame of ``source`` on.
    """

    source: int
    samples: NDArray[np.float32]
    chances: tuple[float, ...] = ()

    def divided(self, at: int) -> tuple[SpeechRun, SpeechRun]:
        """The run up to its sample ``at``, a multiple of a frame, and from there on."""
        frame = at // FRAME
        return (
            SpeechRun(self.source, self.samples[:at], self.chances[:frame]),
            SpeechRun(self.source + at, self.samples[at:], self.chances[frame:]),
        )


def windows(blocks: Iterable[NDArray[np.float32]], detector: SpeechDetector) -> Iterator[Window]:
    """The windows of speech in a stream of samples, in order; none when nobody speaks."""
    return pack(runs(blocks, detector))


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


def runs(blocks: Iterable[NDArray[np.float32]], detector: SpeechDetector) -> Iterator[SpeechRun]:
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

    def feed(
        self, frames: NDArray[np.float32], chances: NDArray[np.float32]
    ) -> Iterator[SpeechRun]:
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

    def finish(self) -> Iterator[SpeechRun]:
        if self._begin is not None:
            yield from self._close(self._first + len(self._frames) - self._quiet)

    def _close(self, end: int) -> Iterator[SpeechRun]:
        """Give out the run that ends before frame ``end``."""
        assert self._begin is not None
        if end - self._begin >= _SHORTEST_FRAMES:
            yield self._run(self._begin * FRAME - _PAD, end * FRAME + _PAD)
        self._begin = None
        self._quiet = 0
        self._forget(self._first + len(self._frames) - _PAD // FRAME - 1)

    def _cut(self, now: int) -> Iterator[SpeechRun]:
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

    def _run(self, start: int, stop: int) -> SpeechRun:
        import numpy as np

        start = max(start, self._used, self._first * FRAME)
        sound = np.concatenate(self._frames)
        offset = self._first * FRAME
        samples = sound[start - offset : stop - offset]
        self._used = start + len(samples)
        first = start // FRAME - self._first
        last = -(-self._used // FRAME) - self._first
        return SpeechRun(start, samples, tuple(self._chances[first:last]))

    def _forget(self, before: int) -> None:
        count = max(before - self._first, 0)
        del self._frames[:count], self._chances[:count]
        self._first += count


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

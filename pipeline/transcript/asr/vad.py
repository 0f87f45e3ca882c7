"""Where someone speaks: a probability for every 32 ms of a stream of sound, and runs of speech.

``SileroDetector`` is Silero's model, which comes with faster-whisper: a recurrent network, so its
state goes from block to block and the length of the sound does not matter
(https://github.com/snakers4/silero-vad). ``LoudnessDetector`` stands in for it where faster-whisper
is not installed: it tells silence from sound, not music from speech.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipeline import telemetry
from pipeline.video.audio import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FRAME = 512  # samples at 16 kHz: 32 ms, the step of Silero's model
MAX_SAMPLES = 30 * SAMPLE_RATE  # what Whisper's encoder takes at once
# Hysteresis of Silero's own recommendation: begin at 0.5, end below 0.35.
BEGIN, END = 0.5, 0.35
_END_FRAMES = 8  # 256 ms of quiet end a run: shorter gaps are stops inside words
PAD = 9 * FRAME  # 288 ms kept around a run: breath, soft consonants
_SHORTEST_FRAMES = 3  # a click is no speech
_LONGEST_FRAMES = (MAX_SAMPLES - 2 * PAD) // FRAME  # a longer run is given out in parts
_CUT_FRAMES = 250  # the last 8 s of such a part, in which to look for the best cut
_CONTEXT = 64  # samples of the frame before that the model looks at
_STATE = (1, 1, 128)
_MODEL = "silero_vad_v6.onnx"
_SETTLING = 94  # frames: after 3 s of silence the model is sure that nobody speaks
_AT_ONCE = 313  # frames given to the model: 10 s


class SpeechDetector(Protocol):
    """Gives the probability of speech, block by block, in order."""

    name: str

    def probabilities(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """Of each frame, in 0 to 1; ``frames`` has shape (n, 512) and follows the last call's."""


def best_detector() -> SpeechDetector:
    """Silero's model where faster-whisper is installed, else loudness."""
    model = _silero_model()
    return SileroDetector(model) if model else LoudnessDetector()


class SileroDetector:
    """Silero's voice activity model, on one CPU thread.

    Digital silence is heard by the model only once something follows it: a track without any sound
    costs nothing, and what is found in others is the same.
    """

    name = "silero v6"

    def __init__(self, model: Path) -> None:
        telemetry.switch_off()
        import numpy as np
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        self._session = onnxruntime.InferenceSession(
            str(model), providers=["CPUExecutionProvider"], sess_options=options
        )
        self._h = np.zeros(_STATE, np.float32)
        self._c = np.zeros(_STATE, np.float32)
        self._tail = np.zeros(_CONTEXT, np.float32)
        self._silence = 0  # frames of it that came last
        self._unheard = 0  # of these, not yet given to the model

    def probabilities(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """See ``SpeechDetector``."""
        import numpy as np

        is_silent, settled = not frames.any(), self._silence >= _SETTLING
        self._silence = self._silence + len(frames) if is_silent else 0
        if is_silent and settled:
            self._unheard += len(frames)
            return np.zeros(len(frames), np.float32)
        while self._unheard:
            count = min(self._unheard, _AT_ONCE)
            self._unheard -= count
            self._heard(np.zeros((count, FRAME), np.float32))
        return self._heard(frames)

    def _heard(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        import numpy as np

        context = np.vstack([self._tail, frames[:-1, -_CONTEXT:]])
        inputs = np.concatenate([context, frames], axis=1)
        output, self._h, self._c = self._session.run(
            None, {"input": inputs, "h": self._h, "c": self._c}
        )
        self._tail = frames[-1, -_CONTEXT:].copy()
        return np.asarray(output, np.float32).reshape(-1)


class LoudnessDetector:
    """Sound well above the quietest of the last half minute counts as speech."""

    name = "loudness"
    # Speech is 10 dB and more above the room; below -55 dB nothing is audible.
    _ABOVE_DB = 10.0
    _FLOOR_DB = -55.0
    _SILENT_DB = -80.0  # digital silence counts as a room this quiet
    _LOUD_DB = -30.0  # always speech: without a pause in 30 s, the quietest is speech, too
    _MEMORY = 938  # frames: 30 s

    def __init__(self) -> None:
        self._recent: list[float] = []

    def probabilities(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """See ``SpeechDetector``."""
        import numpy as np

        power = np.mean(np.square(frames), axis=1)
        levels = 10 * np.log10(power + 1e-10)
        self._recent = [*self._recent, *levels.tolist()][-max(self._MEMORY, len(frames)) :]
        quiet = max(float(np.percentile(self._recent, 10)), self._SILENT_DB)
        threshold = max(self._FLOOR_DB, min(quiet + self._ABOVE_DB, self._LOUD_DB))
        return np.asarray(1 / (1 + np.exp(threshold - levels)), np.float32)


def _silero_model() -> Path | None:
    """The model file inside the faster-whisper package, found without importing that package."""
    spec = find_spec("faster_whisper")
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]) / "assets" / _MODEL
    return path if path.is_file() else None


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


def speech_runs(
    blocks: Iterable[NDArray[np.float32]], detector: SpeechDetector
) -> Iterator[SpeechRun]:
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
                if chance >= BEGIN:
                    self._begin, self._quiet = now - 1, 0
                else:
                    self._forget(now - PAD // FRAME - 1)
                continue
            self._quiet = self._quiet + 1 if chance < (END if self._quiet == 0 else BEGIN) else 0
            if self._quiet > _END_FRAMES + PAD // FRAME:
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
            yield self._run(self._begin * FRAME - PAD, end * FRAME + PAD)
        self._begin = None
        self._quiet = 0
        self._forget(self._first + len(self._frames) - PAD // FRAME - 1)

    def _cut(self, now: int) -> Iterator[SpeechRun]:
        """Give out the run up to its quietest moment of the last seconds; the rest goes on."""
        assert self._begin is not None
        late = range(now - _CUT_FRAMES, now - 1)
        at = min(late, key=lambda frame: self._softness(frame))
        yield self._run(self._begin * FRAME - PAD, at * FRAME)
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

"""Where someone speaks: a probability for every 32 ms of sound, in a stream.

``SileroDetector`` is Silero's model, which comes with faster-whisper: a recurrent network, so its
state goes from block to block and the length of the sound does not matter
(https://github.com/snakers4/silero-vad). ``LoudnessDetector`` stands in for it where faster-whisper
is not installed: it tells silence from sound, not music from speech.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FRAME = 512  # samples at 16 kHz: 32 ms, the step of Silero's model
_CONTEXT = 64  # samples of the frame before that the model looks at
_STATE = (1, 1, 128)
_MODEL = "silero_vad_v6.onnx"


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
    """Silero's voice activity model, on one CPU thread."""

    name = "silero v6"

    def __init__(self, model: Path) -> None:
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

    def probabilities(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """See ``SpeechDetector``."""
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
    _MEMORY = 938  # frames: 30 s

    def __init__(self) -> None:
        self._recent: list[float] = []

    def probabilities(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        """See ``SpeechDetector``."""
        import numpy as np

        power = np.mean(np.square(frames), axis=1)
        levels = 10 * np.log10(power + 1e-10)
        self._recent = [*self._recent, *levels.tolist()][-max(self._MEMORY, len(frames)) :]
        quiet = max(float(np.percentile(self._recent, 10)), -80.0)
        threshold = max(self._FLOOR_DB, min(quiet + self._ABOVE_DB, -30.0))
        return np.asarray(1 / (1 + np.exp(threshold - levels)), np.float32)


def _silero_model() -> Path | None:
    """The model file inside the faster-whisper package, found without importing that package."""
    spec = find_spec("faster_whisper")
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]) / "assets" / _MODEL
    return path if path.is_file() else None

"""A recogniser and a detector that say what they are told, and sound to give them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.transcript.asr.engines.engine import Decoding, RecognisedWord, Recognition
from pipeline.transcript.asr.vad import FRAME
from pipeline.transcript.asr.window_packing import windows
from pipeline.transcript.asr.windows import Piece, Window

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATE = 16_000


def speech(seconds: float, seed: int = 0) -> NDArray[np.float32]:
    """Sound that ``LoudDetector`` takes for speech; another seed is another sound."""
    noise = np.random.default_rng(seed).uniform(-0.5, 0.5, round(seconds * RATE))
    return noise.astype(np.float32)


def silence(seconds: float) -> NDArray[np.float32]:
    return np.zeros(round(seconds * RATE), np.float32)


def window(seconds: float = 10.0, seed: int = 0) -> Window:
    samples = speech(seconds, seed)
    return Window(samples, (Piece(0, 0, len(samples)),))


class LoudDetector:
    """Loud is speech."""

    name = "loud"

    def probabilities(self, frames: NDArray[np.float32]) -> NDArray[np.float32]:
        assert frames.shape[1] == FRAME
        return np.asarray(np.abs(frames).max(axis=1) > 0.1, np.float32)


def cut(*parts: NDArray[np.float32], block: int = 16_000) -> list[Window]:
    """The windows of speech in ``parts`` put end to end."""
    sound = np.concatenate(parts)
    blocks = [sound[i : i + block] for i in range(0, len(sound), block)]
    return list(windows(blocks, LoudDetector()))


def heard(
    text: str, logprob: float = -0.2, no_speech: float = 0.0, pace: float = 0.3
) -> Recognition:
    """``text`` spoken at ``pace`` seconds a word, from second 0."""
    words = tuple(
        RecognisedWord(index * pace, (index + 1) * pace, word, 0.9)
        for index, word in enumerate(text.split())
    )
    return Recognition(words, average_logprob=logprob, no_speech=no_speech)


Answer = Callable[[int, Decoding], Recognition]


class ScriptedRecogniser:
    """Answers by the number of samples of a window and how it is to be decoded."""

    name = "scripted"
    model = "none"
    batch = 2
    languages: frozenset[str] | None = frozenset({"en"})

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.asked: list[tuple[int, Decoding]] = []

    def language(self, samples: NDArray[np.float32]) -> tuple[str, float | None]:
        return "en", 1.0

    def recognise(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[Recognition]:
        self.asked += [(len(samples), how) for samples in windows]
        return [self._answer(len(samples), how) for samples in windows]


class NoStore:
    """Keeps nothing."""

    def get(self, window: Window, how: Decoding) -> Recognition | None:
        return None

    def put(self, window: Window, how: Decoding, heard: Recognition) -> None:
        return None

    def is_earlier(self, window: Window, how: Decoding) -> bool:
        return False

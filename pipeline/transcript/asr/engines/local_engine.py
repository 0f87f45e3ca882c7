"""What both Whisper packages have in common: windows encoded once, decoded, their words aligned."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.errors import SpeechError
from pipeline.transcript.asr.engines.engine import Decoding, RecognisedWord, Recognition
from pipeline.transcript.asr.initial_prompt import fitted
from pipeline.transcript.asr.word_timing import evenly_timed, merged
from pipeline.video.audio import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BEST_OF = 5  # texts sampled at a temperature above 0, of which the likeliest counts (Whisper's own)
FRAMES_PER_S = 100  # of Whisper's spectrogram
MAX_FRAMES = 3_000  # what its encoder takes: 30 s


@dataclass(frozen=True)
class DecodedText:
    """The text of one window as tokens, without special ones, and what the model thinks of it."""

    tokens: list[int]
    average_logprob: float
    no_speech: float


class LocalWhisper(ABC):
    """A Whisper model on this machine. Deterministic, also when it samples."""

    name: str
    languages: frozenset[str] | None

    def __init__(self, model: str, beam: int, batch: int) -> None:
        self.model = model
        self.batch = batch
        self._beam = beam
        self._last: tuple[tuple[NDArray[np.float32], ...], Any] = (), None

    def language(self, samples: NDArray[np.float32]) -> tuple[str, float | None]:
        """See ``Recogniser``."""
        return self._languages(self._encoded([samples]), 1)[0]

    def recognise(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[Recognition]:
        """See ``Recogniser``."""
        tokenizer = self._tokenizer(how.language)
        prompt = fitted(how.prompt, lambda text: len(tokenizer.encode(text)))
        lengths = [len(samples) / SAMPLE_RATE for samples in windows]
        try:
            encoded = self._encoded(windows)
            spoken = self._languages(encoded, len(windows))
            texts = self._decoded(tokenizer, encoded, prompt, how)
            aligned = self._aligned(tokenizer, encoded, [text.tokens for text in texts], lengths)
        except (RuntimeError, ValueError) as error:
            raise SpeechError(f"{self.name} failed: {error}") from error
        heard = []
        for decoded, pieces, length, (code, chance) in zip(
            texts, aligned, lengths, spoken, strict=True
        ):
            words = merged(pieces, how.language)
            text = tokenizer.decode(decoded.tokens).strip()
            approximate = bool(text) and not words
            heard.append(
                Recognition(
                    words=evenly_timed(text, 0.0, length) if approximate else words,
                    average_logprob=decoded.average_logprob,
                    no_speech=decoded.no_speech,
                    temperature=how.temperature,
                    approximate=approximate,
                    language=code,
                    language_probability=chance,
                )
            )
        return heard

    def _encoded(self, windows: Sequence[NDArray[np.float32]]) -> Any:
        """What the encoder makes of the windows; the last ones' is kept, for another decode."""
        known, encoded = self._last
        same = len(known) == len(windows) and all(
            one is other for one, other in zip(known, windows, strict=True)
        )
        if not same:
            encoded = self._encode(windows)
            self._last = tuple(windows), encoded
        return encoded

    @abstractmethod
    def _tokenizer(self, language: str) -> Any:
        """The package's tokeniser for one language."""

    @abstractmethod
    def _encode(self, windows: Sequence[NDArray[np.float32]]) -> Any:
        """What the encoder makes of the windows, silence after the end of each."""

    @abstractmethod
    def _languages(self, encoded: Any, count: int) -> list[tuple[str, float | None]]:
        """What each of ``count`` windows sounds like, and how sure the model is."""

    @abstractmethod
    def _decoded(
        self, tokenizer: Any, encoded: Any, prompt: str, how: Decoding
    ) -> list[DecodedText]:
        """The text of each window: by beam search, or the best of some sampled ones."""

    @abstractmethod
    def _aligned(
        self, tokenizer: Any, encoded: Any, tokens: list[list[int]], lengths: list[float]
    ) -> list[list[RecognisedWord]]:
        """Pieces of words with their times, by window; none where they cannot be aligned."""


def frames_of(length_s: float) -> int:
    """Frames of the spectrogram that hold sound."""
    return min(round(length_s * FRAMES_PER_S), MAX_FRAMES)


def piece(start_s: float, end_s: float, text: str, chance: float, most_s: float) -> RecognisedWord:
    """A piece of a word as a package aligned it; none ends after its window."""
    return RecognisedWord(float(start_s), min(float(end_s), most_s), text, round(float(chance), 4))

"""Recognition with openai-whisper, the reference: every word aligned.

The stock ``transcribe()`` runs the encoder a second time to align the words; here its output is
used twice, and windows go through the encoder together.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline.errors import SpeechError
from pipeline.transcript.asr.engines.checkpoint import load_checkpoint
from pipeline.transcript.asr.engines.engine import (
    BEST_OF,
    Decoding,
    RecognisedWord,
    Recognition,
)
from pipeline.transcript.asr.engines.models import missing_package
from pipeline.transcript.asr.initial_prompt import fitted
from pipeline.transcript.asr.word_timing import merged, shared_out

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FRAMES = 3_000  # of 10 ms: what the encoder takes
_FRAMES_PER_S = 100


class Whisper:
    """A model loaded by openai-whisper. Deterministic, also when it samples."""

    name = "whisper"

    def __init__(
        self, path: str, model: str, device: str = "auto", threads: int = 0, beam: int = 5
    ) -> None:
        # The alignment's time warping is compiled for all cores; on so small a matrix its waiting
        # threads only take time from torch (ten times slower on two busy cores).
        os.environ.setdefault("NUMBA_NUM_THREADS", "1")
        try:
            import torch
            import whisper
        except ImportError as error:
            raise missing_package("whisper", error) from error
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        if threads:
            torch.set_num_threads(threads)
        self.model = model
        self._beam = beam
        self._last: tuple[tuple[NDArray[np.float32], ...], Any] = (), None
        self.batch = 16 if device == "cuda" else 4
        self._half = device == "cuda"
        self._whisper = load_checkpoint(whisper, path, device)
        from whisper.tokenizer import LANGUAGES

        known = LANGUAGES if self._whisper.is_multilingual else ("en",)
        self.languages: frozenset[str] | None = frozenset(known)
        self._alignment = _Alignment(self._whisper)

    def language(self, samples: NDArray[np.float32]) -> tuple[str, float | None]:
        """See ``Recogniser``."""
        return self._languages(self._encoded([samples]))[0]

    def recognise(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[Recognition]:
        """See ``Recogniser``."""
        import torch
        import whisper

        tokenizer = self._tokenizer(how.language)
        text = fitted(how.prompt, lambda text: len(tokenizer.encode(text)))
        options = self.options(how, text)
        torch.manual_seed(0)  # a sampled window must come out the same in a resumed run
        try:
            encoded = self._encoded(windows)
            spoken = self._languages(encoded)
            # openai-whisper follows several texts of one window at a time only.
            together = options.beam_size is None and options.best_of is None
            groups = [encoded] if together else encoded.split(1)
            results = [
                result for one in groups for result in whisper.decode(self._whisper, one, options)
            ]
            return [
                self._heard(tokenizer, result, len(samples) / 16_000, language)
                for result, samples, language in zip(results, windows, spoken, strict=True)
            ]
        except RuntimeError as error:
            raise SpeechError(f"openai-whisper failed: {error}") from error

    def options(self, how: Decoding, prompt: str) -> Any:
        """What openai-whisper is asked for."""
        import whisper

        sampled = how.temperature > 0
        return whisper.DecodingOptions(
            language=how.language,
            temperature=how.temperature,
            beam_size=self._beam if self._beam > 1 and not sampled else None,
            best_of=BEST_OF if sampled else None,
            prompt=prompt or None,
            without_timestamps=not how.timestamps,
            fp16=self._half,
        )

    def _languages(self, encoded: Any) -> list[tuple[str, float | None]]:
        """What each window sounds like, and how sure the model is."""
        if not self._whisper.is_multilingual:
            return [("en", 1.0)] * len(encoded)
        _, chances = self._whisper.detect_language(encoded)
        best = [max(one, key=one.get) for one in chances]
        return [(code, round(one[code], 4)) for code, one in zip(best, chances, strict=True)]

    def _tokenizer(self, language: str) -> Any:
        from whisper.tokenizer import get_tokenizer

        return get_tokenizer(
            self._whisper.is_multilingual,
            num_languages=self._whisper.num_languages,
            language=language,
            task="transcribe",
        )

    def _encoded(self, windows: Sequence[NDArray[np.float32]]) -> Any:
        """What the encoder makes of the windows; the last ones' is kept, for another decode."""
        known, encoded = self._last
        same = len(known) == len(windows) and all(
            one is other for one, other in zip(known, windows, strict=True)
        )
        if not same:
            encoded = self._whisper.embed_audio(self._mel(windows))
            self._last = tuple(windows), encoded
        return encoded

    def _mel(self, windows: Sequence[NDArray[np.float32]]) -> Any:
        """Mel spectrograms of shape (windows, bands, 3000), silence after the end."""
        import torch
        import whisper

        bands = self._whisper.dims.n_mels
        mel = torch.stack(
            [
                whisper.log_mel_spectrogram(whisper.pad_or_trim(samples), bands)
                for samples in windows
            ]
        ).to(self._whisper.device)
        return mel.half() if self._half else mel

    def _heard(
        self, tokenizer: Any, result: Any, length: float, language: tuple[str, float | None]
    ) -> Recognition:
        ids = [token for token in result.tokens if token < tokenizer.eot]
        words = self._words(tokenizer, ids, result.audio_features, length)
        text = tokenizer.decode(ids).strip()
        approximate = bool(text) and not words
        return Recognition(
            words=shared_out(text, 0.0, length) if approximate else words,
            average_logprob=float(result.avg_logprob),
            no_speech=float(result.no_speech_prob),
            temperature=float(result.temperature),
            approximate=approximate,
            language=language[0],
            language_probability=language[1],
        )

    def _words(
        self, tokenizer: Any, ids: list[int], features: Any, length: float
    ) -> tuple[RecognisedWord, ...]:
        from whisper.timing import find_alignment

        frames = min(round(length * _FRAMES_PER_S), _FRAMES)
        found = find_alignment(self._alignment, tokenizer, ids, features, frames)
        return merged(
            [
                RecognisedWord(
                    float(word.start),
                    min(float(word.end), length),
                    word.word,
                    round(float(word.probability), 4),
                )
                for word in found
            ],
            tokenizer.language,
        )


class _Alignment:
    """The model as ``find_alignment`` sees it, except that the sound comes already encoded."""

    def __init__(self, whisper: Any) -> None:
        self._whisper = whisper
        self.device = whisper.device
        self.dims = whisper.dims
        self.decoder = whisper.decoder
        self.alignment_heads = whisper.alignment_heads

    def __call__(self, features: Any, tokens: Any) -> Any:
        return self._whisper.decoder(tokens, features)

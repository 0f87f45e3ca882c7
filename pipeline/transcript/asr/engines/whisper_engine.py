"""Recognition with openai-whisper, the reference: every word aligned.

The stock ``transcribe()`` runs the encoder a second time to align the words; here its output is
used twice, and windows go through the encoder together.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline.transcript.asr.engines.checkpoint import load_weights
from pipeline.transcript.asr.engines.engine import Decoding, RecognisedWord
from pipeline.transcript.asr.engines.local_engine import (
    BEST_OF,
    DecodedText,
    LocalWhisper,
    frames_of,
    piece,
)
from pipeline.transcript.asr.engines.models import missing_package

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BATCH, _BATCH_CUDA = 4, 16  # windows encoded together


class Whisper(LocalWhisper):
    """A model loaded by openai-whisper."""

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
        super().__init__(model, beam, _BATCH_CUDA if device == "cuda" else _BATCH)
        self._half = device == "cuda"
        self._whisper = load_weights(whisper, path, device)
        from whisper.tokenizer import LANGUAGES

        known = LANGUAGES if self._whisper.is_multilingual else ("en",)
        self.languages = frozenset(known)
        self._alignment = _Alignment(self._whisper)

    def _tokenizer(self, language: str) -> Any:
        from whisper.tokenizer import get_tokenizer

        return get_tokenizer(
            self._whisper.is_multilingual,
            num_languages=self._whisper.num_languages,
            language=language,
            task="transcribe",
        )

    def _encode(self, windows: Sequence[NDArray[np.float32]]) -> Any:
        """From mel spectrograms of shape (windows, bands, 3000)."""
        import torch
        import whisper

        bands = self._whisper.dims.n_mels
        mel = torch.stack(
            [whisper.log_mel_spectrogram(whisper.pad_or_trim(sound), bands) for sound in windows]
        ).to(self._whisper.device)
        # Without it torch keeps every layer's output for a training step that never comes (340 MB).
        with torch.no_grad():
            return self._whisper.embed_audio(mel.half() if self._half else mel)

    def _languages(self, encoded: Any, count: int) -> list[tuple[str, float | None]]:
        if not self._whisper.is_multilingual:
            return [("en", 1.0)] * count
        _, chances = self._whisper.detect_language(encoded)
        best = [max(one, key=one.get) for one in chances]
        return [(code, round(one[code], 4)) for code, one in zip(best, chances, strict=True)]

    def _decoded(
        self, tokenizer: Any, encoded: Any, prompt: str, how: Decoding
    ) -> list[DecodedText]:
        import torch
        import whisper

        torch.manual_seed(0)  # a sampled window must come out the same in a resumed run
        sampled = how.temperature > 0
        options = whisper.DecodingOptions(
            language=how.language,
            temperature=how.temperature,
            beam_size=self._beam if self._beam > 1 and not sampled else None,
            best_of=BEST_OF if sampled else None,
            prompt=prompt or None,
            without_timestamps=not how.timestamps,
            fp16=self._half,
        )
        # openai-whisper follows several texts of one window at a time only.
        together = options.beam_size is None and options.best_of is None
        groups = [encoded] if together else encoded.split(1)
        results = [one for group in groups for one in whisper.decode(self._whisper, group, options)]
        return [
            DecodedText(
                [token for token in result.tokens if token < tokenizer.eot],
                float(result.avg_logprob),
                float(result.no_speech_prob),
            )
            for result in results
        ]

    def _aligned(
        self, tokenizer: Any, encoded: Any, tokens: list[list[int]], lengths: list[float]
    ) -> list[list[RecognisedWord]]:
        from whisper.timing import find_alignment

        return [
            [
                piece(word.start, word.end, word.word, word.probability, length)
                for word in find_alignment(
                    self._alignment, tokenizer, ids, features, frames_of(length)
                )
            ]
            for features, ids, length in zip(encoded, tokens, lengths, strict=True)
        ]


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

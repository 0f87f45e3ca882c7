"""Recognition with faster-whisper (CTranslate2): int8 on a CPU, float16 on CUDA, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import telemetry
from pipeline.errors import SpeechError
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

_MAX_LENGTH = 448  # positions of Whisper's decoder, the prompt included
# Windows decoded together: a step of the decoder costs little more for many than for one. Its
# memory grows with them: 37 MB a window for the base model, 300 for medium, 490 for large.
_BATCH, _BATCH_LARGE, _BATCH_CUDA = 8, 4, 16
_LARGE_BYTES = 700 * 2**20  # small is smaller than this, medium larger


class FasterWhisper(LocalWhisper):
    """A model loaded by faster-whisper."""

    name = "faster-whisper"

    def __init__(
        self, path: str, model: str, device: str = "auto", threads: int = 0, beam: int = 5
    ) -> None:
        telemetry.switch_off()
        try:
            import ctranslate2
            from faster_whisper import WhisperModel
        except ImportError as error:
            raise missing_package("faster-whisper", error) from error
        if device == "auto":
            device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        super().__init__(model, beam, windows_together(Path(path), device))
        self._cuda = device == "cuda"
        try:
            self._whisper = WhisperModel(
                path,
                device=device,
                compute_type="float16" if device == "cuda" else "int8",
                cpu_threads=threads,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise SpeechError(f"the model {path} cannot be loaded: {error}") from error
        self.languages = frozenset(self._whisper.supported_languages)

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        whisper = self._whisper
        return Tokenizer(
            whisper.hf_tokenizer,
            whisper.model.is_multilingual,
            task="transcribe",
            language=language,
        )

    def _encode(self, windows: Sequence[NDArray[np.float32]]) -> Any:
        """From mel spectrograms of shape (windows, bands, 3000).

        On a CPU one at a time, which takes as long and an eighth of the memory.
        """
        import ctranslate2
        import numpy as np
        from faster_whisper.audio import pad_or_trim

        extract, encode = self._whisper.feature_extractor, self._whisper.encode
        mels = [pad_or_trim(extract(sound)) for sound in windows]
        if self._cuda:
            return encode(np.stack(mels))
        made = np.stack([np.asarray(encode(mel[None]))[0] for mel in mels])
        return ctranslate2.StorageView.from_array(made)

    def _languages(self, encoded: Any, count: int) -> list[tuple[str, float | None]]:
        if not self._whisper.model.is_multilingual:
            return [("en", 1.0)] * count
        found = self._whisper.model.detect_language(encoded)
        return [(best[0][0].strip("<|>"), round(float(best[0][1]), 4)) for best in found]

    def _decoded(
        self, tokenizer: Any, encoded: Any, prompt: str, how: Decoding
    ) -> list[DecodedText]:
        import ctranslate2

        ctranslate2.set_random_seed(0)  # a sampled window must come out the same in a resumed run
        search: dict[str, Any] = {"beam_size": self._beam}
        if how.temperature > 0:
            search = {
                "beam_size": 1,
                "num_hypotheses": BEST_OF,
                "sampling_temperature": how.temperature,
                "sampling_topk": 0,
            }
        previous = tokenizer.encode(f" {prompt}") if prompt else []
        before = self._whisper.get_prompt(
            tokenizer, previous, without_timestamps=not how.timestamps
        )
        results = self._whisper.model.generate(
            encoded,
            [before] * encoded.shape[0],
            max_length=_MAX_LENGTH,
            return_scores=True,
            return_no_speech_prob=True,
            **search,
        )
        texts = []
        for result in results:
            tokens = result.sequences_ids[0]
            # CTranslate2 divides by the tokens without the one that ends the text.
            logprob = result.scores[0] * len(tokens) / (len(tokens) + 1)
            said = [token for token in tokens if token < tokenizer.eot]
            texts.append(DecodedText(said, logprob, result.no_speech_prob))
        return texts

    def _aligned(
        self, tokenizer: Any, encoded: Any, tokens: list[list[int]], lengths: list[float]
    ) -> list[list[RecognisedWord]]:
        frames = [frames_of(length) for length in lengths]
        found = self._whisper.find_alignment(tokenizer, tokens, encoded, frames)
        return [
            [
                piece(word["start"], word["end"], word["word"], word["probability"], length)
                for word in words
            ]
            for words, length in zip(found, lengths, strict=True)
        ]


def windows_together(model: Path, device: str) -> int:
    """How many windows are decoded together: fewer with a large model, for its memory."""
    if device == "cuda":
        return _BATCH_CUDA
    weights = model / "model.bin"
    large = weights.is_file() and weights.stat().st_size > _LARGE_BYTES
    return _BATCH_LARGE if large else _BATCH

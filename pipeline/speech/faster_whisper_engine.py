"""Recognition with faster-whisper (CTranslate2): int8 on a CPU, float16 on CUDA, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline.errors import SpeechError
from pipeline.speech.engine import Heard, HeardWord
from pipeline.speech.models import missing_package
from pipeline.speech.prompt import Priming, fitted
from pipeline.speech.words import merged, shared_out

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MAX_LENGTH = 448  # positions of Whisper's decoder, the prompt included
_FRAMES_PER_S = 100


class FasterWhisper:
    """A model loaded by faster-whisper. Deterministic, also when it samples."""

    name = "faster-whisper"

    def __init__(self, path: str, model: str, device: str = "auto", threads: int = 0) -> None:
        try:
            import ctranslate2
            from faster_whisper import WhisperModel
        except ImportError as error:
            raise missing_package("faster-whisper", error) from error
        if device == "auto":
            device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        self.model = model
        self.batch = 16 if device == "cuda" else 4
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

        known = self._whisper.supported_languages
        self.languages: frozenset[str] | None = frozenset(known)

    def language(self, samples: NDArray[np.float32]) -> str:
        """See ``Recogniser``."""
        if not self._whisper.model.is_multilingual:
            return "en"
        found: str = self._whisper.detect_language(samples)[0]
        return found

    def recognise(
        self,
        windows: Sequence[NDArray[np.float32]],
        language: str,
        priming: Priming,
        temperature: float = 0.0,
    ) -> list[Heard]:
        """See ``Recogniser``."""
        tokenizer = self._tokenizer(language)
        prompt = self._prompt(tokenizer, priming)
        try:
            encoded = self._whisper.encode(self._features(windows))
            results = self.generate(encoded, [prompt] * len(windows), temperature)
            tokens = [
                [token for token in result.sequences_ids[0] if token < tokenizer.eot]
                for result in results
            ]
            lengths = [len(samples) / 16_000 for samples in windows]
            aligned = self._align(tokenizer, encoded, tokens, lengths, language)
        except (RuntimeError, ValueError) as error:
            raise SpeechError(f"faster-whisper failed: {error}") from error
        heard = []
        for result, ids, words, length in zip(results, tokens, aligned, lengths, strict=True):
            text = tokenizer.decode(ids).strip()
            approximate = bool(text) and not words
            if approximate:
                words = shared_out(text, 0.0, length)
            count = len(result.sequences_ids[0])
            heard.append(
                Heard(
                    words=words,
                    average_logprob=result.scores[0] * count / (count + 1),
                    no_speech=result.no_speech_prob,
                    temperature=temperature,
                    approximate=approximate,
                )
            )
        return heard

    def generate(self, encoded: Any, prompts: list[list[int]], temperature: float) -> Any:
        """What CTranslate2 is asked for: the best tokens, or sampled ones above temperature 0."""
        import ctranslate2

        ctranslate2.set_random_seed(0)  # a sampled window must come out the same in a resumed run
        return self._whisper.model.generate(
            encoded,
            prompts,
            beam_size=1,
            max_length=_MAX_LENGTH,
            sampling_temperature=temperature,
            sampling_topk=1 if temperature == 0 else 0,
            return_scores=True,
            return_no_speech_prob=True,
        )

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        whisper = self._whisper
        return Tokenizer(
            whisper.hf_tokenizer,
            whisper.model.is_multilingual,
            task="transcribe",
            language=language,
        )

    def _prompt(self, tokenizer: Any, priming: Priming) -> list[int]:
        text = fitted(priming, lambda text: len(tokenizer.encode(text)))
        previous = tokenizer.encode(f" {text}") if text else []
        prompt: list[int] = self._whisper.get_prompt(tokenizer, previous, without_timestamps=False)
        return prompt

    def _features(self, windows: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Mel spectrograms of shape (windows, bands, 3000), silence after the end."""
        import numpy as np
        from faster_whisper.audio import pad_or_trim

        extract = self._whisper.feature_extractor
        return np.stack([pad_or_trim(extract(samples)) for samples in windows])

    def _align(
        self,
        tokenizer: Any,
        encoded: Any,
        tokens: list[list[int]],
        lengths: list[float],
        language: str,
    ) -> list[tuple[HeardWord, ...]]:
        """Words of every window with their times; empty where there is nothing to align."""
        frames = [min(round(length * _FRAMES_PER_S), 3000) for length in lengths]
        found = self._whisper.find_alignment(tokenizer, tokens, encoded, frames)
        return [
            merged(
                [
                    HeardWord(
                        float(word["start"]),
                        min(float(word["end"]), length),
                        word["word"],
                        round(float(word["probability"]), 4),
                    )
                    for word in words
                ],
                language,
            )
            for words, length in zip(found, lengths, strict=True)
        ]

"""Recognition with faster-whisper (CTranslate2): int8 on a CPU, float16 on CUDA, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pipeline.errors import SpeechError
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

_MAX_LENGTH = 448  # positions of Whisper's decoder, the prompt included
_FRAMES_PER_S = 100


class FasterWhisper:
    """A model loaded by faster-whisper. Deterministic, also when it samples."""

    name = "faster-whisper"

    def __init__(
        self, path: str, model: str, device: str = "auto", threads: int = 0, beam: int = 5
    ) -> None:
        try:
            import ctranslate2
            from faster_whisper import WhisperModel
        except ImportError as error:
            raise missing_package("faster-whisper", error) from error
        if device == "auto":
            device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        self.model = model
        self._beam = beam
        self._last: tuple[tuple[NDArray[np.float32], ...], Any] = (), None
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

    def language(self, samples: NDArray[np.float32]) -> tuple[str, float | None]:
        """See ``Recogniser``."""
        return self._languages(self._encoded([samples]), 1)[0]

    def recognise(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[Recognition]:
        """See ``Recogniser``."""
        tokenizer = self._tokenizer(how.language)
        tokens_before = self._prompt(tokenizer, how)
        try:
            encoded = self._encoded(windows)
            spoken = self._languages(encoded, len(windows))
            results = self.generate(encoded, [tokens_before] * len(windows), how.temperature)
            tokens = [
                [token for token in result.sequences_ids[0] if token < tokenizer.eot]
                for result in results
            ]
            lengths = [len(samples) / 16_000 for samples in windows]
            aligned = self._align(tokenizer, encoded, tokens, lengths, how.language)
        except (RuntimeError, ValueError) as error:
            raise SpeechError(f"faster-whisper failed: {error}") from error
        heard = []
        for result, ids, words, length, (code, chance) in zip(
            results, tokens, aligned, lengths, spoken, strict=True
        ):
            text = tokenizer.decode(ids).strip()
            approximate = bool(text) and not words
            if approximate:
                words = shared_out(text, 0.0, length)
            count = len(result.sequences_ids[0])
            heard.append(
                Recognition(
                    words=words,
                    average_logprob=result.scores[0] * count / (count + 1),
                    no_speech=result.no_speech_prob,
                    temperature=how.temperature,
                    approximate=approximate,
                    language=code,
                    language_probability=chance,
                )
            )
        return heard

    def generate(self, encoded: Any, prompts: list[list[int]], temperature: float) -> Any:
        """The best texts by beam search, or the best of some sampled ones above temperature 0."""
        import ctranslate2

        ctranslate2.set_random_seed(0)  # a sampled window must come out the same in a resumed run
        search: dict[str, Any] = {"beam_size": self._beam}
        if temperature > 0:
            search = {
                "beam_size": 1,
                "num_hypotheses": BEST_OF,
                "sampling_temperature": temperature,
                "sampling_topk": 0,
            }
        return self._whisper.model.generate(
            encoded,
            prompts,
            max_length=_MAX_LENGTH,
            return_scores=True,
            return_no_speech_prob=True,
            **search,
        )

    def _languages(self, encoded: Any, count: int) -> list[tuple[str, float | None]]:
        """What each of ``count`` windows sounds like, and how sure the model is."""
        if not self._whisper.model.is_multilingual:
            return [("en", 1.0)] * count
        found = self._whisper.model.detect_language(encoded)
        return [(best[0][0].strip("<|>"), round(float(best[0][1]), 4)) for best in found]

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        whisper = self._whisper
        return Tokenizer(
            whisper.hf_tokenizer,
            whisper.model.is_multilingual,
            task="transcribe",
            language=language,
        )

    def _prompt(self, tokenizer: Any, how: Decoding) -> list[int]:
        text = fitted(how.prompt, lambda text: len(tokenizer.encode(text)))
        previous = tokenizer.encode(f" {text}") if text else []
        tokens: list[int] = self._whisper.get_prompt(
            tokenizer, previous, without_timestamps=not how.timestamps
        )
        return tokens

    def _encoded(self, windows: Sequence[NDArray[np.float32]]) -> Any:
        """What the encoder makes of the windows; the last ones' is kept, for another decode."""
        known, encoded = self._last
        same = len(known) == len(windows) and all(
            one is other for one, other in zip(known, windows, strict=True)
        )
        if not same:
            encoded = self._whisper.encode(self._features(windows))
            self._last = tuple(windows), encoded
        return encoded

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
    ) -> list[tuple[RecognisedWord, ...]]:
        """Words of every window with their times; empty where there is nothing to align."""
        frames = [min(round(length * _FRAMES_PER_S), 3000) for length in lengths]
        found = self._whisper.find_alignment(tokenizer, tokens, encoded, frames)
        return [
            merged(
                [
                    RecognisedWord(
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

"""Recognition by an OpenAI-compatible server: ``POST /v1/audio/transcriptions``.

Windows of speech are sent as they are cut, several at a time, so an upload is never longer than
30 s of sound and a lost connection costs one window. Servers differ in what they return: word
times, segment times or only text; what is missing is shared out and marked approximate.
"""

from __future__ import annotations

import io
import os
import wave
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from pipeline.errors import MissingDependencyError, SpeechError
from pipeline.speech.engine import Heard, HeardWord
from pipeline.speech.language_names import language_code
from pipeline.speech.prompt import Priming, fitted
from pipeline.speech.words import shared_out

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_RATE = 16_000
_RETRIES = 5
_UPLOADS = 4
_LETTERS_A_TOKEN = 3  # of English are 4; names and code are cut into shorter ones


class RemoteWhisper:
    """A server that recognises speech. The key is read from ``OPENAI_API_KEY``."""

    name = "api"
    batch = _UPLOADS
    languages: frozenset[str] | None = None

    def __init__(self, model: str, base_url: str | None, timeout_s: float) -> None:
        try:
            from openai import OpenAI
        except ImportError as error:
            raise MissingDependencyError("openai is not installed", "pip install openai") from error
        base_url = base_url or os.environ.get("OPENAI_BASE_URL") or None
        key = os.environ.get("OPENAI_API_KEY", "")
        if not key and base_url is None:
            raise SpeechError(
                "engine api needs a key for api.openai.com",
                "set OPENAI_API_KEY, or transcribe.base_url to a server of your own",
            )
        self.model = model
        self._client = OpenAI(
            api_key=key or "none", base_url=base_url, timeout=timeout_s, max_retries=_RETRIES
        )

    def language(self, samples: NDArray[np.float32]) -> str:
        """See ``Recogniser``; empty where the server does not tell."""
        return language_code(getattr(self._ask(samples, "", "", 0.0), "language", None))

    def recognise(
        self,
        windows: Sequence[NDArray[np.float32]],
        language: str,
        priming: Priming,
        temperature: float = 0.0,
    ) -> list[Heard]:
        """See ``Recogniser``."""
        prompt = fitted(priming, lambda text: len(text) // _LETTERS_A_TOKEN)

        def hear(samples: NDArray[np.float32]) -> Heard:
            reply = self._ask(samples, language, prompt, temperature)
            return _heard(reply, len(samples) / _RATE, temperature)

        with ThreadPoolExecutor(_UPLOADS) as pool:
            return list(pool.map(hear, windows))

    def _ask(
        self, samples: NDArray[np.float32], language: str, prompt: str, temperature: float
    ) -> Any:
        from openai import BadRequestError, OpenAIError

        asked: dict[str, Any] = {"model": self.model, "temperature": temperature}
        if language:
            asked["language"] = language
        if prompt:
            asked["prompt"] = prompt
        file = ("speech.wav", _wav(samples), "audio/wav")
        create = self._client.audio.transcriptions.create
        try:
            try:
                return create(
                    file=file,
                    response_format="verbose_json",
                    timestamp_granularities=["word", "segment"],
                    **asked,
                )
            except BadRequestError:  # a model that gives text only
                return create(file=file, response_format="json", **asked)
        except OpenAIError as error:
            raise SpeechError(
                f"the server {self._client.base_url} did not transcribe: {error}",
                "check transcribe.base_url, transcribe.model and OPENAI_API_KEY; "
                "finished windows are kept",
            ) from error


def _heard(reply: Any, length: float, temperature: float) -> Heard:
    segments = getattr(reply, "segments", None) or []
    words = tuple(
        HeardWord(
            min(float(word.start), length), min(float(word.end), length), word.word.strip(), None
        )
        for word in getattr(reply, "words", None) or []
        if word.word.strip()
    )
    words = _punctuated(words, reply.text or "")
    approximate = not words
    if approximate and segments:
        words = tuple(
            word
            for segment in segments
            for word in shared_out(
                segment.text, min(float(segment.start), length), min(float(segment.end), length)
            )
        )
    elif approximate:
        words = shared_out(reply.text or "", 0.0, length)
    return Heard(
        words=words,
        average_logprob=_mean([getattr(one, "avg_logprob", None) for one in segments]),
        no_speech=_mean([getattr(one, "no_speech_prob", None) for one in segments]),
        temperature=temperature,
        approximate=approximate and bool(words),
    )


def _punctuated(words: tuple[HeardWord, ...], text: str) -> tuple[HeardWord, ...]:
    """Words as the text writes them: servers leave punctuation out of the word list."""
    written = text.split()
    if len(written) != len(words):
        return words
    return tuple(
        HeardWord(word.start_s, word.end_s, spelling, word.probability)
        for word, spelling in zip(words, written, strict=True)
    )


def _mean(values: list[Any]) -> float | None:
    known = [float(value) for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _wav(samples: NDArray[np.float32]) -> bytes:
    import numpy as np

    pcm = (np.clip(samples, -1, 1) * 32767).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(pcm.tobytes())
    return buffer.getvalue()

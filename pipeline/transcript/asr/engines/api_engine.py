"""Recognition by an OpenAI-compatible server: ``POST /v1/audio/transcriptions``.

Windows of speech are sent as they are cut, several at a time, so an upload is never longer than
30 s of sound and a lost connection costs one window. Servers differ in what they return: word
times, segment times or only text; what is missing is shared out and marked approximate.
"""

from __future__ import annotations

import io
import os
import wave
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from pipeline.errors import MissingDependencyError, SpeechError
from pipeline.transcript.asr.engines.api_reply import Reply, heard, language_code, read_reply
from pipeline.transcript.asr.engines.engine import Decoding, Recognition
from pipeline.transcript.asr.initial_prompt import fitted
from pipeline.video.audio import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_RETRIES = 5  # openai's client waits 0.5 s, and twice as long each time up to 8: 15 s in all
_UPLOADS = 4  # at a time: a server works on one while the next ones travel
# The finest first; a model that gives text only refuses the others with 400 or 422.
_FORMS: tuple[dict[str, Any], ...] = (
    {"response_format": "verbose_json", "timestamp_granularities": ["word", "segment"]},
    {"response_format": "verbose_json"},
    {"response_format": "json"},
    {"response_format": "text"},
)
_LETTERS_A_TOKEN = 3  # of English are 4; names and code are cut into shorter ones


class RemoteWhisper:
    """A server that recognises speech. The key is read from ``OPENAI_API_KEY``."""

    name = "api"
    batch = _UPLOADS
    languages: frozenset[str] | None = None

    def __init__(self, model: str, base_url: str | None, timeout_s: float) -> None:
        try:
            from openai import DefaultHttpxClient, OpenAI
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
        self._form = 0
        self._client = OpenAI(
            api_key=key or "none",
            base_url=base_url,
            timeout=timeout_s,
            max_retries=_RETRIES,
            # Else what was said would follow wherever a server points.
            http_client=DefaultHttpxClient(follow_redirects=False),
        )

    def language(self, samples: NDArray[np.float32]) -> tuple[str, float | None]:
        """See ``Recogniser``; empty where the server does not tell."""
        return language_code(self._ask(samples, "", "", 0.0).language), None

    def recognise(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[Recognition]:
        """See ``Recogniser``."""
        told = fitted(how.prompt, lambda text: len(text) // _LETTERS_A_TOKEN)

        def hear(samples: NDArray[np.float32]) -> Recognition:
            reply = self._ask(samples, how.language, told, how.temperature)
            return heard(reply, len(samples) / SAMPLE_RATE, how.temperature)

        with ThreadPoolExecutor(_UPLOADS) as pool:
            return list(pool.map(hear, windows))

    def _ask(
        self, samples: NDArray[np.float32], language: str, prompt: str, temperature: float
    ) -> Reply:
        from openai import OpenAIError

        asked: dict[str, Any] = {"model": self.model, "temperature": temperature}
        if language:
            asked["language"] = language
        if prompt:
            asked["prompt"] = prompt
        asked["file"] = ("speech.wav", _wav(samples), "audio/wav")
        try:
            return self._in_a_form_it_knows(asked)
        except (OpenAIError, ValueError) as error:
            raise SpeechError(
                f"the server {self._client.base_url} did not transcribe: {error}",
                "check transcribe.base_url, transcribe.model and OPENAI_API_KEY; "
                "finished windows are kept",
            ) from error

    def _in_a_form_it_knows(self, asked: Mapping[str, Any]) -> Reply:
        """Ask for the finest form that the server has not refused yet, then for plainer ones."""
        from openai import BadRequestError, UnprocessableEntityError

        create = self._client.audio.transcriptions.with_raw_response.create
        for place in range(self._form, len(_FORMS)):
            try:
                response = create(**asked, **_FORMS[place]).http_response
            except (BadRequestError, UnprocessableEntityError):
                if place == len(_FORMS) - 1:
                    raise
                continue
            self._form = max(self._form, place)
            return read_reply(response.text, response.headers.get("content-type", ""))
        raise AssertionError("the last form returns or raises")


def _wav(samples: NDArray[np.float32]) -> bytes:
    import numpy as np

    pcm = (np.clip(samples, -1, 1) * 32767).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(pcm.tobytes())
    return buffer.getvalue()

"""Whether the model's server answers, and which models it lists. No model is asked anything."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from pipeline.llm.servers import Server
from pipeline.llm.transport import PACKED, is_overpacked
from pipeline.redaction import without

_MOST_BYTES = 4 << 20  # routers list hundreds of models, a kilobyte each
_MOST_SHOWN = 5


@dataclass(frozen=True)
class ServerAnswer:
    """``answers`` is false where nothing useful came; ``models`` is None where none are listed."""

    answers: bool
    detail: str
    models: tuple[str, ...] | None = None

    def describe(self, model: str) -> str:
        """What it means for ``model``, in a few words."""
        if self.models is None or not self.answers:
            return self.detail
        if model in self.models:
            return "answers and has the model"
        shown = ", ".join(self.models[:_MOST_SHOWN]) + (
            ", ..." if self.models[_MOST_SHOWN:] else ""
        )
        return f"answers, but does not list the model; it has: {shown or 'none'}"


def ask_server(server: Server, wait_s: float) -> ServerAnswer:
    """Ask for the list of models, once, for at most ``wait_s`` seconds."""
    import openai

    http = openai.DefaultHttpxClient(
        follow_redirects=False, timeout=wait_s, event_hooks={"response": [_judge]}
    )
    try:
        with (
            openai.OpenAI(
                api_key=server.key,
                base_url=server.endpoint,
                default_query=server.parameters,
                max_retries=0,
                timeout=wait_s,
                default_headers=PACKED,
                http_client=http,
            ) as client,
            client.models.with_streaming_response.list() as response,
        ):
            data, until = b"", time.monotonic() + wait_s
            for piece in response.iter_bytes():
                data += piece
                if len(data) > _MOST_BYTES or time.monotonic() > until:
                    return ServerAnswer(True, "answers, with more than a list of models")
    except _JudgedError as error:
        return error.answer
    except openai.APIConnectionError as error:
        if isinstance(error.__cause__, _JudgedError):  # as versions of the package wrap it
            return error.__cause__.answer
        why = without(" ".join(str(error.__cause__ or error).split()), [server.key])[:200]
        return ServerAnswer(False, f"does not answer ({why or type(error).__name__})")
    except Exception as error:  # of the HTTP library, which is the openai package's to choose
        return ServerAnswer(False, f"breaks off while it answers ({type(error).__name__})")
    return ServerAnswer(True, "answers", _names(data))


class _JudgedError(Exception):
    """The head of an answer tells all there is to know."""

    def __init__(self, answer: ServerAnswer) -> None:
        super().__init__(answer.detail)
        self.answer = answer


def _judge(response: Any) -> None:
    """Raise where the head tells enough: the library would read all of an error, without end."""
    if is_overpacked(response.headers):
        raise _JudgedError(ServerAnswer(True, "answers, with a body packed as nobody asked for"))
    if not response.is_success:
        raise _JudgedError(_status(response.status_code))


def _status(status: int) -> ServerAnswer:
    if status in (401, 403):
        return ServerAnswer(False, f"refuses the key ({status})")
    if status in (404, 405, 501):
        return ServerAnswer(True, "answers, and lists no models")
    return ServerAnswer(status < 500, f"answers with status {status}")


def _names(data: bytes) -> tuple[str, ...] | None:
    try:
        listed = json.loads(data)["data"]
        return tuple(str(one["id"])[:100] for one in listed)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None

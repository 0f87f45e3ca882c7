"""Speech sent to an OpenAI-compatible server, which may know much or little about words."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from pipeline.errors import SpeechError
from pipeline.transcript.asr.engines.api_engine import RemoteWhisper
from pipeline.transcript.asr.engines.engine import Decoding
from pipeline.transcript.asr.initial_prompt import InitialPrompt
from tests.transcript.asr.fakes import speech

WORDS = {
    "text": "Hello, world.",
    "language": "english",
    "duration": 2.0,
    "segments": [
        {
            "id": 0, "seek": 0, "start": 0.5, "end": 1.5, "text": " Hello, world.", "tokens": [],
            "temperature": 0.0, "avg_logprob": -0.2, "compression_ratio": 1.0,
            "no_speech_prob": 0.01,
        }
    ],
    "words": [
        {"word": "Hello", "start": 0.5, "end": 0.9},
        {"word": "world", "start": 1.0, "end": 1.5},
    ],
}  # fmt: skip


class Server:
    """Answers from ``replies`` (status, JSON or plain text), the last one for ever.

    What was asked is kept.
    """

    def __init__(
        self, *replies: tuple[int, dict[str, Any] | str], moved_to: str | None = None
    ) -> None:
        outer = self
        self.replies = list(replies)
        self.forms: list[dict[str, str]] = []
        self.keys: list[str | None] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.keys.append(self.headers.get("Authorization"))
                fields = re.findall(
                    rb'name="([^"]+)"(?:; filename="[^"]*")?\r\n(?:[^\r]+\r\n)*\r\n(.*?)\r\n--',
                    body,
                    re.DOTALL,
                )
                outer.forms.append(
                    {name.decode(): value[:300].decode("latin-1") for name, value in fields}
                )
                status, reply = outer.replies.pop(0) if len(outer.replies) > 1 else outer.replies[0]
                plain = isinstance(reply, str)
                data = reply.encode() if isinstance(reply, str) else json.dumps(reply).encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/plain" if plain else "application/json")
                self.send_header("Content-Length", str(len(data)))
                if moved_to is not None:
                    self.send_header("Location", moved_to)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *ignored: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    yield


def test_words_come_with_their_times_and_the_texts_punctuation() -> None:
    with Server((200, WORDS)) as server:
        engine = RemoteWhisper("whisper-1", server.url, 5)
        (heard,) = engine.recognise([speech(2)], Decoding("en", InitialPrompt(("A talk.",))))
    assert [(word.text, word.start_s, word.end_s) for word in heard.words] == [
        ("Hello,", 0.5, 0.9),
        ("world.", 1.0, 1.5),
    ]
    assert (heard.average_logprob, heard.no_speech, heard.approximate) == (-0.2, 0.01, False)
    (form,) = server.forms
    assert (form["model"], form["language"], form["prompt"]) == ("whisper-1", "en", "A talk.")
    assert form["file"].startswith("RIFF")
    assert server.keys == ["Bearer sk-test"]


def test_segments_without_words_share_their_time() -> None:
    with Server((200, {**WORDS, "words": None})) as server:
        (heard,) = RemoteWhisper("m", server.url, 5).recognise([speech(2)], Decoding("en"))
    assert heard.approximate
    assert (heard.words[0].start_s, heard.words[-1].end_s) == (0.5, 1.5)


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_gives_only_text_is_asked_for_no_more(status: int) -> None:
    refused = (status, {"error": {"message": "response_format is not supported"}})
    with Server(refused, refused, (200, {"text": "Only text."})) as server:
        engine = RemoteWhisper("m", server.url, 5)
        (heard,) = engine.recognise([speech(2)], Decoding("en"))
        engine.recognise([speech(2)], Decoding("en"))
    assert heard.text == "Only text."
    assert heard.approximate
    assert heard.words[-1].end_s == 2.0
    forms = [form["response_format"] for form in server.forms]
    assert forms == ["verbose_json", "verbose_json", "json", "json"]


def test_a_server_that_refuses_every_form_is_an_error_with_its_words() -> None:
    refused = (422, {"error": {"message": "file is too short"}})
    with Server(refused) as server, pytest.raises(SpeechError, match="file is too short"):
        RemoteWhisper("m", server.url, 5).recognise([speech(2)], Decoding("en"))


@pytest.mark.parametrize(
    ("reply", "first", "last"),
    [
        ("Plain text only.", (0.0, "Plain"), (2.0, "only.")),
        (
            {"text": "Plain text only.", "segments": None, "words": None},
            (0.0, "Plain"),
            (2.0, "only."),
        ),
        ("1\n00:00:00,500 --> 00:00:01,500\nIn subtitles.\n", (0.5, "In"), (1.5, "subtitles.")),
    ],
    ids=["text/plain", "null segments", "subtitles"],
)
def test_text_in_any_form_is_taken_and_its_times_are_approximate(
    reply: Any, first: tuple[float, str], last: tuple[float, str]
) -> None:
    with Server((200, reply)) as server:
        (heard,) = RemoteWhisper("m", server.url, 5).recognise([speech(2)], Decoding("en"))
    assert heard.approximate
    assert (heard.words[0].start_s, heard.words[0].text) == first
    assert (heard.words[-1].end_s, heard.words[-1].text) == last


def test_a_web_page_is_no_transcript() -> None:
    with (
        Server((200, "<!DOCTYPE html><p>Sign in")) as server,
        pytest.raises(SpeechError, match=r"web page.*base_url"),
    ):
        RemoteWhisper("m", server.url, 5).recognise([speech(2)], Decoding("en"))


def test_a_busy_server_is_asked_again() -> None:
    busy = (500, {"error": {"message": "overloaded"}})
    with Server(busy, (200, WORDS)) as server:
        (heard,) = RemoteWhisper("m", server.url, 5).recognise([speech(2)], Decoding("en"))
    assert heard.text == "Hello, world."


def test_windows_come_back_in_order() -> None:
    with Server((200, {"text": "x"})) as server:
        engine = RemoteWhisper("m", server.url, 5)
        heard = engine.recognise([speech(s) for s in (1, 2, 3)], Decoding("en"))
    assert [round(one.words[-1].end_s) for one in heard] == [1, 2, 3]


def test_the_language_is_asked_of_the_server() -> None:
    with Server((200, WORDS)) as server:
        assert RemoteWhisper("m", server.url, 5).language(speech(2)) == ("en", None)


def test_a_refused_key_is_an_error_that_says_what_to_check() -> None:
    with (
        Server((401, {"error": {"message": "bad key"}})) as server,
        pytest.raises(SpeechError, match=r"bad key.*OPENAI_API_KEY"),
    ):
        RemoteWhisper("m", server.url, 5).recognise([speech(1)], Decoding("en"))


def test_openais_own_server_needs_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(SpeechError, match="OPENAI_API_KEY"):
        RemoteWhisper("whisper-1", None, 5)


@pytest.mark.parametrize("status", [302, 307, 308])
def test_no_sound_follows_where_a_server_points(status: int) -> None:
    with (
        Server((200, WORDS)) as elsewhere,
        Server((status, "gone"), moved_to=f"{elsewhere.url}/audio/transcriptions") as server,
    ):
        with pytest.raises(SpeechError, match="did not transcribe"):
            RemoteWhisper("m", server.url, 5).recognise([speech(2)], Decoding("en"))
        assert (len(server.forms), elsewhere.forms) == (1, [])

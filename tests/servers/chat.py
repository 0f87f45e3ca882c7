"""A scripted OpenAI-compatible server: real HTTP on loopback, threads, and every kind of trouble.

``ChatServer(script)`` asks ``script`` what to do with each request. A script is a function from
``Incoming`` to a reaction: ``Reply``, ``Refuse``, ``Hang``, ``Drop``, ``Raw``. ``good_writer``
answers like a model that does its work: an outline from the segments in the prompt, good chunks.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self

Task = Literal["outline", "outline whole", "chunk", "repair", "joint", "other"]


@dataclass(frozen=True)
class Incoming:
    """One request: its body, the text of all its messages, and what it asks for.

    ``number`` counts requests from 1; ``attempt`` counts those with these very messages.
    """

    body: Mapping[str, Any]
    text: str
    task: Task
    number: int
    attempt: int
    pictures: int
    key: str

    @property
    def segments(self) -> list[tuple[str, str]]:
        """The segments to write or plan: ids and texts, in order."""
        return [segment for part in self.parts for segment in part]

    @property
    def parts(self) -> list[list[tuple[str, str]]]:
        """The segments of each part: several where sections share a call."""
        data = re.findall(r"<(?:speech|lecture)>\n(.*?)</(?:speech|lecture)>", self.text, re.DOTALL)
        return [re.findall(r"^(?:\([\d:]+\) )?\[(s\d+)\] (.*)$", one, re.MULTILINE) for one in data]


@dataclass(frozen=True)
class Reply:
    """An ordinary reply."""

    text: str
    finish: str = "stop"
    refusal: str | None = None


@dataclass(frozen=True)
class Refuse:
    """An HTTP error."""

    status: int
    message: str = "no"
    headers: Mapping[str, str] = field(default_factory=dict)
    code: str | None = None


@dataclass(frozen=True)
class Hang:
    """Nothing for so many seconds, then a closed connection."""

    seconds: float


@dataclass(frozen=True)
class Drop:
    """The head of a good reply and half of its body, then a closed connection."""


@dataclass(frozen=True)
class Raw:
    """Bytes on the wire in place of an HTTP answer, ``pause_s`` after each piece, then the end of
    the connection: an ordinary one, or with ``reset`` as when the machine is gone."""

    pieces: Callable[[], Iterable[bytes]]
    pause_s: float = 0.0
    reset: bool = False


Reaction = Reply | Refuse | Hang | Drop | Raw
Script = Callable[[Incoming], Reaction]


class ChatServer:
    """The server, as a context manager.

    ``requests`` holds everything that came, in order, ``answered`` counts the good replies given;
    ``delay_s`` is what each of them takes, ``reads_at_most`` the tokens of its context window.
    ``models`` are those that it lists; None: it has no such list.
    """

    def __init__(
        self,
        script: Script,
        delay_s: float = 0.0,
        reads_at_most: int | None = None,
        models: tuple[str, ...] | None = None,
    ) -> None:
        self.script = script
        self.models = models
        self.delay_s = delay_s
        self.reads_at_most = reads_at_most
        self.requests: list[Incoming] = []
        self.answered = 0
        self._seen: dict[str, int] = {}
        self._lock = threading.Lock()
        self._server = _QuietServer(("127.0.0.1", 0), self._handler())
        self._closing = threading.Event()

    @property
    def base_url(self) -> str:
        """For ``llm.base_url``."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def tasks(self) -> list[Task]:
        """What was asked for, in order."""
        return [request.task for request in self.requests]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def _enter(self, body: Mapping[str, Any]) -> Incoming:
        messages = json.dumps(body["messages"], sort_keys=True)
        text, pictures = _text_of(body["messages"])
        with self._lock:
            self._seen[messages] = attempt = self._seen.get(messages, 0) + 1
            number = len(self.requests) + 1
            incoming = Incoming(body, text, _task_of(text), number, attempt, pictures, messages)
            self.requests.append(incoming)
        return incoming

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:
                pass

            def do_GET(self) -> None:
                if server.models is None:
                    self.answer(404, {"error": {"message": "no such page"}}, {})
                else:
                    listed = [{"id": name, "object": "model"} for name in server.models]
                    self.answer(200, {"object": "list", "data": listed}, {})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                incoming = server._enter(body)
                try:
                    self.react(incoming, server.script(incoming))
                except OSError:
                    self.close_connection = True  # the client has gone, killed perhaps

            def react(self, incoming: Incoming, reaction: Reaction) -> None:
                if isinstance(reaction, Hang):
                    server._closing.wait(reaction.seconds)
                    self.close_connection = True
                elif isinstance(reaction, Refuse):
                    error = {"message": reaction.message, "code": reaction.code}
                    self.answer(reaction.status, {"error": error}, reaction.headers)
                elif isinstance(reaction, Raw):
                    for piece in reaction.pieces():
                        self.wfile.write(piece)
                        server._closing.wait(reaction.pause_s)
                    if reaction.reset:
                        linger = struct.pack("ii", 1, 0)
                        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.close_connection = True
                elif isinstance(reaction, Drop):
                    data = json.dumps(_completion(incoming, Reply("half of it " * 50))).encode()
                    self.start(200, len(data), {})
                    self.wfile.write(data[: len(data) // 2])
                    self.wfile.flush()
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                else:
                    time.sleep(server.delay_s)
                    body = _completion(incoming, reaction, server.reads_at_most)
                    self.answer(200, body, {})
                    server.answered += 1

            def answer(self, status: int, body: object, headers: Mapping[str, str]) -> None:
                data = json.dumps(body).encode()
                self.start(status, len(data), headers)
                self.wfile.write(data)

            def start(self, status: int, length: int, headers: Mapping[str, str]) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(length))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

        return Handler


class _QuietServer(ThreadingHTTPServer):
    """A server that says nothing when a client is killed."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass


def good_writer(incoming: Incoming) -> Reaction:
    """What a capable model replies."""
    if incoming.task == "outline":
        return Reply(json.dumps(good_outline(incoming)))
    if incoming.task == "outline whole":
        listed = incoming.text.partition("<sections>")[2]
        count = len(re.findall(r"^\d+\. ", listed, re.MULTILINE))
        titles = [f"Topic {number} of the whole" for number in range(1, count + 1)]
        return Reply(json.dumps({"title": "The whole", "summary": "", "titles": titles}))
    if incoming.task == "joint":
        return Reply('{"first": null, "second": null}')
    return Reply(good_chunk(incoming))


def good_outline(incoming: Incoming, size: int = 4) -> dict[str, Any]:
    """A plan with ``size`` segments in each section."""
    segments = incoming.segments
    sections = []
    for start in range(0, len(segments), size):
        part = segments[start : start + size]
        words = re.findall(r"[A-Za-z]{6,}", part[0][1]) or ["Part"]
        sections.append(
            {
                "title": f"About {words[0].lower()} in {part[0][0]}",
                "purpose": f"What is said in {part[0][0]} to {part[-1][0]}.",
                "first_segment": part[0][0],
                "last_segment": part[-1][0],
                "defines": [],
                "needs": [],
            }
        )
    return {
        "title": "A chapter",
        "summary": "What it is about.",
        "sections": sections,
        "glossary": [],
        "links": [],
    }


def good_chunk(incoming: Incoming) -> str:
    """Every segment as a paragraph: shortened, in other words here and there, and cited; each part
    under its line where sections share the call."""
    texts = [
        "\n\n".join(f"{shortened(text)} [[{name}]]" for name, text in part if text.split())
        for part in incoming.parts
    ]
    if "=== text 1 ===" not in incoming.text:
        return "\n\n".join(texts)
    return "\n\n".join(f"=== text {n} ===\n\n{text}" for n, text in enumerate(texts, 1))


def shortened(text: str) -> str:
    """Two thirds of the words: a seventh as they were said, of the rest every third left out."""
    spoken = [word for word in text.split() if word != "(nothing"]
    whole = len(spoken) // 7
    rest = [word for place, word in enumerate(spoken[whole:]) if place % 3 != 1]
    return " ".join([*spoken[:whole], *rest])


def _completion(
    incoming: Incoming, reply: Reply, reads_at_most: int | None = None
) -> dict[str, Any]:
    message = {"role": "assistant", "content": reply.text, "refusal": reply.refusal}
    sent, received = len(incoming.text) // 4 + 425 * incoming.pictures, len(reply.text) // 4
    if reads_at_most is not None:
        sent = min(sent, reads_at_most)
    return {
        "id": f"chatcmpl-{incoming.number}",
        "object": "chat.completion",
        "created": 0,
        "model": incoming.body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": reply.finish}],
        "usage": {
            "prompt_tokens": sent,
            "completion_tokens": received,
            "total_tokens": sent + received,
        },
    }


def _text_of(messages: list[dict[str, Any]]) -> tuple[str, int]:
    texts, pictures = [], 0
    for message in messages:
        content = message["content"]
        for part in [{"type": "text", "text": content}] if isinstance(content, str) else content:
            if part["type"] == "text":
                texts.append(part["text"])
            else:
                pictures += 1
    return "\n\n".join(texts), pictures


def _task_of(text: str) -> Task:
    if "=== block " in text and "have to be repaired" in text:
        return "repair"
    if "<first>" in text and "<second>" in text:
        return "joint"
    if "was planned in" in text and "<sections>" in text:
        return "outline whole"
    if "<lecture>" in text:
        return "outline"
    return "chunk" if "<speech>" in text else "other"

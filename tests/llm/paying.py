"""A server that charges for what it does, honestly or not, and keeps its own account."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from tests.servers.chat import Drop, Hang, Incoming, Raw, Reaction, Refuse, Script
from tests.servers.faulty import ok

Kind = Literal[
    "good", "no usage", "zero usage", "empty", "refusal", "filtered", "no choice", "not JSON",
    "runs on", "thinks", "half", "late", "gone", "500", "504", "429", "503", "stream", "408",
    "no choice, zero usage", "runs on, zero usage", "broken stream", "half a stream",
]  # fmt: skip
# What a server may do without having the model work.
UNPAID = ("429", "503")
NOTHING = {"prompt_tokens": 0, "completion_tokens": 0}


@dataclass
class Till:
    """What was charged, by the server's own account; tokens weigh a millionth of the currency."""

    input_price: float
    output_price: float
    charged: float = 0.0
    excess: float = 0.0
    calls: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def charge(self, sent: int, received: int, allowed: int) -> None:
        """Enter one call that was allowed to write so many tokens."""
        with self._lock:
            self.calls += 1
            self.charged += (sent * self.input_price + received * self.output_price) / 1e6
            over = max(0, received - allowed) * self.output_price / 1e6
            self.excess = max(self.excess, over)


def till_script(till: Till, behaviour: Callable[[Incoming], tuple[Kind, int]]) -> Script:
    """A script for ``ChatServer``: ``behaviour`` says what happens and how many tokens are written
    and charged, in sight or not; 0: as many as were allowed."""

    def script(incoming: Incoming) -> Reaction:
        kind, written = behaviour(incoming)
        allowed = int(
            incoming.body.get("max_tokens") or incoming.body.get("max_completion_tokens") or 0
        )
        sent = len(incoming.text) // 5 + 1
        if kind in UNPAID:
            return Refuse(int(kind), "not now")
        received = written or allowed
        till.charge(sent, received, allowed)
        return _reaction(kind, sent, received)

    return script


def _reaction(kind: Kind, sent: int, received: int) -> Reaction:
    usage = {"prompt_tokens": sent, "completion_tokens": received}
    message: dict[str, object] = {"content": "an answer"}
    finish = "stop"
    match kind:
        case "late":
            return Hang(5.0)
        case "half":
            return Drop()
        case "gone":
            return Raw(list, reset=True)
        case "500" | "504" | "408":
            return Refuse(int(kind), "sorry")
        case "not JSON":
            return ok(b"<html>")
        case "stream":
            return ok(_stream(usage), "text/event-stream")
        case "broken stream":
            return ok(_stream(usage)[:150], "text/event-stream")
        case "half a stream":  # with an account of how it began, as Anthropic's have
            begun = {"prompt_tokens": sent, "completion_tokens": 1}
            event = {"choices": [{"delta": {"content": "an "}}], "usage": begun}
            return ok(f"data: {json.dumps(event)}\n\n".encode(), "text/event-stream")
        case "no choice":
            return ok(json.dumps({"choices": [], "usage": usage}).encode())
        case "no choice, zero usage":
            return ok(json.dumps({"choices": [], "usage": NOTHING}).encode())
        case "empty":
            message = {"content": ""}
        case "thinks":
            message, finish = {"content": "<think>so"}, "length"
        case "refusal":
            message = {"content": "I’m sorry, but I can’t help with that."}
        case "filtered":
            finish = "content_filter"
        case "runs on" | "runs on, zero usage":
            message = {"content": "and so on " * 20_000}
        case _:
            pass
    whole: dict[str, object] = {"choices": [{"message": message, "finish_reason": finish}]}
    if kind in ("zero usage", "runs on, zero usage"):
        whole["usage"] = NOTHING
    elif kind != "no usage":
        whole["usage"] = usage
    return ok(json.dumps(whole).encode())


def _stream(usage: object) -> bytes:
    def events() -> Iterator[object]:
        yield {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "an "}}]}
        yield {"choices": [{"index": 0, "delta": {"content": "answer"}, "finish_reason": "stop"}]}
        yield {"choices": [], "usage": usage}

    lines = [f"data: {json.dumps(event)}\n\n" for event in events()]
    return "".join([*lines, "data: [DONE]\n\n"]).encode()

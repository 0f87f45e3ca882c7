"""A model's server that has every kind of trouble, at random but repeatably.

Which trouble a request meets is drawn from the seed, the question and how often it was asked: the
same run meets the same troubles, whatever the order in which its parallel calls arrive.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.servers.chat import (
    Drop,
    Hang,
    Incoming,
    Raw,
    Reaction,
    Refuse,
    Reply,
    good_chunk,
    good_writer,
)

Trouble = Callable[[Incoming], Reaction]


def raw(head: str, body: bytes = b"", **how: float) -> Raw:
    """A head and a body as they are, whether they belong together or not."""
    whole = head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body
    return Raw(lambda: [whole], pause_s=how.get("pause_s", 0.0), reset=bool(how.get("reset")))


def ok(body: bytes, kind: str = "application/json") -> Raw:
    """A whole 200 answer with any body.

    It says that the connection ends with it: a client that kept it would now and then send the
    next question into the closing, and rightly count it as paid.
    """
    head = f"HTTP/1.1 200 OK\nContent-Type: {kind}\nContent-Length: {len(body)}"
    return raw(f"{head}\nConnection: close", body)


def choices(*found: object, **more: object) -> Raw:
    """A 200 answer that has the form of a reply, with any choices."""
    return ok(json.dumps({"object": "chat.completion", "choices": found, **more}).encode())


def endless(megabytes: int) -> Raw:
    """A reply that goes on and on, without saying how long it is."""

    def pieces() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
        yield b'{"choices": [{"index": 0, "message": {"role": "assistant", "content": "'
        for _ in range(megabytes):
            yield b"and so on " * 104_858
        yield b'"}, "finish_reason": "stop"}]}'

    return Raw(pieces)


def drip(seconds: float) -> Raw:
    """A byte now and then: each read is in time, the whole never comes."""

    def pieces() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
        for _ in range(int(seconds / 0.05)):
            yield b" "

    return Raw(pieces, pause_s=0.05)


# Troubles that pass: the same question asked again gets its reply. Nothing of them may be kept.
PASSING: Mapping[str, Trouble] = {
    "429 with Retry-After": lambda one: Refuse(429, "slow down", {"Retry-After": "0.05"}),
    "429": lambda one: Refuse(429, "slow down"),
    "500": lambda one: Refuse(500, "internal error"),
    "502 page": lambda one: raw(
        "HTTP/1.1 502 Bad Gateway\nContent-Type: text/html\nConnection: close",
        b"<html><h1>502</h1> no image, bad JSON schema, max_tokens, temperature</html>",
    ),
    "503": lambda one: Refuse(503, "overloaded: response_format json image temperature"),
    "reset before": lambda one: Raw(list, reset=True),
    "closed before": lambda one: Raw(list),
    "reset during": lambda one: raw(
        "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 900",
        b'{"choices": [{"mess',
        reset=True,
    ),
    "half a body": lambda one: Drop(),
    "stall": lambda one: Hang(8.0),
    "drip": lambda one: drip(8.0),
    "truncated JSON": lambda one: ok(b'{"choices": [{"message": {"content": "so it ha'),
    "HTML": lambda one: ok(b"<html>Please log in to the Wi-Fi</html>", "text/html"),
    "HTML called JSON": lambda one: ok(b"<html>Please log in to the Wi-Fi</html>"),
    "nothing": lambda one: ok(b""),
    "no choice": lambda one: choices(),
    "null choices": lambda one: ok(b'{"choices": null, "error": {"message": "provider down"}}'),
    "null message": lambda one: choices({"index": 0, "message": None}),
    "number for text": lambda one: choices({"message": {"content": 42}}),
    "choices of text": lambda one: ok(b'{"choices": "abc"}'),
    "a list": lambda one: ok(b"[1, 2, 3]"),
    "brackets": lambda one: ok(b'{"choices":' + b"[" * 50_000),
    "no UTF-8": lambda one: ok(b'{"choices": [{"message": {"content": "\xff\xfe\x80"}}]}'),
    "garbage head": lambda one: raw("HTTP/1.1 200 OK\n\x00\x01 garbage \xff\nX", b"{}"),
    "no HTTP": lambda one: Raw(lambda: [b"220 mail.example.org ESMTP\r\n"]),
    "length too long": lambda one: raw(
        "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 99999", b"{}"
    ),
    "length too short": lambda one: raw(
        "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 7\nConnection: close",
        b'{"choices": [{"message": {"content": "hello"}}]}',
    ),
    "length no number": lambda one: raw("HTTP/1.1 200 OK\nContent-Length: many", b"{}"),
    "false gzip": lambda one: raw(
        "HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 9\nConnection: close",
        b"not gzip!",
    ),
    "giant reply": lambda one: endless(3),
    "runs on": lambda one: Reply("and so on " * 20_000),
}

# The same without those that cost the client's whole patience each time.
QUICK: Mapping[str, Trouble] = {
    name: trouble for name, trouble in PASSING.items() if name not in ("stall", "drip")
}

# Troubles that do not pass by asking again: one clear error, and the next run goes on.
FINAL: Mapping[str, Trouble] = {
    "401": lambda one: Refuse(401, "Incorrect API key provided"),
    "403": lambda one: Refuse(403, "your key may not use this model"),
    "404": lambda one: Refuse(404, "The model `scripted` does not exist"),
    "moved": lambda one: Refuse(308, "moved", {"Location": "http://127.0.0.1:9/v1"}),
    "no quota": lambda one: Refuse(429, "exceeded your quota", code="insufficient_quota"),
    "context": lambda one: Refuse(
        400,
        "'max_tokens' or 'max_completion_tokens' is too large: 9000. This model's maximum context "
        "length is 4096 tokens",
    ),
    "filtered question": lambda one: Refuse(
        400, "content management policy", code="content_filter"
    ),
    "filtered reply": lambda one: Reply("I was about to say", finish="content_filter"),
    "refusal": lambda one: Reply("", refusal="I can't help with that"),
    "refusal in the text": lambda one: Reply("I'm sorry, but I can't help with that."),
    "come back tomorrow": lambda one: Refuse(429, "daily limit", {"Retry-After": "86400"}),
}

# Replies that are paid for and no good: they are repaired, asked for again, or reported.
BAD_TEXT: Mapping[str, Trouble] = {
    "cut": lambda one: Reply(good_chunk(one)[:200], finish="length"),
    "empty": lambda one: Reply(""),
    "nothing but thinking": lambda one: Reply("", finish="length"),
    "other format": lambda one: Reply('{"answer": ["Sure!", "Here is your text:"]}'),
    "wrong citations": lambda one: Reply(good_chunk(one).replace("[[s", "[[s9")),
    "cited backwards": lambda one: Reply("\n\n".join(reversed(good_chunk(one).split("\n\n")))),
    "said twice": lambda one: Reply("\n\n".join([good_chunk(one)] * 3)),
    "other language": lambda one: Reply("Der Vortrag handelt von Bäumen und Wörtern. " * 20),
    "surrogates and NULs": lambda one: Reply(good_chunk(one) + "\ud800\x00\x1b[31m"),
    "fence left open": lambda one: Reply(good_chunk(one) + "\n\n```python\nprint(1)"),
}


@dataclass
class Faulty:
    """A script that plays ``troubles`` in this share of the requests; else ``good``.

    ``played`` counts what was played, ``chunks_only`` spares questions for JSON.
    """

    seed: int
    rate: float
    troubles: Mapping[str, Trouble]
    good: Callable[[Incoming], Reaction] = good_writer
    chunks_only: bool = False
    played: Counter[str] = field(default_factory=Counter)

    def __call__(self, incoming: Incoming) -> Reaction:
        draw = random.Random(f"{self.seed} {incoming.attempt} {incoming.key}")
        if (self.chunks_only and incoming.task != "chunk") or draw.random() >= self.rate:
            return self.good(incoming)
        name = draw.choice(sorted(self.troubles))
        self.played[name] += 1
        return self.troubles[name](incoming)

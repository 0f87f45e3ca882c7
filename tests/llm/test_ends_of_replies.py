"""Why a reply ends: broken off it is none, filtered it is a refusal; and how streams are read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import LLMError
from pipeline.llm.reply_store import read_all
from pipeline.llm.spending.ledger import charges
from pipeline.llm.structured import ReplyModel, ask_json
from pipeline.llm.transport import RefusedError
from tests.llm.asking import SAID, asked, client, first, question
from tests.servers.chat import ChatServer, Raw, Refuse, Reply
from tests.servers.faulty import choices, ok

HALF = {"content": "Bytes are"}
FAILED = {"message": "Provider disconnected", "code": 502}


def stream(*events: object, start: str = "") -> Raw:
    lines = "".join(f"data: {json.dumps(one, ensure_ascii=False)}\n\n" for one in events)
    return ok(f"{start}{lines}data: [DONE]\n\n".encode(), "text/event-stream")


def delta(text: str, **more: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": {"content": text}, **more}]}


BROKEN_OFF = {
    "router": choices({"message": HALF, "finish_reason": "error", "error": FAILED}),
    "router, in small": choices({"message": HALF, "finish_reason": "error"}),
    "no reason": choices({"message": HALF, "finish_reason": None}, error=FAILED),
    "DeepSeek": choices({"message": HALF, "finish_reason": "insufficient_system_resource"}),
    "Zhipu": choices({"message": HALF, "finish_reason": "network_error"}),
    "vLLM": choices({"message": HALF, "finish_reason": "abort"}),
    "stream": stream(delta("Bytes are"), {**delta("", finish_reason="error"), "error": FAILED}),
}


@pytest.mark.parametrize("name", BROKEN_OFF)
def test_the_beginning_of_a_reply_is_none(name: str, tmp_path: Path) -> None:
    reply, server = asked(first(BROKEN_OFF[name]), tmp_path)
    assert (reply, len(server.requests)) == (SAID, 2)
    assert [record.answer.text for record in read_all(tmp_path)] == [SAID]
    assert len(charges(tmp_path)) == 2  # the half was written, and may have been paid for


@pytest.mark.parametrize(
    "reason",
    [
        *("content_filter", "content_filter: RECITATION", "SAFETY", "PROHIBITED_CONTENT"),
        *("refusal", "sensitive", "guardrail_intervened"),
    ],
)
def test_a_filter_of_any_name_is_a_refusal(reason: str, tmp_path: Path) -> None:
    filtered = choices({"message": HALF, "finish_reason": reason})
    with pytest.raises(RefusedError, match="section 2, part 1, draft: scripted refused"):
        asked(lambda incoming: filtered, tmp_path)
    assert read_all(tmp_path) == []


@pytest.mark.parametrize("reason", ["stop", "STOP", "eos", "end_turn", "stop_sequence", None, 1])
def test_every_other_end_is_one(reason: object, tmp_path: Path) -> None:
    whole = choices({"message": {"content": SAID}, "finish_reason": reason})
    reply, server = asked(lambda incoming: whole, tmp_path)
    assert (reply, len(server.requests)) == (SAID, 1)


@pytest.mark.parametrize("reason", ["length", "max_tokens", "MAX_TOKENS", "max_output_tokens"])
def test_a_reply_that_is_too_long_is_continued(reason: str, tmp_path: Path) -> None:
    cut = choices({"message": {"content": "Bytes are "}, "finish_reason": reason})
    reply, server = asked(first(cut, Reply("numbers. [[s0001]]")), tmp_path)
    assert (reply, len(server.requests)) == (SAID, 2)


def test_a_stream_is_divided_at_its_own_line_ends_alone(tmp_path: Path) -> None:
    text = "A line\u2028and\u0085a\u2029page. [[s0001]]"
    script = first(stream(delta(text), delta("", finish_reason="stop"), start="\ufeff"))
    reply, server = asked(script, tmp_path)
    assert (reply, len(server.requests)) == (text, 1)


def test_a_call_of_a_tool_that_holds_the_wanted_json_is_read(tmp_path: Path) -> None:
    class Plan(ReplyModel):
        title: str

    said = '<tool_call>\n{"name": "Plan", "arguments": {"title": "Bytes"}}\n</tool_call>'

    async def ask(server: ChatServer) -> Plan:
        async with client(server, tmp_path) as some:
            return await ask_json(some, question(), Plan, attempts=1)

    import asyncio

    with ChatServer(lambda incoming: Reply(said)) as server:
        assert asyncio.run(ask(server)) == Plan(title="Bytes")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("maximum context length is 4096 tokens", r"set llm\.context_tokens"),
        ({"detail": "no such quantization"}, "no such quantization"),
    ],
)
def test_what_the_server_behind_a_router_says_counts(
    raw: object, said: str, tmp_path: Path
) -> None:
    error = {"message": "Provider returned error", "code": 400, "metadata": {"raw": raw}}
    body = json.dumps({"error": error}).encode()
    head = f"HTTP/1.1 400 Bad Request\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    with pytest.raises(LLMError, match=said):
        asked(lambda incoming: Raw(lambda: [head.encode() + body]), tmp_path)


def test_a_server_that_only_streams_may_say_so_in_chinese(tmp_path: Path) -> None:
    script = lambda incoming: (  # noqa: E731
        stream(delta(SAID, finish_reason="stop"))
        if incoming.body.get("stream")
        else Refuse(400, "该模型仅支持流式输出")
    )
    assert asked(script, tmp_path)[0] == SAID


@pytest.mark.parametrize(
    "said", ["Content Exists Risk", "输入可能包含敏感内容", "PROHIBITED_CONTENT"]
)
def test_a_filter_of_the_question_is_the_refusal_of_that_part(said: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"^section 2, part 1, draft: scripted refused"):
        asked(lambda incoming: Refuse(400, said), tmp_path)

"""Models and servers as they really are: each variant once, over HTTP, from a scripted server."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from pipeline.errors import BudgetError, LLMError
from pipeline.llm.chat import ModelRequest, system, user
from pipeline.llm.client import Client
from pipeline.llm.reply_store import read_all
from pipeline.llm.reply_text import unframed, without_thoughts
from pipeline.llm.structured import ReplyModel, ask_json, parse
from pipeline.llm.transport import EmptyReplyError, RefusedError
from pipeline.settings.llm import LLMSettings
from tests.llm.remembering_progress import Heard
from tests.servers.chat import ChatServer, Incoming, Reaction, Refuse, Reply, Script
from tests.servers.faulty import choices, ok

SAID = "Bytes are numbers. [[s0001]]"
PLAN = "I could write: Bytes rule. [[s0002]]"


class Plan(ReplyModel):
    title: str
    parts: tuple[str, ...] = ()


def client(server: ChatServer, folder: Path, heard: Heard | None = None, **llm: object) -> Client:
    settings = LLMSettings.model_validate(
        {"base_url": server.base_url, "model": "scripted", "backoff_s": 0.01, **llm}
    )
    return Client(settings, folder, heard or Heard())


def question(text: str = "What is a byte?") -> ModelRequest:
    return ModelRequest("section 2, part 1, draft", (system("be brief"), user(text)), 100)


def asked(script: Script, folder: Path, **llm: object) -> tuple[str, ChatServer]:
    """The client's reply, and the server to look at."""
    with ChatServer(script) as server:
        return client(server, folder, None, **llm).ask_all([question()])[0], server


def first(reaction: Reaction, then: Reaction | None = None) -> Script:
    """``reaction`` to the first request, a good reply to the others."""
    return lambda incoming: reaction if incoming.number == 1 else (then or Reply(SAID))


THOUGHTS = {
    "tags": f"<think>{PLAN}</think>\n\n{SAID}",
    "thinking": f"<thinking>\n{PLAN}\n</thinking>{SAID}",
    "thought": f"<thought>{PLAN}</thought>{SAID}",
    "upper case": f"<THINK>{PLAN}</THINK>{SAID}",
    "vendor's prefix": f"<seed:think>{PLAN}</seed:think>{SAID}",
    "end alone": f"{PLAN}\n</think>\n\n{SAID}",
    "end alone, same line": f"{PLAN}</think>{SAID}",
    "two": f"<think>{PLAN}</think><think>more</think>{SAID}",
    "nested": f"<think>a <think>b</think> {PLAN}</think>{SAID}",
    "speaks of tags": f"<think>I shall not write <think> here. {PLAN}</think>{SAID}",
    "brackets": f"[THINK]{PLAN}[/THINK]{SAID}",
    "triangles": f"◁think▷{PLAN}◁/think▷{SAID}",
    "control words": f"<|START_THINKING|>{PLAN}<|END_THINKING|><|START_RESPONSE|>{SAID}"
    "<|END_RESPONSE|>",
    "answer tags": f"<think>{PLAN}</think>\n<answer>{SAID}</answer>",
    "harmony": f"<|channel|>analysis<|message|>{PLAN}<|end|><|start|>assistant"
    f"<|channel|>final<|message|>{SAID}<|return|>",
    "harmony without marks": f"analysisThe user wants {PLAN}assistantfinal{SAID}",
    "open fence inside": f"<think>\n```python\nx = 1\n</think>\n{SAID}",
    "end of turn": f"{SAID}<|im_end|>",
}


@pytest.mark.parametrize("name", THOUGHTS)
def test_thoughts_are_removed_in_every_spelling(name: str, tmp_path: Path) -> None:
    assert asked(lambda incoming: Reply(THOUGHTS[name]), tmp_path)[0] == SAID


def test_a_thought_further_on_is_removed_too(tmp_path: Path) -> None:
    text = f"{SAID}\n\n<think>\nDone?\n</think>\n\nSo are words. [[s0003]]"
    reply, _ = asked(lambda incoming: Reply(text), tmp_path)
    assert reply == f"{SAID}\n\nSo are words. [[s0003]]"


@pytest.mark.parametrize(
    "text",
    [
        "The token `</think>` ends a thought. [[s0001]]",
        "The model then writes </think> and its answer. [[s0001]]",
        "It looks so: [[s0001]]\n\n```text\n<think>\nHm.\n</think>\nYes.\n```",
        "We say `<think>` to it. [[s0001]]\n\n~~~\n</think>\n~~~",
    ],
)
def test_a_lecture_on_thoughts_keeps_its_marks(text: str) -> None:
    assert without_thoughts(text) == text


@pytest.mark.parametrize(
    "parts",
    [
        [{"type": "thinking", "thinking": [{"text": PLAN}]}, {"type": "text", "text": SAID}],
        [{"type": "thinking", "text": PLAN}, {"type": "text", "text": SAID}],
        [{"type": "reasoning", "text": PLAN}, {"type": "output_text", "text": SAID}],
    ],
)
def test_parts_that_are_thoughts_are_no_text(parts: list[object], tmp_path: Path) -> None:
    script = first(choices({"message": {"content": parts}}))
    assert asked(script, tmp_path)[0] == SAID


@pytest.mark.parametrize(
    "text",
    [
        f"```markdown\n{SAID}\n```",
        f"```\n{SAID}\n```",
        f"~~~md\n{SAID}\n~~~",
        f"```markdown\n{SAID}",
        f"Here is the section:\n\n{SAID}",
        f"Here’s the rewritten part:\n\n---\n\n{SAID}\n\n---",
        f"Sure! I have kept to the rules.\n\n{SAID}",
        f"Certainly, here it is:\n\n```markdown\n{SAID}\n```\n\nLet me know if you need changes!",
        f"{SAID}\n\nI hope this helps!",
        f"{SAID}\n\n**Word count:** 612",
        f"Voici la section :\n\n{SAID}\n\nN’hésitez pas à demander.",
        f"以下是该部分：\n\n{SAID}\n\n如需修改，请告诉我。",
    ],
)
def test_wrapping_and_small_talk_are_removed(text: str, tmp_path: Path) -> None:
    assert asked(lambda incoming: Reply(text), tmp_path)[0] == SAID


@pytest.mark.parametrize(
    "text",
    [
        "Here is the section of the file that matters: the header. [[s0001]]\n\nMore. [[s0002]]",
        "```python\nprint(1)\n```",
        "Let me know the bytes, he said. [[s0001]]",
        "We look at the code:\n\n```python\nprint(1)\n```\n\nIt prints. [[s0001]]",
    ],
)
def test_what_only_looks_like_small_talk_stays(text: str) -> None:
    assert unframed(text) == text


NO_REPLY: dict[str, Reaction] = {
    "empty": Reply(""),
    "spaces": Reply(" \n\n "),
    "null": choices({"message": {"content": None}, "finish_reason": "stop"}),
    "reasoning only": choices({"message": {"content": "", "reasoning_content": PLAN}}),
    "thought only": Reply(f"<think>{PLAN}</think>"),
    "thought without end": Reply(f"<think>{PLAN}"),
    "analysis only": Reply(f"<|channel|>analysis<|message|>{PLAN}<|end|>"),
    "tool only": choices(
        {
            "message": {"content": None, "tool_calls": [{"function": {"name": "search"}}]},
            "finish_reason": "tool_calls",
        }
    ),
}
REFUSALS: dict[str, Reaction] = {
    "plain": Reply("I'm sorry, but I can't help with that."),
    "typographic": Reply("I’m sorry, but I can’t assist with that request."),
    "after a thought": Reply(f"<think>{PLAN}</think>I cannot help with that."),
    "German": Reply("Es tut mir leid, dabei kann ich nicht helfen."),
    "French": Reply("Je suis désolé, je ne peux pas vous aider."),
    "Spanish": Reply("Lo siento, pero no puedo ayudar con eso."),
    "Chinese": Reply("很抱歉，我无法满足您的请求。"),
    "Japanese": Reply("申し訳ありませんが、お手伝いできません。"),
    "Russian": Reply("К сожалению, я не могу помочь с этим."),
    "Arabic": Reply("عذرًا، لا أستطيع المساعدة في ذلك."),
    "field": Reply("", refusal="no thanks"),
    "filter": Reply("I was about to", finish="content_filter"),
}


@pytest.mark.parametrize("name", [*NO_REPLY, *REFUSALS])
def test_what_is_no_reply_is_asked_again_and_never_kept(name: str, tmp_path: Path) -> None:
    reaction = {**NO_REPLY, **REFUSALS}[name]
    reply, server = asked(first(reaction), tmp_path)
    assert reply == SAID
    assert len(server.requests) == 2
    assert [record.answer.text for record in read_all(tmp_path)] == [SAID]


@pytest.mark.parametrize("name", [*NO_REPLY, *REFUSALS])
def test_no_reply_at_all_is_an_error_that_names_section_and_model(
    name: str, tmp_path: Path
) -> None:
    reaction = {**NO_REPLY, **REFUSALS}[name]
    kind = EmptyReplyError if name in NO_REPLY else RefusedError
    with pytest.raises(kind, match=r"^section 2, part 1, draft: scripted (replied|refused)"):
        asked(lambda incoming: reaction, tmp_path)
    assert read_all(tmp_path) == []


def test_an_empty_reply_or_a_refusal_that_an_earlier_version_kept_is_asked_for_again(
    tmp_path: Path,
) -> None:
    asked(lambda incoming: Reply(SAID), tmp_path)
    (kept,) = read_all(tmp_path)
    for old in ("", "I’m sorry, I can’t."):
        text = kept.path.read_text()
        head = text[: text.rindex("---\n")].rpartition("checksum")[0]
        kept.path.write_text(f"{head}---\n{old}")
        reply, server = asked(lambda incoming: Reply(SAID), tmp_path)
        assert (reply, len(server.requests)) == (SAID, 1)


def test_a_lecturer_who_is_sorry_is_no_refusal(tmp_path: Path) -> None:
    text = "I'm sorry to say that bytes are numbers. [[s0001]]"
    reply, server = asked(lambda incoming: Reply(text), tmp_path)
    assert (reply, len(server.requests)) == (text, 1)


def test_a_model_that_is_cut_while_it_thinks_gets_room_once_for_all(tmp_path: Path) -> None:
    def script(incoming: Incoming) -> Reaction:
        if incoming.body["max_tokens"] <= 100:
            return Reply("<think>Hm, let me", finish="length")
        return Reply(SAID)

    with ChatServer(script) as server:
        asks = [question("one"), question("two")]
        assert client(server, tmp_path, concurrency=1).ask_all(asks) == [SAID, SAID]
        assert len(server.requests) == 3
        # The next run finds both on disk.
        assert client(server, tmp_path, concurrency=1).ask_all(asks) == [SAID, SAID]
        assert len(server.requests) == 3


NO_SYSTEM: list[Reaction] = [
    Refuse(400, "System role not supported"),
    Refuse(500, "Conversation roles must alternate user/assistant/user/assistant/..."),
    Refuse(422, "messages.0.role: Input should be 'user' or 'assistant'"),
    Refuse(400, "das geht hier nicht"),
    Refuse(400, ""),
    ok(b'{"error": {"message": "Developer instruction is not enabled", "code": 400}}'),
]


@pytest.mark.parametrize("refusal", NO_SYSTEM)
def test_a_server_without_a_system_role_gets_the_rules_with_the_question(
    refusal: Reaction, tmp_path: Path
) -> None:
    def script(incoming: Incoming) -> Reaction:
        has_system = incoming.body["messages"][0]["role"] == "system"
        return refusal if has_system else Reply(SAID)

    with ChatServer(script) as server:
        assert client(server, tmp_path).ask_all([question()]) == [SAID]
        (message,) = server.requests[-1].body["messages"]
        assert message == {"role": "user", "content": "be brief\n\nWhat is a byte?"}
        # It is remembered, and what was paid for is found again.
        before = len(server.requests)
        again = client(server, tmp_path).ask_all([question(), question("And a bit?")])
        assert again == [SAID, SAID]
        assert len(server.requests) == before + 1


def test_a_server_that_fails_at_rules_without_a_word_is_tried_without(tmp_path: Path) -> None:
    def script(incoming: Incoming) -> Reaction:
        has_system = incoming.body["messages"][0]["role"] == "system"
        return Refuse(500, "") if has_system else Reply(SAID)

    assert asked(script, tmp_path, retries=1)[0] == SAID


def test_a_server_that_took_rules_before_is_not_asked_without(tmp_path: Path) -> None:
    def script(incoming: Incoming) -> Reaction:
        return Reply(SAID) if incoming.number == 1 else Refuse(400, "bad request")

    with ChatServer(script) as server:
        with pytest.raises(LLMError, match="answered 400"):
            client(server, tmp_path, concurrency=1).ask_all([question("one"), question("two")])
        assert len(server.requests) == 2


def events(*pieces: str, usage: bool = True, done: bool = True) -> bytes:
    """An event stream as OpenAI's servers send it."""
    sent: list[object] = [{"choices": [{"index": 0, "delta": {"role": "assistant"}}]}]
    sent += [{"choices": [{"index": 0, "delta": {"content": piece}}]} for piece in pieces]
    if done:
        sent.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    if usage:
        counted = {"prompt_tokens": 31, "completion_tokens": 17}
        sent.append({"choices": [], "usage": counted})
    lines = [": keep-alive\n\n", *(f"data: {json.dumps(one)}\n\n" for one in sent)]
    return "".join([*lines, "data: [DONE]\n\n"] if done else lines).encode()


def test_an_event_stream_to_a_plain_request_is_read(tmp_path: Path) -> None:
    script = first(ok(events("Bytes are ", "numbers. [[s0001]]"), "text/event-stream"))
    assert asked(script, tmp_path)[0] == SAID
    (kept,) = read_all(tmp_path)
    assert (kept.answer.tokens.sent, kept.answer.tokens.received) == (31, 17)


def test_a_stream_that_breaks_off_is_no_reply(tmp_path: Path) -> None:
    cut = ok(events("Bytes are ", usage=False, done=False), "text/event-stream")
    reply, server = asked(first(cut), tmp_path)
    assert (reply, len(server.requests)) == (SAID, 2)


@pytest.mark.parametrize("takes_options", [True, False])
def test_a_server_that_only_streams_is_asked_for_a_stream(
    takes_options: bool, tmp_path: Path
) -> None:
    def script(incoming: Incoming) -> Reaction:
        if not incoming.body.get("stream"):
            return Refuse(400, "Only stream=true is supported by this model")
        if "stream_options" in incoming.body and not takes_options:
            return Refuse(400, "Unrecognized request argument supplied: stream_options")
        return ok(events(SAID, usage=takes_options), "text/event-stream")

    with ChatServer(script) as server:
        assert client(server, tmp_path).ask_all([question()]) == [SAID]
        before = len(server.requests)
        assert client(server, tmp_path).ask_all([question()]) == [SAID]
        assert len(server.requests) == before


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": 0, "completion_tokens": 0}])
def test_limits_hold_for_a_server_that_does_not_count(usage: object, tmp_path: Path) -> None:
    reply = choices({"message": {"content": SAID}, "finish_reason": "stop"}, usage=usage)
    with ChatServer(lambda incoming: reply) as server:
        some = client(server, tmp_path, max_tokens=400, concurrency=1)
        with pytest.raises(BudgetError):
            some.ask_all([question(str(n)) for n in range(9)])
        assert len(server.requests) == 3  # of about 110 tokens each at most, no account of them
        assert some.usage.input_tokens > 0 and some.usage.output_tokens > 0


def test_thinking_that_is_counted_in_the_total_only_counts(tmp_path: Path) -> None:
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 95}
    asked(lambda incoming: choices({"message": {"content": SAID}}, usage=usage), tmp_path)
    assert read_all(tmp_path)[0].answer.tokens.received == 85


CONTEXT = "This model's maximum context length is 4096 tokens, you requested 9000 tokens"


@pytest.mark.parametrize(
    "reaction",
    [
        Refuse(400, CONTEXT),
        Refuse(500, "the request exceeds the available context size, try increasing it"),
        Refuse(413, "prompt is too long: 210000 tokens > 200000 maximum"),
        Refuse(500, "Input validation error: `inputs` tokens exceeds the maximum input length"),
        ok(json.dumps({"error": {"message": CONTEXT, "code": 400}}).encode()),
        ok(json.dumps({"error": "context length exceeded"}).encode()),
        choices(
            {"message": {"content": ""}, "finish_reason": "error", "error": {"message": CONTEXT}}
        ),
    ],
)
def test_a_question_that_does_not_fit_fails_at_once_with_the_right_hint(
    reaction: Reaction, tmp_path: Path
) -> None:
    with ChatServer(lambda incoming: reaction) as server:
        with pytest.raises(LLMError, match=r"set llm\.context_tokens to the server's context"):
            client(server, tmp_path).ask_all([question()])
        assert len(server.requests) == 1


def test_a_question_that_a_filter_stops_is_the_refusal_of_that_part(tmp_path: Path) -> None:
    refusal = Refuse(400, "The prompt triggered our content management policy")
    with pytest.raises(RefusedError, match=r"^section 2, part 1, draft: scripted refused"):
        asked(lambda incoming: refusal, tmp_path)


INNER = '{"title": "Bytes", "parts": ["a // b", "c"]}'


@pytest.mark.parametrize(
    "text",
    [
        INNER,
        f'{{"Result": {INNER}}}',
        f'{{"data": {{"plan": {INNER}}}}}',
        f"[{INNER}]",
        json.dumps(INNER),
        json.dumps({"response": INNER}),
        f"```json\n{INNER}\n```",
        f"Sure!\n\n```json\n[{INNER}]\n```\nLet me know.",
        f'<think>{{"title": "A draft", "parts": []}}</think>{INNER}',
        '{"title": "Bytes", // the name\n "parts": ["a // b", /* two */ "c",],}',
    ],
)
def test_json_is_found_in_every_wrapping(text: str, tmp_path: Path) -> None:
    wanted = Plan(title="Bytes", parts=("a // b", "c"))
    assert parse(without_thoughts(text), Plan) == wanted
    with ChatServer(lambda incoming: Reply(text)) as server:
        some = client(server, tmp_path)

        async def ask() -> Plan:
            async with some:
                return await ask_json(some, question(), Plan, attempts=1)

        assert asyncio.run(ask()) == wanted

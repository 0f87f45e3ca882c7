"""Models and servers as they really are: each variant once, over HTTP, from a scripted server."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from pipeline.errors import BudgetError, LLMError
from pipeline.llm.reply_store import read_all
from pipeline.llm.transport import EmptyReplyError, RefusedError
from pipeline.settings.llm import Price
from tests.llm.asking import PLAN, SAID, asked, client, first, question
from tests.servers.chat import ChatServer, Incoming, Reaction, Refuse, Reply
from tests.servers.faulty import choices, ok, raw

NO_REPLY: dict[str, Reaction] = {
    "empty": Reply(""),
    "spaces": Reply(" \n\n "),
    "null": choices({"message": {"content": None}, "finish_reason": "stop"}),
    "reasoning only": choices({"message": {"content": "", "reasoning_content": PLAN}}),
    "thought only": Reply(f"<think>{PLAN}</think>"),
    "thought without end": Reply(f"<think>{PLAN}"),
    "analysis only": Reply(f"<|channel|>analysis<|message|>{PLAN}<|end|>"),
    "reasoning of another name": choices({"message": {"content": None, "reasoning": PLAN}}),
    "part of reasoning": choices(
        {"message": {"content": [{"type": "thinking", "thinking": PLAN}]}}
    ),
    "end mark": Reply("<|im_end|>"),
    "no letter": Reply("..."),
    "nothing to be seen": Reply("\u200b\u200b"),
    "empty fence": Reply("```markdown\n```"),
    "small talk": Reply("Here is the section:"),
    **{
        f"call as text, {text[:12]}": Reply(text)
        for text in (
            '<tool_call>\n{"name": "search", "arguments": {"q": "bytes"}}\n</tool_call>',
            "<tool_call>\n<function=search>\n<parameter=q>\nbytes\n</parameter>\n</function>",
            '[TOOL_CALLS][{"name": "search", "arguments": {}}]',
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>search",
            "<|tool_calls_section_begin|><|tool_call_begin|>functions.search:0",
            '```tool_code\nsearch(q="bytes")\n```',
            '{"name": "search", "parameters": {"q": "bytes"}}',
        )
    },
    "tool only": choices(
        {
            "message": {"content": None, "tool_calls": [{"function": {"name": "search"}}]},
            "finish_reason": "tool_calls",
        }
    ),
}
REFUSED_IN_WORDS = (
    "Es tut mir leid, dabei kann ich nicht helfen.",
    "Als KI-Sprachmodell kann ich das nicht.",
    "Ich bin leider nicht in der Lage, das zu tun.",
    "Das kann ich leider nicht.",
    "Je suis désolé, je ne peux pas vous aider.",
    "Il m'est impossible de répondre.",
    "No estoy en condiciones de ayudar.",
    "Não consigo ajudar com isso.",
    "Nie jestem w stanie pomóc.",
    "Nemohu s tím pomoci.",
    "Nem tudok ebben segíteni.",
    "Не могу помочь с этим.",
    "Δεν μπορώ να βοηθήσω.",
    "לא יכול לעזור.",
    "无法提供该内容。",
    "该请求违反了政策。",
    "この依頼にはお応えできません。",
    "도와드릴 수 없습니다.",
    "ฉันไม่สามารถช่วยเรื่องนี้ได้",
    "मैं इसमें सहायता नहीं कर सकता।",
    "En tant que modèle de langage, je ne peux pas.",
    "Lo siento, pero no puedo ayudar con eso.",
    "Desculpe, mas não posso ajudar com isso.",
    "Mi dispiace, non posso aiutarti.",
    "Het spijt me, daar kan ik niet bij helpen.",
    "Tyvärr kan jag inte hjälpa till med det.",
    "Przykro mi, nie mogę w tym pomóc.",
    "Bohužel s tím nemohu pomoci.",
    "К сожалению, я не могу помочь с этим.",
    "Üzgünüm, bu konuda yardımcı olamam.",
    "Λυπάμαι, δεν μπορώ να βοηθήσω.",
    "عذرًا، لا أستطيع المساعدة في ذلك.",
    "לצערי, לא אוכל לעזור.",
    "很抱歉，我无法满足您的请求。",
    "作为一个AI语言模型，我无法回答。",
    "申し訳ありませんが、お手伝いできません。",
    "죄송하지만 도와드릴 수 없습니다.",
    "Xin lỗi, tôi không thể giúp.",
    "Maaf, saya tidak bisa membantu.",
    "ขออภัย ฉันช่วยเรื่องนี้ไม่ได้",
    "क्षमा करें, मैं इसमें मदद नहीं कर सकता।",
    "Leider ist mir das nicht möglich.",
    "Lamentablemente, no puedo hacerlo.",
    "Jag är ledsen, men jag kan inte hjälpa dig.",
    "Jeg beklager, men jeg kan ikke hjelpe.",
    "Olen pahoillani, en voi auttaa.",
    "Em sap greu, però no puc ajudar.",
    "Prepáčte, ale s tým nemôžem pomôcť.",
    "Oprostite, vendar ne morem pomagati.",
    "Atsiprašau, bet negaliu padėti.",
    "Atvainojiet, bet es nevaru palīdzēt.",
    "Vabandust, aga ma ei saa aidata.",
)
REFUSALS: dict[str, Reaction] = {
    "plain": Reply("I'm sorry, but I can't help with that."),
    "typographic": Reply("I’m sorry, but I can’t assist with that request."),
    "after a thought": Reply(f"<think>{PLAN}</think>I cannot help with that."),
    "after a greeting": Reply("Thank you for your request, but I can't help with that."),
    "declined": Reply("I must respectfully decline."),
    "will decline": Reply("I'm going to have to decline this."),
    "does not think so": Reply("Hmm, I don't think I can help with that."),
    "by its policy": Reply("Given the content policy, I cannot."),
    "flagged": Reply("Your request was flagged."),
    "blocked": Reply("[Content blocked]"),
    "as an AI": Reply("As an AI language model, I cannot write this."),
    **{text: Reply(text) for text in REFUSED_IN_WORDS},
    "needs to decline": Reply("I need to decline this request."),
    "guidelines": Reply("My guidelines don’t allow me to write this."),
    "in a fence": Reply("```markdown\nI’m sorry, I can’t help with that.\n```"),
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


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry to say that bytes are numbers. [[s0001]]",
        "You cannot create a file without permission.",
        "The response is blocked by the browser.",
        "We can't do this in O(n).",
        "If I can't find a pair, I continue.",
        "I think I can write it in one line.",
    ],
)
def test_a_lecturer_who_cannot_do_something_is_no_refusal(text: str, tmp_path: Path) -> None:
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


@pytest.mark.parametrize("said", ["", "das geht hier nicht", "Internal Server Error"])
def test_a_server_that_fails_at_rules_in_any_words_is_tried_without(
    said: str, tmp_path: Path
) -> None:
    def script(incoming: Incoming) -> Reaction:
        has_system = incoming.body["messages"][0]["role"] == "system"
        return Refuse(500, said) if has_system else Reply(SAID)

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


def test_thoughts_in_a_stream_are_no_text(tmp_path: Path) -> None:
    thought = [{"type": "thinking", "thinking": [{"type": "text", "text": PLAN}]}]
    deltas = [
        {"reasoning_content": PLAN},
        {"content": thought},
        {"content": [{"type": "text", "text": "Bytes are "}]},
        {"content": "numbers. [[s0001]]"},
    ]
    lines = [{"choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    body = "".join(f"data: {json.dumps(line)}\r\n\r\n" for line in lines) + "data: [DONE]\r\n\r\n"
    assert asked(first(ok(body.encode(), "text/event-stream")), tmp_path)[0] == SAID


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
        prices = {"scripted": Price(input=0, output=0, longest_reply=1)}
        some = client(server, tmp_path, max_tokens=400, concurrency=1, prices=prices)
        with pytest.raises(BudgetError):
            some.ask_all([question(str(n)) for n in range(9)])
        assert len(server.requests) == 2  # of 100 tokens each, and at most one for each letter
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
        Refuse(400, "Requested tokens (9000) exceed context window of 4096"),
        Refuse(400, "max_tokens must be at least 1, got -4000"),
        Refuse(400, "This model's maximum prompt length is 8192 but it has 9000 tokens"),
        Refuse(422, "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000"),
        Refuse(400, "Exceeded max seq len"),
        Refuse(400, "输入长度超过最大限制"),
        Refuse(400, "Range of input length should be [1, 30720]"),
        Refuse(400, "Input tokens exceed the configured limit of 272000 tokens"),
        Refuse(500, "input is too large to process. increase the physical batch size"),
        Refuse(400, "Your request exceeded model token limit: 8192"),
        Refuse(500, "Input validation error: `inputs` tokens exceeds the maximum input length"),
        Refuse(500, "could not find a KV slot for the batch (try reducing the batch size)"),
        Refuse(400, "The total number of tokens (9000) exceeds the limit of 8192"),
        Refuse(400, "Error: max tokens limit exceeded"),
        Refuse(400, "This model supports at most 4096 tokens"),
        Refuse(400, "Sequence length 9000 exceeds limit"),
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


def test_a_rate_limit_in_tokens_is_waited_for(tmp_path: Path) -> None:
    limit = Refuse(429, "Rate limit reached: too many tokens per minute")
    reply, server = asked(first(limit), tmp_path)
    assert (reply, len(server.requests)) == (SAID, 2)


def test_a_question_that_a_filter_stops_is_the_refusal_of_that_part(tmp_path: Path) -> None:
    refusal = Refuse(400, "The prompt triggered our content management policy")
    with pytest.raises(RefusedError, match=r"^section 2, part 1, draft: scripted refused"):
        asked(lambda incoming: refusal, tmp_path)


WHOLE = "Bytes are numbers. [[s0001]]\n\nA byte has eight bits. [[s0002]]"


@pytest.mark.parametrize("at", [WHOLE.index(" "), WHOLE.index(" ") + 1, WHOLE.index("\n"),
                                WHOLE.index("\n") + 1, WHOLE.index("\n") + 2, 3])  # fmt: skip
def test_a_cut_keeps_the_space_or_the_paragraph_break_that_it_falls_on(
    at: int, tmp_path: Path
) -> None:
    def script(incoming: Incoming) -> Reaction:
        if incoming.number == 1:
            return Reply(WHOLE[:at], finish="length")
        return Reply(WHOLE[at:])

    assert asked(script, tmp_path)[0] == WHOLE


@pytest.mark.parametrize(("coding", "times"), [("gzip", 1), ("gzip, gzip", 2)])
def test_a_reply_that_is_packed_twice_is_none(coding: str, times: int, tmp_path: Path) -> None:
    body = json.dumps({"choices": [{"message": {"content": SAID}, "finish_reason": "stop"}]})
    data = body.encode()
    for _ in range(times):
        data = gzip.compress(data)
    packed = raw(f"HTTP/1.1 200 OK\nContent-Encoding: {coding}\nContent-Length: {len(data)}", data)
    said, server = asked(first(packed), tmp_path)
    assert (said, len(server.requests)) == (SAID, times)

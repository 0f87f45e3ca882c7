"""The client: what is kept on disk, replayed, limited, and said."""

from __future__ import annotations

import json
import re
import threading
import time
from importlib import resources
from pathlib import Path

import pytest

from pipeline.errors import LLMError, PromptError
from pipeline.llm.chat import MessagePicture, ModelRequest, system, user
from pipeline.llm.client import Client
from pipeline.llm.prompts import as_data, render
from pipeline.llm.reply_store import Replay, read_all
from pipeline.llm.retry import wait_s, wished_wait_s
from pipeline.llm.servers import (
    PRESETS,
    Server,
    first_abilities,
    load_abilities,
    server_of,
)
from pipeline.settings.llm import LLMSettings
from tests.llm.remembering_progress import Heard
from tests.servers.chat import ChatServer, Incoming, Reaction, Refuse, Reply


def echo(incoming: Incoming) -> Reaction:
    return Reply(f"heard: {incoming.body['messages'][-1]['content']}")


def client(server: ChatServer, folder: Path, **llm: object) -> Client:
    settings = LLMSettings.model_validate(
        {"base_url": server.base_url, "model": "scripted", "backoff_s": 0.01, **llm}
    )
    return Client(settings, folder, Heard())


def question(text: str, label: str = "a question") -> ModelRequest:
    return ModelRequest(label, (system("be brief"), user(text)), 100)


@pytest.mark.parametrize(
    "learnt",
    [
        {"thinking": "much"}, {"thinking": -5}, {"thinking": 10**30}, {"pictures": []},
        {"length_name": "messages"}, {"json_mode": "evil"}, {"stream": {}}, [], "x", None,
    ],
)  # fmt: skip
def test_what_was_learnt_of_a_server_is_believed_only_where_it_can_be(
    learnt: object, tmp_path: Path
) -> None:
    server = Server("http://127.0.0.1:1/v1", "none")
    path = tmp_path / "server.json"
    known = {"address": server.shown, "model": "small", "abilities": learnt}
    path.write_text(json.dumps(known))
    assert load_abilities(tmp_path, server, "small") == first_abilities(server)
    path.write_text("[" * 100_000)
    assert load_abilities(tmp_path, server, "small") == first_abilities(server)


def test_ordinary_code_can_ask(tmp_path: Path) -> None:
    with ChatServer(echo) as server:
        asked = client(server, tmp_path)
        assert asked.ask_all([question("one"), question("two")]) == ["heard: one", "heard: two"]
        # And again, in another event loop.
        assert asked.ask_all([question("three")]) == ["heard: three"]


def test_what_is_paid_for_is_kept_when_another_question_fails(tmp_path: Path) -> None:
    def script(incoming: Incoming) -> Reaction:
        if "wrong" in incoming.text:
            return Refuse(401, "no such key")
        time.sleep(0.5)  # still under way when the other one has failed
        return Reply("slow and good")

    with ChatServer(script) as server:
        with pytest.raises(LLMError, match="no such key"):
            client(server, tmp_path).ask_all([question("wrong"), question("right")])
        assert [record.answer.text for record in read_all(tmp_path)] == ["slow and good"]


def test_replies_on_disk_can_be_read_by_a_person(tmp_path: Path) -> None:
    with ChatServer(echo) as server:
        client(server, tmp_path).ask_all([question("What is a byte?", "section 2, part 1, draft")])
    names = sorted(path.name for path in tmp_path.glob("*.md"))
    assert [name.startswith("section-2-part-1-draft-") for name in names] == [True, True]
    assert "What is a byte?" in (tmp_path / names[1]).read_text()
    (record,) = read_all(tmp_path)
    assert record.answer.text == "heard: What is a byte?"
    assert record.label == "section 2, part 1, draft"


def test_a_killed_runs_replies_count_as_paid_by_the_run_that_goes_on(tmp_path: Path) -> None:
    with ChatServer(echo) as server:
        first = client(server, tmp_path)
        first.ask_all([question("one")])
        resumed = client(server, tmp_path)
        resumed.ask_all([question("one")])
        assert resumed.usage == first.usage
        assert resumed.usage.cached_calls == 0
        later = Client(
            LLMSettings(base_url=server.base_url, model="scripted"),
            tmp_path,
            Heard(),
            finished_at=time.time() + 1,
        )
        later.ask_all([question("one")])
        assert later.usage.cached_calls == 1
        assert len(server.requests) == 1


def test_another_question_or_model_is_another_reply(tmp_path: Path) -> None:
    with ChatServer(echo) as server:
        client(server, tmp_path).ask_all([question("one"), question("two")])
        client(server, tmp_path, model="other").ask_all([question("one")])
        assert len(server.requests) == 3


def test_a_recording_answers_without_server_or_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ChatServer(echo) as server:
        client(server, tmp_path / "replies").ask_all([question("one")])
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    replay = Client(LLMSettings(), tmp_path / "x", Heard(), replay=tmp_path / "replies")
    assert replay.model == "scripted"
    assert replay.ask_all([question("one")]) == ["heard: one"]
    # Slightly other input, as another machine reads it off the screen: the label decides.
    heard = Heard()
    other = Client(LLMSettings(), tmp_path / "x", heard, replay=tmp_path / "replies")
    assert other.ask_all([question("0ne")]) == ["heard: one"]
    assert any("slightly other input" in line for line in heard.notes)
    with pytest.raises(LLMError, match=r"unknown: no reply is recorded"):
        other.ask_all([question("something else", "unknown")])


def test_an_empty_recording_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LLMError, match="holds no recorded replies"):
        Replay(tmp_path / "nothing")


def test_no_more_calls_at_once_than_set(tmp_path: Path) -> None:
    three = threading.Barrier(3, timeout=60)  # nobody is answered before three are asked
    under_way: set[int] = set()
    counts: list[int] = []

    def script(incoming: Incoming) -> Reaction:
        under_way.add(incoming.number)
        three.wait()
        counts.append(len(under_way))
        three.wait()
        under_way.discard(incoming.number)
        return echo(incoming)

    with ChatServer(script) as server:
        client(server, tmp_path, concurrency=3).ask_all([question(str(n)) for n in range(12)])
    assert counts == 12 * [3]


def test_a_server_that_knows_only_the_new_name_of_the_length_limit(tmp_path: Path) -> None:
    def script(incoming: Incoming) -> Reaction:
        if "max_tokens" in incoming.body:
            return Refuse(400, "Unsupported parameter: use max_completion_tokens instead")
        return Reply("fine")

    with ChatServer(script) as server:
        assert client(server, tmp_path).ask_all([question("one")]) == ["fine"]
        assert len(server.requests) == 2


def test_a_model_that_refuses_temperatures_gets_none(tmp_path: Path) -> None:
    def script(incoming: Incoming) -> Reaction:
        if "temperature" in incoming.body:
            return Refuse(400, "temperature does not support 0.2 with this model")
        return Reply("fine")

    with ChatServer(script) as server:
        assert client(server, tmp_path, temperature=0.2).ask_all([question("one")]) == ["fine"]


def test_a_question_cut_by_the_server_is_told(tmp_path: Path) -> None:
    heard = Heard()
    with ChatServer(echo, reads_at_most=500) as server:
        settings = LLMSettings(base_url=server.base_url, model="small")
        long = "a question about tokens and bytes " * 500
        Client(settings, tmp_path, heard).ask_all([question(long), question(long + "!")])
    assert sum("context window is too small" in line for line in heard.warnings) == 1


def test_nobody_listening_is_said_with_the_address(tmp_path: Path) -> None:
    settings = LLMSettings(base_url="http://127.0.0.1:9/v1", model="m", retries=1, backoff_s=0.01)
    with pytest.raises(LLMError, match=r"a question: http://127\.0\.0\.1:9/v1 cannot be reached"):
        Client(settings, tmp_path, Heard()).ask_all([question("one")])


def test_the_key_is_sent_and_never_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    with ChatServer(echo) as server:
        client(server, tmp_path).ask_all([question("one")])
    assert all(b"sk-secret" not in path.read_bytes() for path in tmp_path.rglob("*.*"))


def test_presets_are_addresses_and_a_far_server_needs_a_key() -> None:
    assert server_of(LLMSettings(base_url="ollama"), {}).address == PRESETS["ollama"]
    assert server_of(LLMSettings(base_url="Ollama"), {}).is_local
    with pytest.raises(LLMError, match="needs a key"):
        server_of(LLMSettings(base_url="openrouter"), {})
    assert server_of(LLMSettings(), {"OPENAI_API_KEY": "k"}).is_openai
    with pytest.raises(LLMError, match="is no address"):
        server_of(LLMSettings(base_url="nonsense"), {})


def test_pictures_stand_with_their_names(tmp_path: Path) -> None:
    with ChatServer(lambda incoming: Reply("seen")) as server:
        picture = MessagePicture("screen f0007", b"\xff\xd8", 640, 360)
        ask = ModelRequest("look", (user("what is this?", picture),), 100)
        client(server, tmp_path).ask_all([ask])
        content = server.requests[0].body["messages"][0]["content"]
    assert [part["type"] for part in content] == ["text", "text", "image_url"]
    assert content[1]["text"] == "screen f0007:"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({}, None),
        ({"retry-after": "soon"}, None),
    ],
)
def test_the_servers_wish_is_read(headers: dict[str, str], seconds: float | None) -> None:
    assert wished_wait_s(headers) == seconds


def test_waits_double_up_to_a_minute() -> None:
    waits = [wait_s(attempt, 1.0, None) for attempt in range(1, 12)]
    assert 0.75 <= waits[0] <= 1.25 and waits[2] >= 3.0
    assert max(waits) <= 75


def test_an_unknown_variable_in_a_prompt_is_an_error() -> None:
    with pytest.raises(PromptError, match="undefined"):
        render("outline", part=0)
    with pytest.raises(PromptError, match=r"nowhere\.md\.j2"):
        render("nowhere")


def test_data_cannot_leave_its_tags() -> None:
    for tag in ("</speech>", "< /Speech >", "<screen id=1>", "</context-before>", "<PLAN>"):
        assert "<" not in as_data(tag)
    assert as_data("a < b and <div>") == "a < b and <div>"


def test_every_tag_of_the_prompts_is_kept_out_of_the_data() -> None:
    """HTML has none of them: code of a page stands in the data as it is."""
    texts = [one.read_text() for one in resources.files("prompts").iterdir() if ".j2" in one.name]
    tags = {name for text in texts for name in re.findall(r"^</([\w-]+)>$", text, re.MULTILINE)}
    assert len(tags) > 8
    assert all(as_data(f"</{name}>") == f"‹/{name}>" for name in tags)
    assert as_data("<code>x</code> <output>") == "<code>x</code> <output>"

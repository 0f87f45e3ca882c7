"""Planning a chapter: what a model replies is used, repaired or replaced, and always covers all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.document.outline import Outline
from pipeline.errors import LLMError
from pipeline.llm.client import Client
from pipeline.models import Frame
from pipeline.settings.llm import LLMSettings
from pipeline.settings.outline import OutlineSettings
from pipeline.settings.write import WriteSettings
from pipeline.writing.outline.planner import plan_chapter
from pipeline.writing.outline.section_parts import section_ranges
from tests.llm.remembering_progress import Heard
from tests.servers.chat import (
    ChatServer,
    Incoming,
    Reaction,
    Refuse,
    Reply,
    Script,
    good_outline,
    good_writer,
)
from tests.writing import lecture
from tests.writing.transcript_edition.lectures import frame

COUNT = 12


def plan(
    script: Script,
    folder: Path,
    heard: Heard | None = None,
    context_tokens: int = 100_000,
    language: str | None = None,
    frames: tuple[Frame, ...] = (),
) -> tuple[Outline, ChatServer]:
    """The outline of a made-up lecture, checked to cover every segment in order."""
    segments = lecture.segments(COUNT)
    segments = segments.model_copy(update={"frames": (*segments.frames, *frames)})
    link = "https://example.org/paper"
    video = lecture.video(COUNT).model_copy(update={"description": f"Paper: {link}."})
    with ChatServer(script) as server:
        settings = LLMSettings(base_url=server.base_url, model="scripted", backoff_s=0.01)
        client = Client(settings, folder / "replies", heard or Heard())
        outline = plan_chapter(
            client,
            video,
            segments,
            lecture.transcript(COUNT),
            WriteSettings(language=language),
            OutlineSettings(),
            context_tokens,
            heard or Heard(),
        )
    section_ranges(outline, segments)
    return outline, server


def changed(**changes: Any) -> Script:
    """A good plan with fields changed, whatever is said against it."""

    def script(incoming: Incoming) -> Reaction:
        return Reply(json.dumps({**good_outline(incoming), **changes}))

    return script


def test_a_good_plan_is_taken_over(tmp_path: Path) -> None:
    outline, server = plan(good_writer, tmp_path)
    assert (outline.title, outline.edition, outline.model) == ("A chapter", "llm", "scripted")
    assert [section.first_segment for section in outline.sections] == ["s0001", "s0005", "s0009"]
    assert server.tasks() == ["outline"]


def test_addresses_read_surely_are_links_that_a_plan_need_not_name(tmp_path: Path) -> None:
    named, shown = "https://example.org/paper", "https://example.org/slides/7"
    screens = tuple(
        frame(f"f90{n}", n * 9000, n * 9000 + 5000, f"see example.org/paper\n{shown}")
        for n in range(2)
    )
    links = [{"title": "The paper", "url": named}]
    outline, _ = plan(changed(links=links), tmp_path, frames=screens)
    assert [(link.title, link.url) for link in outline.links] == [
        ("The paper", named),
        ("example.org/slides/7", shown),
    ]


def test_a_planner_sees_when_segments_begin_and_how_many_make_a_section(tmp_path: Path) -> None:
    _, server = plan(good_writer, tmp_path)
    request = server.requests[0].body["messages"][1]["content"]
    assert "(0:30) [s0002] " in request
    assert "2 to 6 minutes are about 4 to 12 segments" in request


def test_the_reply_is_asked_for_by_schema(tmp_path: Path) -> None:
    _, server = plan(good_writer, tmp_path)
    form = server.requests[0].body["response_format"]
    assert form["type"] == "json_schema"
    schema = form["json_schema"]["schema"]
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == set(schema["properties"])


@pytest.mark.parametrize(
    ("language", "field", "value"),
    [(None, "meaning", "what is counted"), ("de", "written", "Paar")],
)
def test_a_term_is_asked_for_what_the_rules_explain_and_nothing_else(
    tmp_path: Path, language: str | None, field: str, value: str
) -> None:
    term = {"term": "pair", "heard_as": [], "meaning": "what is counted", "written": "Paar"}
    outline, server = plan(changed(glossary=[term]), tmp_path, language=language)
    rules = server.requests[0].body["messages"][0]["content"]
    schema = json.dumps(server.requests[0].body["response_format"])
    for name in ("meaning", "written"):
        assert (f'"{name}"' in schema) is (f'"{name}"' in rules) is (name == field)
    (known,) = outline.glossary
    assert {known.meaning, known.written} == {value, ""}


@pytest.mark.parametrize(
    "wrapped",
    [
        "```json\n{}\n```",
        "Sure! Here is the plan you asked for:\n\n{}\n\nLet me know if you want changes.",
        "<think>the user wants {{json}}</think>\n{}",
    ],
)
def test_a_fenced_or_chatty_reply_is_understood(tmp_path: Path, wrapped: str) -> None:
    def script(incoming: Incoming) -> Reaction:
        return Reply(wrapped.replace("{}", json.dumps(good_outline(incoming), indent=1)))

    outline, server = plan(script, tmp_path)
    assert len(outline.sections) == 3
    assert len(server.requests) == 1


def test_a_server_without_schemas_gets_the_plain_question(tmp_path: Path) -> None:
    def script(incoming: Incoming) -> Reaction:
        if "response_format" in incoming.body:
            return Refuse(400, "response_format is not supported")
        return good_writer(incoming)

    outline, server = plan(script, tmp_path)
    assert len(outline.sections) == 3
    forms = [one.body.get("response_format", {}).get("type") for one in server.requests]
    assert forms == ["json_schema", "json_object", None]


def test_invalid_json_is_asked_for_again(tmp_path: Path) -> None:
    def script(incoming: Incoming) -> Reaction:
        return good_writer(incoming) if incoming.number > 1 else Reply('{"title": "cut off')

    outline, server = plan(script, tmp_path)
    assert len(outline.sections) == 3
    assert "cannot be used" in server.requests[1].text


def test_a_gap_is_sent_back_once_with_its_name(tmp_path: Path) -> None:
    def script(incoming: Incoming) -> Reaction:
        good = good_outline(incoming)
        if incoming.number == 1:
            good["sections"][1]["first_segment"] = "s0006"
        return Reply(json.dumps(good))

    outline, server = plan(script, tmp_path)
    assert [section.first_segment for section in outline.sections] == ["s0001", "s0005", "s0009"]
    assert "begins with s0006, but has to begin with s0005" in server.requests[1].text


def test_ends_that_stay_wrong_are_moved(tmp_path: Path) -> None:
    def script(incoming: Incoming) -> Reaction:
        good = good_outline(incoming)
        good["sections"][0]["last_segment"] = "s0007"
        good["sections"][2]["last_segment"] = "s0099"
        return Reply(json.dumps(good))

    outline, server = plan(script, tmp_path)
    assert [section.last_segment for section in outline.sections] == ["s0004", "s0008", "s0012"]
    assert len(server.requests) == 2


def test_a_plan_without_use_is_replaced_and_said_so(tmp_path: Path) -> None:
    heard = Heard()
    outline, _ = plan(changed(sections=[]), tmp_path, heard)
    assert outline.edition == "llm" and outline.sections
    assert any("do not fit the lecture" in line for line in heard.warnings)


def test_only_known_addresses_and_heard_words_are_kept(tmp_path: Path) -> None:
    heard_word = lecture.speech(0).split()[5].rstrip(".")
    script = changed(
        links=[
            {"title": "Paper", "url": "https://example.org/paper"},
            {"title": "Invented", "url": "https://example.org/invented"},
        ],
        glossary=[
            {"term": "TopicAAA", "heard_as": [heard_word, "never heard"]},
            {"term": "nowhere said", "heard_as": []},
        ],
    )
    outline, _ = plan(script, tmp_path)
    assert [link.title for link in outline.links] == ["Paper"]
    assert [(term.term, term.heard_as) for term in outline.glossary] == [
        ("TopicAAA", (heard_word,))
    ]


def test_a_long_lecture_is_planned_on_two_levels(tmp_path: Path) -> None:
    outline, server = plan(good_writer, tmp_path, context_tokens=2_000)
    parts = server.tasks().count("outline")
    assert parts >= 2 and server.tasks().count("outline whole") == 1
    assert outline.title == "The whole"
    assert [section.title for section in outline.sections][:2] == [
        "Topic 1 of the whole",
        "Topic 2 of the whole",
    ]


def test_a_server_that_refuses_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LLMError, match=r"outline: .* answered 401"):
        plan(lambda _: Refuse(401, "bad key"), tmp_path)


def test_no_speech_needs_no_call(tmp_path: Path) -> None:
    empty = lecture.segments(0)
    client = Client(LLMSettings(base_url="http://127.0.0.1:9/v1", model="m"), tmp_path, Heard())
    outline = plan_chapter(
        client,
        lecture.video(1),
        empty,
        lecture.transcript(0),
        WriteSettings(),
        OutlineSettings(),
        100_000,
        Heard(),
    )
    assert outline.sections == () and outline.edition == "llm"

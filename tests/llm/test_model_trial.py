"""Three small questions tell a model that can write chapters from one that cannot."""

from __future__ import annotations

import json

import pytest

from pipeline.engine.progress import Silent
from pipeline.errors import LLMError
from pipeline.llm.model_trial import try_model
from pipeline.settings.llm import LLMSettings
from tests.servers.chat import ChatServer, Incoming, Reaction, Refuse, Reply
from tests.servers.faulty import choices

TERMS = json.dumps({"terms": ["byte", "token", "merge"], "count": 3})
CITED = "Text is bytes. [[s0001-s0003]]\n\nPairs are merged. [[s0004]] Again and again [[s0006]]."


def plan(*spans: tuple[str, str]) -> str:
    sections = [
        {"title": f"Part {number}", "first_segment": first, "last_segment": last}
        for number, (first, last) in enumerate(spans, 1)
    ]
    return json.dumps({"sections": sections})


def good(incoming: Incoming) -> str:
    if "Plan the sections" in incoming.text:
        return plan(("s0001", "s0003"), ("s0004", "s0006"))
    return CITED if "<speech>" in incoming.text else TERMS


def asked(replies: dict[str, str]) -> dict[str, tuple[bool, str]]:
    """The results of a server that gives these replies in place of good ones."""

    def script(incoming: Incoming) -> Reaction:
        for mark, reply in replies.items():
            if mark in incoming.text:
                return Reply(reply)
        return Reply(good(incoming))

    with ChatServer(script) as server:
        settings = LLMSettings(base_url=server.base_url, model="small")
        results = try_model(settings, Silent())
        assert len(server.requests) == 3
    return {one.skill: (one.passed, one.detail) for one in results}


def test_a_model_that_does_its_work_can_do_all_three() -> None:
    results = asked({})
    assert {skill: passed for skill, (passed, _) in results.items()} == dict.fromkeys(
        ("json", "plan", "cite", "account"), True
    )
    assert results["plan"][1] == "2 sections that cover every segment in order"
    assert results["cite"][1] == "3 citations of segments that it was shown"


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ((("s0001", "s0003"), ("s0005", "s0006")), "do not cover s0001 to s0006 in order"),
        ((("s0004", "s0006"), ("s0001", "s0003")), "do not cover"),
        ((("s0001", "s0003"), ("s0004", "s0009")), "do not cover"),
        ((("s0001", "s0006"),), "1 section where 2 or 3"),
    ],
)
def test_a_plan_with_a_gap_a_turn_or_a_foreign_segment_is_none(
    spans: tuple[tuple[str, str], ...], said: str
) -> None:
    results = asked({"Plan the sections": plan(*spans)})
    assert not results["plan"][0] and said in results["plan"][1]
    assert results["json"][0] and results["cite"][0]


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("Text is bytes.\n\nPairs are merged. [[s0006]]", "1 of 2 paragraphs end without"),
        ("Text is bytes. [[s0001]] And so on.", "1 of 1 paragraphs end without"),
        ("Text is bytes. [[s0001]]\n\nPairs. [[s0017]]", "s0017, which it was not shown"),
    ],
)
def test_paragraphs_without_citations_or_with_foreign_ones_are_told(reply: str, said: str) -> None:
    results = asked({"<speech>": reply})
    assert not results["cite"][0] and said in results["cite"][1]


def test_prose_in_place_of_json_is_told() -> None:
    results = asked({"one JSON object and nothing": "The three terms are byte, token and merge."})
    assert not results["json"][0] and "not the JSON asked for" in results["json"][1]


def test_json_with_another_content_is_told() -> None:
    results = asked({"Three terms": json.dumps({"terms": ["byte"], "count": 3})})
    assert results["json"] == (False, "the form is right, the content is not: 3 of 1")


def test_a_server_that_does_not_say_what_its_calls_cost_is_told() -> None:
    def script(incoming: Incoming) -> Reaction:
        return choices({"message": {"content": good(incoming)}, "finish_reason": "stop"})

    with ChatServer(script) as server:
        results = try_model(LLMSettings(base_url=server.base_url, model="small"), Silent())
    assert (results[-1].skill, results[-1].passed) == ("account", False)
    assert "told of 0 of 3 calls what they cost" in results[-1].detail


def test_a_server_that_refuses_fails_each_question_with_its_words() -> None:
    with ChatServer(lambda _: Refuse(403, "not for you")) as server:
        results = try_model(LLMSettings(base_url=server.base_url, model="small"), Silent())
    assert [one.passed for one in results] == [False, False, False]
    assert "not for you" in results[0].detail


def test_without_a_model_there_is_nothing_to_try() -> None:
    with pytest.raises(LLMError, match="no model is named"):
        try_model(LLMSettings(), Silent())

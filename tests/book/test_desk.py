"""One account for the whole book: money, tokens and pace, and what a lost step had set aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.book.desk import Desk, Limits
from pipeline.errors import BudgetError
from pipeline.llm.account import share
from pipeline.llm.chat import Ask, user
from pipeline.llm.client import Client
from pipeline.settings.llm import LLMSettings
from tests.recording import RecordingProgress
from tests.servers.chat import ChatServer, Reply


def test_calls_of_different_lectures_count_against_one_limit() -> None:
    desk = Desk(Limits(max_tokens=100))
    assert desk.reserve("1 write", 60, 0.0) == "granted"
    assert desk.reserve("2 write", 60, 0.0) == "wait"
    desk.settle("1 write", 60, 0.0, paid=30, paid_cost=0.0)
    assert desk.reserve("2 write", 60, 0.0) == "granted"
    desk.settle("2 write", 60, 0.0, paid=60, paid_cost=0.0)
    assert desk.reserve("3 write", 60, 0.0) == "refused"
    assert desk.spent() == (90, 0.0)


def test_money_of_earlier_runs_counts() -> None:
    desk = Desk(Limits(max_cost=1.0), spent=(0, 0.8))
    assert desk.reserve("1 write", 10, 0.3) == "refused"
    assert desk.reserve("1 write", 10, 0.1) == "granted"


def test_what_a_killed_step_had_set_aside_is_free_when_it_begins_again() -> None:
    desk = Desk(Limits(max_tokens=100))
    desk.reserve("1 write", 90, 0.0)
    assert desk.reserve("2 write", 90, 0.0) == "wait"
    desk.release("1 write")
    assert desk.reserve("2 write", 90, 0.0) == "granted"


def test_calls_per_minute_are_those_of_the_book() -> None:
    desk = Desk(Limits(requests_per_minute=2))
    assert desk.admit(1) == desk.admit(1) == 0
    assert desk.admit(1) > 50
    desk.pause(120)
    assert desk.admit(1) > 100


def test_news_are_read_once_and_in_order() -> None:
    desk = Desk(Limits())
    desk.tell(1, "write", "begins", "not run yet", 0, 0)
    desk.tell(1, "write", "ends", "", 2.5, 0)
    assert [news.kind for news in desk.news()] == ["begins", "ends"]
    assert desk.news() == []


def test_a_client_within_the_book_stops_at_the_book_s_limit(tmp_path: Path) -> None:
    desk = Desk(Limits(max_tokens=200))
    with ChatServer(lambda incoming: Reply("yes")) as server:
        settings = LLMSettings(base_url=server.base_url, model="scripted", retries=0)
        for lecture in ("first", "second"):
            with share(desk, f"{lecture} write"):
                client = Client(settings, tmp_path / lecture, RecordingProgress())
                question = Ask("question", (user("Is it so?"),), max_output_tokens=150)
                if lecture == "first":
                    assert client.ask_all([question]) == ["yes"]
                    desk.settle("other", 0, 0.0, paid=100, paid_cost=0.0)
                else:
                    with pytest.raises(BudgetError, match="whole book"):
                        client.ask_all([question])
        assert server.answered == 1

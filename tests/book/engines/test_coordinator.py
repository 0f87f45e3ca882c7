"""One account for the whole book: money, tokens and pace, and what a lost step had set aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.book.engines.coordinator import Coordinator, SpendingLimits
from pipeline.errors import BudgetError
from pipeline.llm.chat import ModelRequest, user
from pipeline.llm.client import Client
from pipeline.llm.spending.account import share
from pipeline.llm.spending.limits import Amount, Hold
from pipeline.settings.llm import LLMSettings
from tests.recording import RecordingProgress
from tests.servers.chat import ChatServer, Reply


def hold(tokens: int, cost: float = 0.0, most: int = 0) -> Hold:
    """What is set aside for a call."""
    return Hold(Amount(tokens, cost), Amount(max(tokens, most), cost))


def test_calls_of_different_lectures_count_against_one_limit() -> None:
    coordinator = Coordinator(SpendingLimits(max_tokens=100))
    assert coordinator.reserve("1 write", hold(60)) == "granted"
    assert coordinator.reserve("2 write", hold(60)) == "wait"
    coordinator.settle("1 write", hold(60), Amount(30))
    assert coordinator.reserve("2 write", hold(60)) == "granted"
    coordinator.settle("2 write", hold(60), Amount(60))
    assert coordinator.reserve("3 write", hold(60)) == "refused"
    assert coordinator.spent() == (90, 0.0)


def test_calls_that_a_server_could_let_run_on_go_one_at_a_time_near_the_limit() -> None:
    coordinator = Coordinator(SpendingLimits(max_tokens=100))
    assert coordinator.reserve("1 write", hold(10, most=95)) == "granted"
    assert coordinator.reserve("2 write", hold(10, most=95)) == "wait"
    coordinator.settle("1 write", hold(10, most=95), Amount(10))
    assert coordinator.reserve("2 write", hold(10, most=95)) == "granted"


def test_money_of_earlier_runs_counts() -> None:
    coordinator = Coordinator(SpendingLimits(max_cost=1.0), spent=Amount(0, 0.8))
    assert coordinator.reserve("1 write", hold(10, 0.3)) == "refused"
    assert coordinator.reserve("1 write", hold(10, 0.1)) == "granted"


def test_the_calls_that_a_killed_step_had_under_way_count_as_spent() -> None:
    coordinator = Coordinator(SpendingLimits(max_tokens=100))
    coordinator.reserve("1 write", hold(10, most=60))
    assert coordinator.reserve("2 write", hold(95)) == "wait"
    coordinator.release("1 write")
    assert coordinator.spent() == (60, 0.0)
    assert coordinator.reserve("2 write", hold(60)) == "refused"
    assert coordinator.reserve("2 write", hold(40)) == "granted"


def test_calls_per_minute_are_those_of_the_book() -> None:
    coordinator = Coordinator(SpendingLimits(requests_per_minute=2))
    assert coordinator.admit(1) == coordinator.admit(1) == 0
    assert coordinator.admit(1) > 50
    coordinator.pause(120)
    assert coordinator.admit(1) > 100


def test_news_are_read_once_and_in_order() -> None:
    coordinator = Coordinator(SpendingLimits())
    coordinator.tell(1, "write", "begins", "not run yet", 0, 0)
    coordinator.tell(1, "write", "ends", "", 2.5, 0)
    assert [news.kind for news in coordinator.news()] == ["begins", "ends"]
    assert coordinator.news() == []


def test_a_client_within_the_book_stops_at_the_book_s_limit(tmp_path: Path) -> None:
    coordinator = Coordinator(SpendingLimits(max_tokens=200))
    with ChatServer(lambda incoming: Reply("yes")) as server:
        settings = LLMSettings(base_url=server.base_url, model="scripted", retries=0)
        for lecture in ("first", "second"):
            with share(coordinator, f"{lecture} write"):
                client = Client(settings, tmp_path / lecture, RecordingProgress())
                question = ModelRequest("question", (user("Is it so?"),), max_output_tokens=150)
                if lecture == "first":
                    assert client.ask_all([question]) == ["yes"]
                    coordinator.settle("other", hold(0), Amount(100))
                else:
                    with pytest.raises(BudgetError, match="whole book"):
                        client.ask_all([question])
        assert server.answered == 1

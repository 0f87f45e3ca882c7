"""The cap: whatever a server does, no more is charged than the user allowed."""

from __future__ import annotations

import asyncio
import json
import random
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.engine.lease import this_process
from pipeline.errors import BudgetError, LLMError
from pipeline.llm.chat import ModelRequest, Tokens, user
from pipeline.llm.client import Client
from pipeline.llm.completion import completion_of
from pipeline.llm.reply_store import read_all
from pipeline.llm.spending.account import spent_on
from pipeline.llm.spending.ledger import NAME, Ledger, charges
from pipeline.llm.spending.prices import price_of
from pipeline.settings.llm import KNOWN_PRICES, LLMSettings, Price
from tests.llm.paying import Kind, Till, till_script
from tests.llm.remembering_progress import Heard
from tests.servers.chat import ChatServer, Incoming, Reply

PRICE = Price(input=1_000.0, output=10_000.0, longest_reply=400)
ROOM = 60
KINDS: list[Kind] = sorted(Kind.__args__)  # type: ignore[attr-defined]
# Those of which a server gives no account.
UNTOLD: list[Kind] = [
    "no usage", "zero usage", "half", "late", "gone", "500", "504", "408", "not JSON",
    "no choice, zero usage", "broken stream", "half a stream",
]  # fmt: skip


def settings_for(server: ChatServer, cap: float | None, **more: object) -> LLMSettings:
    return LLMSettings.model_validate(
        {
            "base_url": server.base_url,
            "model": "scripted",
            "prices": {"scripted": PRICE},
            "max_cost": cap,
            "backoff_s": 0.0,
            "timeout_s": 0.5,
            **more,
        }
    )


def questions(count: int) -> list[ModelRequest]:
    return [ModelRequest(f"section {n}", (user(f"What is {n}? " * 5),), ROOM) for n in range(count)]


def ask_all(settings: LLMSettings, folder: Path, count: int) -> LLMError | None:
    """Every question, whatever becomes of the others; the limit's refusal if there was one."""

    async def gather() -> list[object]:
        async with client:
            return list(
                await asyncio.gather(
                    *(client.ask(ask) for ask in questions(count)), return_exceptions=True
                )
            )

    client = Client(settings, folder, Heard())
    results = asyncio.run(gather())
    assert all(isinstance(one, str | LLMError) for one in results), results
    return next((one for one in results if isinstance(one, BudgetError)), None)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@example(kinds=["good"], seed=0, cap=6.0, written=400, concurrency=8, runs=1)
@example(kinds=["no usage"], seed=1, cap=9.0, written=400, concurrency=1, runs=2)
@example(kinds=["half"], seed=2, cap=9.0, written=400, concurrency=8, runs=2)
@example(kinds=["late", "good"], seed=3, cap=9.0, written=400, concurrency=8, runs=1)
@given(
    kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=6),
    seed=st.integers(0, 2**32),
    cap=st.floats(0.5, 12.0),
    written=st.integers(ROOM, 400),
    concurrency=st.sampled_from([1, 3, 8]),
    runs=st.integers(1, 3),
)
def test_no_server_charges_more_than_the_cap_but_by_one_call_that_ignored_its_limit(
    kinds: list[Kind], seed: int, cap: float, written: int, concurrency: int, runs: int
) -> None:
    def behaviour(incoming: Incoming) -> tuple[Kind, int]:
        chance = random.Random(f"{seed} {incoming.number}")
        return chance.choice(kinds), chance.choice([0, written])

    till = Till(PRICE.input, PRICE.output)
    with (
        tempfile.TemporaryDirectory() as name,
        ChatServer(till_script(till, behaviour)) as server,
    ):
        chosen = settings_for(server, cap, concurrency=concurrency)
        for _ in range(runs):
            ask_all(chosen, Path(name), 8)
    assert till.charged <= cap + till.excess + 1e-9


@pytest.mark.parametrize(
    "kind",
    [
        "no usage", "no choice", "not JSON", "runs on", "late", "half", "504", "thinks", "408",
        "no choice, zero usage", "runs on, zero usage", "broken stream", "half a stream",
    ],
)  # fmt: skip
def test_what_is_paid_and_lost_counts_in_this_run_and_the_next(kind: Kind, tmp_path: Path) -> None:
    till = Till(PRICE.input, PRICE.output)
    with ChatServer(till_script(till, lambda incoming: (kind, 0))) as server:
        settings = settings_for(server, 5.0, concurrency=2)
        ask_all(settings, tmp_path, 6)
        assert till.charged <= 5.0
        error = ask_all(settings, tmp_path, 6)
        assert till.charged <= 5.0
        assert spent_on([tmp_path], settings, None).cost >= till.charged - 1e-9
    assert error is None or "would pass the limit" in str(error)


def test_paid_failures_are_tried_again_a_few_times_only(tmp_path: Path) -> None:
    till = Till(PRICE.input, PRICE.output)
    with ChatServer(till_script(till, lambda incoming: ("not JSON", 0))) as server:
        with pytest.raises(LLMError, match="sent no reply"):
            Client(settings_for(server, None), tmp_path, Heard()).ask_all(questions(1))
        assert till.calls == 3


def test_free_refusals_use_nothing_up(tmp_path: Path) -> None:
    till = Till(PRICE.input, PRICE.output)

    def behaviour(incoming: Incoming) -> tuple[Kind, int]:
        return ("429" if incoming.attempt <= 5 else "good"), 0

    with ChatServer(till_script(till, behaviour)) as server:
        settings = settings_for(server, 0.7)
        assert Client(settings, tmp_path, Heard()).ask_all(questions(1)) == ["an answer"]
        assert spent_on([tmp_path], settings, None).cost == pytest.approx(till.charged)


def test_the_refusal_says_what_a_server_took_beyond_its_limit(tmp_path: Path) -> None:
    till = Till(PRICE.input, PRICE.output)
    heard = Heard()
    with ChatServer(till_script(till, lambda incoming: ("good", 300))) as server:
        settings = settings_for(server, 2.0)
        client = Client(settings, tmp_path, heard)
        with pytest.raises(BudgetError) as refused:
            client.ask_all(questions(6))
    assert till.calls == 1
    assert "the limit is passed; the server charged up to" in str(refused.value)
    assert "more for one call than it was allowed" in str(refused.value)
    assert any("does not heed the length limit" in line for line in heard.warnings)


@pytest.mark.parametrize("kind", UNTOLD)
def test_what_no_account_tells_of_counts_as_the_longest_reply_in_this_run_and_the_next(
    kind: Kind, tmp_path: Path
) -> None:
    till, heard = Till(PRICE.input, PRICE.output), Heard()
    with ChatServer(till_script(till, lambda incoming: (kind, 400))) as server:
        chosen = settings_for(server, 9.0, concurrency=1)
        with pytest.raises(LLMError):
            Client(chosen, tmp_path, heard).ask_all(
                questions(1) if kind == "late" else questions(9)
            )
        assert spent_on([tmp_path], chosen, None).cost >= till.charged - 1e-9
        ask_all(chosen, tmp_path, 9)
        error = ask_all(chosen, tmp_path, 9)
    assert 4.0 < till.charged <= 9.0 + till.excess
    assert "for which the server gave no account" in str(error)
    assert "longest_reply of its entry in llm.prices" in str(error)
    told = [line for line in heard.warnings if "gave no account of what the call cost" in line]
    assert len(told) == 1
    assert "400 tokens" in told[0]


def test_an_honest_server_without_accounts_is_used_under_a_cap_once_its_longest_reply_is_named(
    tmp_path: Path,
) -> None:
    """With ``longest_reply`` at 1 it is trusted to keep to its limits, for earlier calls too."""
    till = Till(PRICE.input, PRICE.output)
    with ChatServer(till_script(till, lambda incoming: ("no usage", 0))) as server:
        unknown = PRICE.model_copy(update={"longest_reply": None})
        first = settings_for(
            server, 20.0, prices={"scripted": unknown}, context_tokens=4_000, timeout_s=30.0
        )
        error = ask_all(first, tmp_path, 12)
        assert "set down for calls for which the server gave no account" in str(error)
        assert till.calls == 1
        kept = PRICE.model_copy(update={"longest_reply": 1})
        vouched = settings_for(server, 20.0, prices={"scripted": kept}, timeout_s=30.0)
        assert ask_all(vouched, tmp_path, 12) is None
    assert till.calls == 12
    assert till.charged <= spent_on([tmp_path], vouched, None).cost <= 20.0


@pytest.mark.parametrize(
    ("usage", "sent", "received"),
    [
        ({"prompt_tokens": 9, "completion_tokens": 5}, 9, 5),
        ({"input_tokens": 9, "output_tokens": 5}, 9, 5),
        (
            {
                "input_tokens": 3, "output_tokens": 5,
                "cache_creation_input_tokens": 40_000, "cache_read_input_tokens": 500,
            },
            40_503, 5,
        ),
        (
            {"prompt_tokens": 900, "completion_tokens": 5, "cache_creation_input_tokens": 800},
            900, 5,
        ),
        (
            {
                "prompt_tokens": 9, "completion_tokens": 5,
                "completion_tokens_details": {"reasoning_tokens": 700},
            },
            9, 705,
        ),
        (
            {
                "prompt_tokens": 9, "completion_tokens": 705, "total_tokens": 714,
                "completion_tokens_details": {"reasoning_tokens": 700},
            },
            9, 705,
        ),
    ],
)  # fmt: skip
def test_an_account_is_read_whatever_form_it_has(
    usage: dict[str, object], sent: int, received: int
) -> None:
    body = {"choices": [{"message": {"content": "yes"}}], "usage": usage}
    counted = completion_of(json.dumps(body).encode(), 100, "key").counted
    assert counted and (counted.sent, counted.received) == (sent, received)


@pytest.mark.parametrize(
    "accounts",
    [
        ({"input_tokens": 9, "output_tokens": 1}, {"output_tokens": 400}),
        ({"prompt_tokens": 9, "completion_tokens": 400}, {"prompt_tokens": 0}),
        ({"prompt_tokens": 9, "completion_tokens": 400}, {"prompt_tokens": None}, {}),
    ],
)
def test_an_account_that_comes_in_several_events_is_read_whole(
    accounts: tuple[dict[str, object], ...],
) -> None:
    said = {"choices": [{"delta": {"content": "yes"}, "finish_reason": "stop"}]}
    events = [said, *({"choices": [], "usage": one} for one in accounts)]
    data = "".join(f"data: {json.dumps(event)}\n\n" for event in events).encode()
    counted = completion_of(data, 100, "key").counted
    assert counted and (counted.sent, counted.received) == (9, 400)


def test_the_refusal_says_how_much_is_the_worst_case(tmp_path: Path) -> None:
    till = Till(PRICE.input, PRICE.output)
    with (
        ChatServer(till_script(till, lambda incoming: ("no usage", 0))) as server,
        pytest.raises(BudgetError, match="for which the server gave no account"),
    ):
        Client(settings_for(server, 5.0), tmp_path, Heard()).ask_all(questions(6))


def test_a_call_under_way_when_the_program_is_killed_counts_in_the_next_run(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "http://127.0.0.1/v1", "scripted")
    ledger.begin("a" * 64, "section 1", Tokens(100, 0, 50), Tokens(300, 0, 400))
    call = ledger.begin("b" * 64, "section 2", Tokens(100, 0, 50), Tokens(100, 0, 400))
    ledger.end(call, Tokens(90, 0, 7), Tokens(100, 0, 400))
    with (tmp_path / NAME).open("a") as file:
        file.write('{"call": "cut of')  # killed while writing: it was not sent
    ledger.begin("c" * 64, "section 3", Tokens(1, 0, 1), Tokens(2, 0, 2))
    assert [(one.most.sent, one.paid) for one in charges(tmp_path)] == [
        (300, None), (100, Tokens(90, 0, 7)), (2, None),
    ]  # fmt: skip


def test_a_call_whose_beginning_the_ledger_has_lost_counts(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "http://127.0.0.1/v1", "scripted")
    worst, most = Tokens(100, 0, 50), Tokens(300, 0, 400)
    for paid in (Tokens(90, 0, 7), None):
        ledger.end(ledger.begin("a" * 64, "section", worst, most), paid, most)
    path = tmp_path / NAME
    ends = [line for line in path.read_text().splitlines() if '"paid"' in line]
    path.write_text("\n".join(["\x00" * 80, *ends]))
    assert [one.paid or one.most for one in charges(tmp_path)] == [Tokens(90, 0, 7), most]


@pytest.mark.parametrize(
    ("ledger", "said"),
    [
        (None, "is missing or empty, though the model was asked"),
        ("", "is missing or empty, though the model was asked"),
        ("{begin}\0\0\0\0\n{end}", "is damaged"),
        ("{end}", "is damaged"),
        ("{begin}{end}[]", "is damaged"),
        ('{begin}{end}{{"call": "1', ""),
        ("{begin}{end}", ""),
    ],
)
def test_a_ledger_that_was_deleted_or_damaged_is_told_of_under_a_limit(
    ledger: str | None, said: str, tmp_path: Path
) -> None:
    path = tmp_path / NAME
    with ChatServer(lambda incoming: Reply("yes " * 100)) as server:
        Client(settings_for(server, None, timeout_s=30.0), tmp_path, Heard()).ask_all(questions(1))
        begin, end = path.read_text().splitlines(keepends=True)
        path.unlink()
        if ledger is not None:
            path.write_text(ledger.format(begin=begin, end=end))
        for cap in (9.0, None):
            heard = Heard()
            Client(settings_for(server, cap), tmp_path, heard)
            told = [
                line for line in heard.warnings if "counts nothing towards llm.max_cost" in line
            ]
            assert len(told) == (1 if said and cap else 0)
            assert all(said in line for line in told)


@pytest.mark.parametrize(
    "line",
    [
        {"call": 1, "key": ["a"], "worst": [1, 0, 1], "most": [1, 0, 1], "pid": 10**30},
        {"call": {}, "key": {}, "worst": [10**400, 0, 1], "most": None, "pid": "1"},
        {"call": None, "worst": [9, 9_000_000_000, 9], "paid": [9, 9_000_000_000, 9], "pid": True},
        {"call": "x", "worst": [True, False, -1], "paid": [-(10**9), 0, 0], "pid": -1},
        {"call": "x", "model": [], "server": "http://[", "worst": [1, 0, 1], "paid": None},
        {"call": "x", "model": "m" * 100_000, "worst": [1, 0, 1], "machine": {}, "paid": "all"},
    ],
)
def test_what_somebody_writes_into_a_ledger_or_a_reply_lowers_no_account_and_breaks_nothing(
    line: dict[str, object], tmp_path: Path
) -> None:
    with ChatServer(lambda incoming: Reply("yes " * 100)) as server:
        chosen = settings_for(server, 20.0, timeout_s=30.0)
        Client(chosen, tmp_path, Heard()).ask_all(questions(1))
        before = spent_on([tmp_path], chosen, None)
        with (tmp_path / NAME).open("a") as file:
            file.write(json.dumps(line | {"machine": this_process().machine}) + "\n")
        reply = next(one.path for one in read_all(tmp_path))
        for number, count in enumerate((str(10**400), "-999999999", "1e999", "9" * 5_000)):
            text = reply.read_text().replace("tokens_sent: ", f"tokens_sent: {count} ")
            text = re.sub(r"(tokens_sent: \S+) \d+", r"\1", text).replace("key: ", "key: x")
            (tmp_path / f"hostile-{number}.md").write_text(text)
        assert spent_on([tmp_path], chosen, None).cost >= before.cost
        assert Client(chosen, tmp_path, Heard()).ask_all(questions(2))[0].startswith("yes")


def test_replies_of_a_version_without_a_ledger_count(tmp_path: Path) -> None:
    with ChatServer(lambda incoming: Reply("yes " * 100)) as server:
        settings = settings_for(server, None)
        Client(settings, tmp_path, Heard()).ask_all(questions(2))
    before = spent_on([tmp_path], settings, None)
    (tmp_path / NAME).unlink()
    assert spent_on([tmp_path], settings, None) == pytest.approx(before)
    assert before.cost > 0


def test_a_cap_is_held_for_a_gateway_on_this_machine(tmp_path: Path) -> None:
    till = Till(PRICE.input, PRICE.output)
    with ChatServer(till_script(till, lambda incoming: ("good", 0))) as server:
        with pytest.raises(BudgetError):
            Client(settings_for(server, 2.0), tmp_path, Heard()).ask_all(questions(8))
        assert 0 < till.charged <= 2.0
        unknown = settings_for(server, 2.0, prices={})
        with pytest.raises(LLMError, match=r"price of scripted is not known .*0 for a model"):
            Client(unknown, tmp_path, Heard())
        free = settings_for(server, 2.0, prices={"scripted": Price(input=0, output=0)})
        assert len(Client(free, tmp_path, Heard()).ask_all(questions(8))) == 8


def test_calls_of_another_model_count_at_its_own_price(tmp_path: Path) -> None:
    prices = {"scripted": PRICE, "dear": Price(input=9_000.0, output=90_000.0)}
    with ChatServer(lambda incoming: Reply("yes " * 40)) as server:
        cheap = settings_for(server, None, prices=prices)
        Client(cheap, tmp_path, Heard()).ask_all(questions(1))
        dear = settings_for(server, None, prices=prices, model="dear")
        assert spent_on([tmp_path], dear, None) == spent_on([tmp_path], cheap, None)
        Client(dear, tmp_path, Heard()).ask_all(questions(1))
        both = spent_on([tmp_path], cheap, None)
    one = read_all(tmp_path)[0].answer.tokens
    assert both.cost == pytest.approx((one.sent * 10_000 + one.received * 100_000) / 1e6)


@pytest.mark.parametrize(
    ("model", "known"),
    [
        ("gpt-5-2025-08-07", "gpt-5"),
        ("gpt-4o-2024-05-13", "gpt-4o-2024-05-13"),  # the first one costs twice what it does now
        ("gpt-4o-2024-11-20", "gpt-4o"),
        ("openai/gpt-4.1-mini", "gpt-4.1-mini"),
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4"),
        ("gemini-2.5-flash-preview-09-2025", "gemini-2.5-flash"),
        ("gpt-5-pro", None),
        ("gpt-5.2", None),
        ("o3-pro", None),
        ("o4-mini-deep-research", None),
    ],
)
def test_a_name_that_goes_on_is_another_model_at_another_price(
    model: str, known: str | None
) -> None:
    assert price_of(model, KNOWN_PRICES) == (KNOWN_PRICES[known] if known else None)

"""The cap of a lecture holds over all processes that spend on it at once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from pipeline.llm.chat import Tokens
from pipeline.llm.spending.account import LOCK
from pipeline.llm.spending.ledger import Ledger, noted
from tests.llm.paying import Kind, Till, till_script
from tests.llm.spender import spend
from tests.llm.test_money import PRICE, settings_for
from tests.servers.chat import ChatServer, Incoming

EVERYONE = ("write", "ask", "outline", "ask")


def begin(root: Path, settings: str, who: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.llm.spender", str(root), settings, who, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def mixed(kinds: tuple[Kind, ...], seed: int = 0) -> Callable[[Incoming], tuple[Kind, int]]:
    """A server that does any of ``kinds``, and writes what it may or, as often, much more."""

    def behaviour(incoming: Incoming) -> tuple[Kind, int]:
        time.sleep(0.02)
        chance = random.Random(f"{seed} {incoming.number}")
        return chance.choice(kinds), chance.choice([0, 300])

    return behaviour


@pytest.mark.parametrize("kinds", [("good",), ("no usage", "half", "zero usage", "500", "good")])
def test_stages_and_questions_of_several_processes_stay_within_one_cap(
    kinds: tuple[Kind, ...], tmp_path: Path
) -> None:
    till = Till(PRICE.input, PRICE.output)
    with ChatServer(till_script(till, mixed(kinds))) as server:
        chosen = settings_for(server, 40.0, timeout_s=20.0).model_dump_json()
        all_of_them = [begin(tmp_path, chosen, who, 20) for who in EVERYONE]
        said = [one.communicate()[0] for one in all_of_them]
    assert [one.returncode for one in all_of_them] == [0] * len(EVERYONE)
    assert 20.0 < till.charged <= 40.0 + till.excess + 1e-9
    assert any("would pass the limit" in line for line in said)


@pytest.mark.parametrize("seed", range(2))
def test_processes_that_are_killed_at_any_moment_stay_within_one_cap(
    seed: int, tmp_path: Path
) -> None:
    till = Till(PRICE.input, PRICE.output)
    kinds: tuple[Kind, ...] = ("good", "no usage", "half", "late", "stream", "gone")
    with ChatServer(till_script(till, mixed(kinds, seed))) as server:
        chosen = settings_for(server, 40.0, timeout_s=1.0).model_dump_json()
        for turn in range(2):
            before = till.calls
            all_of_them = [begin(tmp_path, chosen, who, 20) for who in EVERYONE[:2]]
            if turn < 1:
                while till.calls < before + 3 and any(one.poll() is None for one in all_of_them):
                    time.sleep(0.02)
                for one in all_of_them:
                    one.kill()
            said = [one.communicate()[0] for one in all_of_them]
    assert 10.0 < till.charged <= 40.0 + till.excess + 1e-9
    assert any("would pass the limit" in line for line in said)


def test_questions_put_to_one_server_at_once_stay_within_the_cap(tmp_path: Path) -> None:
    till = Till(PRICE.input, PRICE.output)

    def behaviour(incoming: Incoming) -> tuple[Kind, int]:
        time.sleep(0.02)
        return "no usage", 0

    with ChatServer(till_script(till, behaviour)) as server:
        chosen = settings_for(server, 20.0, timeout_s=20.0)
        threads = [
            threading.Thread(target=spend, args=(tmp_path, chosen, who, 4)) for who in EVERYONE
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert 2.0 < till.charged <= 20.0


def test_what_questions_cost_counts_for_the_stages(tmp_path: Path) -> None:
    till = Till(PRICE.input, PRICE.output)
    with ChatServer(till_script(till, lambda incoming: ("good", 0))) as server:
        chosen = settings_for(server, 20.0)
        assert "would pass the limit" in spend(tmp_path, chosen, "ask", 20)
        asked = till.charged
        assert "would pass the limit" in spend(tmp_path, chosen, "write", 20)
    assert asked > 0
    assert till.charged <= 20.0


def test_no_call_goes_out_while_another_process_is_at_the_account(tmp_path: Path) -> None:
    till = Till(PRICE.input, PRICE.output)
    other = FileLock(tmp_path / LOCK)
    with ChatServer(till_script(till, lambda incoming: ("good", 0))) as server:
        chosen = settings_for(server, 20.0)
        spender = threading.Thread(target=spend, args=(tmp_path, chosen, "write", 2))
        with other:
            spender.start()
            spender.join(timeout=0.7)
            assert till.calls == 0
        spender.join()
    assert till.calls == 2


def test_a_call_is_under_way_while_its_process_lives_and_has_no_end(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, "http://127.0.0.1/v1", "scripted")
    worst, most = Tokens(10, 0, 5), Tokens(10, 0, 50)
    ledger.end(ledger.begin("a" * 64, "one", worst, most), None, most)
    ledger.begin("b" * 64, "two", worst, most)
    assert [one.is_under_way for one in noted(tmp_path)] == [False, True]
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    path = next(tmp_path.glob(".*.jsonl"))
    path.write_text(path.read_text().replace(f'"pid": {os.getpid()}', f'"pid": {killed.pid}'))
    assert [(one.is_under_way, one.paid) for one in noted(tmp_path)] == [(False, None)] * 2

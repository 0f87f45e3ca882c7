"""Oracles ask functions where no cell has been, so that no cell can answer for another."""

from __future__ import annotations

import pytest

from pipeline.cells.fresh_caller import FunctionPart, part_for
from tests.cells.conftest import Check, cells, statuses

WRONG = "def get_stats(ids):\n    return {(1, 2): 7}"
RIGHT = (
    "def get_stats(ids):\n    counts = {}\n    for pair in zip(ids, ids[1:]):\n"
    "        counts[pair] = counts.get(pair, 0) + 1\n    return counts"
)
PATCHED_WORKER = (
    "import gc, json\n"
    "worker = next(o for o in gc.get_objects() if type(o).__name__ == 'CellWorker')\n"
    "def answers(command):\n"
    "    from minbpe import get_stats\n"
    "    import inside.values as v\n"
    "    import ast\n"
    "    if 'signature' in command['call'] or '__module__' in command['call']:\n"
    "        return type(worker)._answers(worker, command)\n"
    "    room = v.Room(10**6)\n"
    "    given = ast.literal_eval(command['inputs'])\n"
    "    return json.dumps([('value', v.plain(get_stats(*one), room)) for one in given]).encode()\n"
    "worker._answers = answers"
)
THREAD = (
    "import gc, json, os, threading, time\n"
    "worker = next(o for o in gc.get_objects() if type(o).__name__ == 'CellWorker')\n"
    "def forge():\n"
    "    while True:\n"
    "        text = json.dumps([['value', {'d': []}]] * 70).encode()\n"
    "        message = {'event': 'answer', 'ticket': worker._ticket}\n"
    "        for event in ({'event': 'answer'}, {'event': 'called'}):\n"
    "            head = json.dumps(event | {'ticket': worker._ticket}).encode()\n"
    "            os.write(1, worker._head + b'.' + head + b'\\x01' + text + b'\\x00')\n"
    "        time.sleep(0.001)\n"
    "threading.Thread(target=forge, daemon=True).start()"
)


@pytest.mark.parametrize("forger", [PATCHED_WORKER, THREAD], ids=["patched worker", "thread"])
def test_an_earlier_cell_cannot_answer_for_a_wrong_function(check: Check, forger: str) -> None:
    report = check(cells(forger, WRONG))
    (oracle,) = report.oracles
    assert oracle.status == "failed"
    assert "(1, 2): 7" in oracle.detail


def test_a_right_function_is_right_though_an_earlier_cell_lies(check: Check) -> None:
    (oracle,) = check(cells(PATCHED_WORKER.replace("get_stats(*one)", "1"), RIGHT)).oracles
    assert oracle.status == "passed"


def test_a_function_sees_the_chapter_as_its_caller(check: Check) -> None:
    watching = (
        "import sys\ndef get_stats(ids):\n"
        "    if not sys._getframe(1).f_code.co_filename.startswith('<cell'):\n"
        "        from minbpe import get_stats as right\n        return right(ids)\n    return {}"
    )
    assert check(cells(watching)).oracles[0].status == "failed"


def test_a_function_is_asked_with_the_data_that_it_uses(check: Check) -> None:
    report = check(
        cells(
            "import random\nsteps = [1 if random.random() > 2 else 1]",
            "for _ in range(3):\n    steps.append(0)",
            "from collections import Counter\ndef pairs(ids):\n    return zip(ids, ids[steps[0]:])",
            "def get_stats(ids):\n    return dict(Counter(pairs(ids)))",
        )
    )
    assert statuses(report) == ["passed"] * 4
    assert [one.status for one in report.oracles] == ["passed"]


def test_a_function_that_cannot_be_asked_apart_is_not_called_right(check: Check) -> None:
    report = check(
        cells(
            "class Counting:\n    step = 1\ncounting = Counting()\ncounting.step = 1",
            RIGHT.replace("ids[1:]", "ids[counting.step:]"),
        )
    )
    (oracle,) = report.oracles
    assert oracle.status == "skipped"
    assert oracle.detail.startswith("cannot be asked apart from the cells before it")
    wrong = check(
        cells("class C:\n    pass\nc = C()\nc.x = 2", RIGHT.replace("ids[1:]", "ids[c.x:]"))
    )
    assert wrong.oracles[0].status == "failed"


def test_the_token_of_the_worker_is_on_no_command_line(check: Check) -> None:
    report = check(
        cells(
            "import glob\n"
            "lines = b''.join(open(f, 'rb').read() for f in glob.glob('/proc/*/cmdline'))\n"
            "print(b'token' in lines, b'limits' in lines)"
        )
    )
    assert report.cells[0].stdout == "False False\n"


def test_the_reapers_token_was_never_in_a_process_of_cells(check: Check) -> None:
    forge = (
        "import gc, json, os\n"
        "worker = next(o for o in gc.get_objects() if type(o).__name__ == 'CellWorker')\n"
        "message = {'event': 'exit', 'process': os.getpid(), 'code': 0, 'ticket': worker._ticket}\n"
        "os.write(1, worker._head + b'.' + json.dumps(message).encode() + b'\\x00')\n"
        "print('still here')"
    )
    report = check(cells(forge, "print(1)"))
    assert statuses(report) == ["passed", "passed"]
    assert report.cells[0].stdout == "still here\n"


@pytest.mark.parametrize(
    ("earlier", "question", "types", "part"),
    [
        (
            ["x = 1", "def f(): return x"],
            "f()",
            {"x": "int"},
            FunctionPart("def f():\n    return x", ("x",)),
        ),
        (["import re as r", "P = r.compile('a')", "def f(): return P"], "f", {"P": "Pattern"}, 3),
        (
            ["def f(): return 1", "def f(): return 2"],
            "f",
            {},
            FunctionPart("def f():\n    return 2", ()),
        ),
        (["a = object()", "a.x = 1", "def f(): return a"], "f", {"a": "object"}, None),
        (["def f(): pass", "f.x = 1"], "f", {}, None),
        (["if 1:\n    def f(): pass"], "f", {}, None),
        (["f = lambda: 1", "f = print"], "f", {}, None),
        (["class A: pass", "class B(A): pass"], "B", {}, 2),
        (["from __future__ import annotations", "def f(): pass"], "f", {}, 2),
        (["x = = 1"], "f", {}, None),
    ],
)
def test_the_part_of_a_chapter_that_a_question_needs(
    earlier: list[str], question: str, types: dict[str, str], part: FunctionPart | int | None
) -> None:
    found = part_for(question, earlier, types)
    if isinstance(part, int):
        assert found is not None
        assert sum(not line.startswith(" ") for line in found.source.split("\n")) == part
    else:
        assert found == part


FORGE = (
    "import gc, os\n"
    "worker = next(o for o in gc.get_objects() if type(o).__name__ == 'CellWorker')\n"
)


@pytest.mark.parametrize(
    "forged",
    [
        "worker._send({'event': 'resumed', 'worker': 10**400})",
        "worker._send({'event': 'ready', 'worker': 3})",
        "worker._send({'event': 'resumed', 'worker': 77})\nos._exit(1)",
        "import os\nos.close(0)\nfor n in range(3, 20):\n    try: os.close(n)\n"
        "    except OSError: pass",
    ],
)
def test_a_cell_that_breaks_what_runs_the_cells_is_alone_to_blame(
    check: Check, forged: str
) -> None:
    report = check(cells("x = 1", FORGE + forged, "print(x)"), cell_timeout_s=2)
    assert (report.cells[2].status, report.cells[2].stdout) == ("passed", "1\n")


def test_outputs_of_statements_that_nobody_asked_for_are_not_kept(check: Check) -> None:
    forged = (
        "print('y' * 2_000_000)\nworker._send({'event': 'begin', 'statement': 0})\n"
        "for n in range(3000):\n"
        "    worker._send({'event': 'begin', 'statement': n})\n"
        "    worker._send({'event': 'end', 'statement': n, 'value': 'x'})"
    )
    report = check(cells(FORGE + forged, "print(1)  # 1"))
    assert statuses(report) == ["passed", "passed"]

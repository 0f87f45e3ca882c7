"""Code as people write it for notebooks: await, commands, children that fork and come back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.cells.program import has_magic
from pipeline.cells.report import CellReport
from tests.cells.conftest import Check, cells, statuses

Run = Callable[..., CellReport]
NAP = "import asyncio\nasync def nap(x):\n    await asyncio.sleep(0.01)\n    return x\n"


def test_await_outside_a_function_runs(run: Run) -> None:
    cell = run(NAP + "print(await nap(42))\nawait nap(43)")
    assert (cell.status, cell.stdout, cell.result) == ("passed", "42\n43\n", "43")


@pytest.mark.parametrize(
    ("source", "stdout"),
    [
        ("task = asyncio.create_task(nap(1))\nprint(await task)", "1\n"),
        ("print(await asyncio.gather(nap(1), nap(2)))", "[1, 2]\n"),
        ("print([x async for x in count()])", "[0, 1]\n"),
        ("async for x in count():\n    print(x)", "0\n1\n"),
        ("async with asyncio.timeout(1):\n    print(await nap(3))", "3\n"),
        ("print(asyncio.run(nap(4)))", "4\n"),
        ("await nap(5)  # 5", "5\n"),
    ],
)
def test_asynchronous_code_of_every_form_runs(run: Run, source: str, stdout: str) -> None:
    count = "async def count():\n    for x in range(2):\n        yield x\n"
    cell = run(NAP + count + source)
    assert (cell.status, cell.stdout) == ("passed", stdout)


def test_cells_share_one_event_loop_also_after_a_death(check: Check) -> None:
    report = check(
        cells(
            NAP + "queue = asyncio.Queue()\nawait queue.put(7)",
            "import os\nos._exit(1)",
            "print(await queue.get(), await nap(8))",
        )
    )
    assert statuses(report) == ["passed", "failed", "passed"]
    assert report.cells[2].stdout == "7 8\n"


def test_an_error_in_asynchronous_code_has_the_cells_lines_only(run: Run) -> None:
    cell = run(NAP + "async def bad():\n    await nap(1)\n    1 / 0\nawait bad()")
    assert cell.reason == "ZeroDivisionError: division by zero"
    assert "statements" not in (cell.error or "")


def test_a_child_that_comes_to_the_end_of_the_cell_does_not_answer_for_its_parent(
    check: Check,
) -> None:
    fork = (
        "import os\npid = os.fork()\nif pid == 0:\n    print('child')\nelse:\n"
        "    os.waitpid(pid, 0)\n    print('parent')"
    )
    report = check(cells("x = 1", fork, "print('second cell', x + 1)"))
    assert statuses(report) == ["passed"] * 3
    assert report.cells[1].stdout == "child\nparent\n"
    assert report.cells[2].stdout == "second cell 2\n"


@pytest.mark.parametrize("end", ["raise ValueError('mine')", "import sys; sys.exit(3)", "1 / 0"])
def test_a_child_ends_with_its_own_status(run: Run, end: str) -> None:
    cell = run(
        f"import os\npid = os.fork()\nif pid == 0:\n    {end}\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))"
    )
    assert cell.status == "passed"
    assert cell.stdout == ("3\n" if "exit" in end else "1\n")


def test_a_child_in_the_middle_of_a_claimed_statement_marks_nothing(run: Run) -> None:
    cell = run("import os\nos.waitpid(os.fork() or os._exit(0), 0)[1]  # 0\nprint(1)  # 1")
    assert cell.status == "passed"


def test_a_function_that_forks_answers_an_oracle_once(check: Check) -> None:
    source = (
        "import os\ndef get_stats(ids):\n    counts = {}\n    os.fork()\n"
        "    for pair in zip(ids, ids[1:]):\n        counts[pair] = counts.get(pair, 0) + 1\n"
        "    return counts"
    )
    report = check(cells(source, "print('on')"), cell_timeout_s=5)
    assert report.cells[1].stdout == "on\n"


@pytest.mark.parametrize(
    "source",
    [
        "r = %timeit -o math.sqrt(2)",
        "files = !ls",
        "a, b = !ls",
        "self.x[0] = %who_ls",
        "%%timeit\nsum(range(9))",
        "  %matplotlib inline",
        "?len",
        "len?",
        "!pip install tiktoken",
    ],
)
def test_commands_of_a_notebook_are_known(run: Run, source: str) -> None:
    assert has_magic(source)
    cell = run(source)
    assert (cell.status, cell.reason) == ("skipped", "not Python (a command of a notebook)")


def test_an_error_beside_a_percent_sign_is_still_an_error(run: Run) -> None:
    assert run("x = 7 %\nprint(x)").status == "failed"
    assert run("x = = 7 % 2").status == "failed"


def test_the_notebooks_own_object_is_a_command_too(run: Run) -> None:
    assert run("get_ipython().system('ls')").status == "skipped"

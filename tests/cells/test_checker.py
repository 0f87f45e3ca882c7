"""Every status a cell can end in, and that the report is complete whatever a cell does."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.cells.checker import CheckedTexts, Text, check_article, check_texts
from pipeline.cells.report import CellReport, Report
from pipeline.cells.sandbox.selection import SandboxDescription
from pipeline.document import walk
from pipeline.document.article import Article, Section
from pipeline.document.parse import parse
from pipeline.document.serialise import serialise
from pipeline.models import Edition
from pipeline.settings.check import CheckSettings
from tests.cells.conftest import Check, cells, sandboxed, statuses

Run = Callable[..., CellReport]


def test_cells_run_in_order_in_one_namespace(check: Check) -> None:
    report = check(cells("x = 20", "x += 1", "x * 2"))
    assert statuses(report) == ["passed"] * 3
    assert (report.cells[2].stdout, report.cells[2].result) == ("42\n", "42")
    assert report.summary.passed == 3
    assert report.is_good()


def test_each_check_begins_with_an_empty_namespace(check: Check) -> None:
    check(cells("secret = 1"))
    assert check(cells("secret")).cells[0].status == "failed"


def test_a_raising_cell_fails_with_its_own_lines_in_the_traceback(run: Run) -> None:
    cell = run("def f(x):\n    return 1 / x\nf(0)")
    assert (cell.status, cell.reason) == ("failed", "ZeroDivisionError: division by zero")
    assert cell.error is not None
    assert 'File "<cell 1>", line 2, in f\n    return 1 / x' in cell.error
    assert "worker" not in cell.error


def test_code_that_does_not_parse_fails_with_the_line(run: Run) -> None:
    cell = run("x = 1\nif x\n    print(x)")
    assert cell.status == "failed"
    assert cell.reason == "SyntaxError: expected ':' (line 2)"


def test_a_data_file_that_is_missing_is_asked_for(run: Run) -> None:
    cell = run("open('taylorswift.txt')")
    assert cell.status == "failed"
    assert cell.reason.endswith("'taylorswift.txt' (files the lecture uses go into check.files)")


def test_names_from_before_an_error_are_there_afterwards(check: Check) -> None:
    report = check(cells("a = 1\nraise ValueError('no')\nb = 2", "print(a)", "print(b)"))
    assert statuses(report) == ["failed", "passed", "skipped"]
    assert report.cells[2].reason == "needs b from cell 1, which did not pass"


def test_a_missing_package_is_named_and_skips_what_needs_it(check: Check) -> None:
    report = check(
        cells(
            "import no_such_package.sub as nsp\nenc = nsp.get()",
            "print(enc)",
            "y = enc",
            "print(y)",
            "print(1)",
        )
    )
    assert statuses(report) == ["skipped"] * 4 + ["passed"]
    assert report.cells[0].reason == "needs the package no_such_package, which is not installed"
    assert report.cells[1].reason == "needs enc from cell 1, which did not pass"
    assert report.cells[3].reason == "needs y from cell 3, which did not pass"


def test_a_missing_part_of_an_installed_package_is_an_error(run: Run) -> None:
    assert run("import json.nothing").status == "failed"


@pytest.mark.parametrize("tag", ["skip-execution", "excerpt"])
def test_a_marked_cell_is_not_run(check: Check, tag: str) -> None:
    report = check(f"```python {tag}\nraise SystemError\n```\n")
    assert (report.cells[0].status, report.cells[0].reason) == ("skipped", f"marked {tag}")


def test_an_expected_exception_passes_and_is_kept(check: Check) -> None:
    report = check("```python raises-exception\nint('x')\n```\n")
    assert report.cells[0].status == "passed"
    assert "ValueError" in (report.cells[0].error or "")


def test_an_exception_that_was_expected_and_did_not_come_fails(check: Check) -> None:
    report = check("```python raises-exception\nint('1')\n```\n")
    assert report.cells[0].status == "failed"


def test_two_cells_with_the_same_source_have_their_own_verdicts() -> None:
    blocks = parse(cells("print(x)", "x = 1", "print(x)"))
    checked = check_texts([Text("", blocks)], sandboxed(), CheckSettings())
    ids = [cell.id for cell in walk.cells(checked.blocks[0])]
    assert len(set(ids)) == 3
    assert [checked.report.by_id[one].status for one in ids] == ["failed", "passed", "passed"]
    assert [cell.output for cell in walk.cells(checked.blocks[0])] == [None, None, "1\n"]


def test_other_languages_are_skipped_and_counted(check: Check) -> None:
    report = check("```bash\nrm -rf /\n```\n\n```rust\nfn main() {}\n```\n")
    assert [cell.reason for cell in report.cells] == ["not Python (bash)", "not Python (rust)"]
    assert report.is_good()


def from_screen(markdown: str) -> CheckedTexts:
    """The check of what was read from the screen of a lecture."""
    blocks = parse(markdown)
    return check_texts([Text("", blocks)], sandboxed(), CheckSettings(), from_screen=True)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("python excerpt\nshow(x)", "marked excerpt"),
        ("python\nimport no_such_package", "needs the package no_such_package"),
        ("python\nopen('taylorswift.txt')", "FileNotFoundError"),
        ("python\n!ls", "not Python"),
    ],
    ids=["excerpt", "package", "file", "command"],
)
def test_what_cannot_run_shows_the_output_that_the_lecture_shows(code: str, reason: str) -> None:
    checked = from_screen(f"```{code}\n```\n\n```text output\n42\n```\n")
    (cell,) = checked.report.cells
    assert (cell.status, cell.stdout) == ("shown", "")
    assert cell.reason.startswith(reason)
    assert [one.output for one in walk.cells(checked.blocks[0])] == ["42\n"]
    assert checked.report.summary.shown == 1
    assert checked.report.is_good()


def test_without_an_output_in_the_lecture_nothing_is_shown() -> None:
    checked = from_screen(cells("import no_such_package", "open('a.txt')"))
    assert statuses(checked.report) == ["skipped", "failed"]


def test_an_output_that_a_model_wrote_was_not_seen(check: Check) -> None:
    report = check("```python excerpt\nshow(x)\n```\n\n```text output\n42\n```\n")
    assert statuses(report) == ["skipped"]


@pytest.mark.parametrize(("edition", "status"), [("transcript", "shown"), ("llm", "skipped")])
def test_the_code_of_the_transcript_edition_was_read_from_the_screen(
    edition: Edition, status: str
) -> None:
    section = Section(
        id="sec01",
        title="T",
        start_ms=0,
        end_ms=1,
        markdown="```python excerpt\nx\n```\n\n```\n1\n```\n",
        segments=(),
    )
    article = Article(title="T", edition=edition, sections=(section,))
    assert statuses(check_article(article, sandboxed(), CheckSettings()).report) == [status]


WRONG = "def get_stats(ids):\n    return {pair: 1 for pair in zip(ids, ids[1:])}"


def test_a_function_read_from_the_screen_is_not_called_wrong(check: Check) -> None:
    assert check(cells(WRONG)).oracles[0].status == "failed"
    (oracle,) = from_screen(cells(WRONG)).report.oracles
    assert oracle.status == "skipped"
    assert oracle.detail.startswith("differs, but may have been cut off, misread or misheard: get")
    right = WRONG.replace("pair: 1", "pair: list(zip(ids, ids[1:])).count(pair)")
    assert [one.status for one in from_screen(cells(right)).report.oracles] == ["passed"]


def test_excerpts_are_counted_with_all_other_cells(check: Check) -> None:
    report = check(cells("1") + "```python excerpt\nx\n```\n")
    assert report.headline == "1 of 2 cells ran"
    assert (report.summary.passed, report.summary.skipped) == (1, 1)


def test_notebook_commands_are_skipped(run: Run) -> None:
    assert run("!pip install tiktoken").status == "skipped"
    assert run("%timeit 1 + 1").status == "skipped"


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("import sys; sys.exit(3)", "failed"),
        ("import os; os._exit(0)", "failed"),
        ("import os; os.abort()", "failed"),
        ("import os; os.kill(os.getpid(), 9)", "blocked"),
        ("import ctypes; ctypes.string_at(0)", "failed"),
        ("import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()\nf()", "failed"),
        ("raise KeyboardInterrupt", "failed"),
        ("import os; os.close(1)", "blocked"),
        ("import sys; sys.stdout.close()", "passed"),
    ],
)
def test_the_report_is_complete_whatever_ends_a_cell(
    check: Check, source: str, status: str
) -> None:
    report = check(cells("kept = 7", f"print('so far')\n{source}", "kept * 6"), cell_timeout_s=3)
    assert len(report.cells) == 3
    assert report.cells[1].stdout.startswith("so far\n")
    assert report.cells[1].status in (status, "failed", "blocked", "timeout")
    assert report.cells[1].status != "passed" or status == "passed"


def test_after_a_killed_cell_the_others_have_what_ran_before_it(check: Check) -> None:
    report = check(
        cells(
            "import random\nlucky = random.random()\nprint(lucky)",
            "broken = 1\nimport os\nos._exit(1)",
            "print(lucky)",
            "print(broken)",
        )
    )
    assert statuses(report) == ["passed", "failed", "passed", "skipped"]
    assert report.cells[2].stdout == report.cells[0].stdout, "the first cell was run again"


WORKER = (
    "import gc\nworker = next(o for o in gc.get_objects() if type(o).__name__ == 'CellWorker')\n"
)


@pytest.mark.parametrize(
    "damage",
    [
        f"{WORKER}type(worker)._run = lambda self, command: 1 / 0",
        f"{WORKER}type(worker._namespace).execute = lambda *given: 1 / 0",
        "import json\njson.loads = None",
        "import ast\nast.parse = lambda *given: 1 / 0",
        "import builtins\nbuiltins.compile = None",
        "import linecache\nlinecache.cache = None",
    ],
    ids=["_run", "execute", "json", "ast", "compile", "linecache"],
)
def test_a_cell_that_breaks_what_runs_the_cells_is_to_blame_and_not_the_next(
    check: Check, damage: str
) -> None:
    report = check(cells("kept = 7", f"print('so far')\n{damage}", "print(kept * 6)"))
    assert statuses(report)[::2] == ["passed", "passed"]
    assert report.cells[2].stdout == "42\n"
    assert report.cells[1].stdout == "so far\n"
    assert (report.cells[1].status, report.cells[1].reason) == (
        "blocked",
        "breaks the program that runs the cells: none would run after it",
    )


def test_a_cell_that_keeps_the_next_one_from_beginning_is_undone(check: Check) -> None:
    damage = f"{WORKER}kept = 0\ntype(worker)._leave_standby = None"
    report = check(cells("kept = 7", damage, "print(kept * 6)"))
    assert (report.cells[2].status, report.cells[2].stdout) == ("passed", "42\n")


def test_output_of_a_thread_that_never_ends_does_not_disturb_the_report(check: Check) -> None:
    report = check(
        cells(
            "import threading, time\ndef noise():\n    while True:\n        print('z' * 5000)\n"
            "        time.sleep(0.001)\nthreading.Thread(target=noise, daemon=True).start()",
            *["1 + 1"] * 10,
        )
    )
    assert statuses(report) == ["passed"] * 11
    assert all(cell.result == "2" for cell in report.cells[1:])


def test_without_a_sandbox_cells_are_parsed_but_not_run() -> None:
    bench = sandboxed()
    none = SandboxDescription("none", "bubblewrap is not installed", None)
    text = cells("print(1)", "x = = 1")
    report = _check_with(none, text)
    assert statuses(report) == ["skipped", "failed"]
    assert report.cells[0].reason == (
        "not executed: no sandbox works here (bubblewrap is not installed)"
    )
    assert report.sandbox == "none: bubblewrap is not installed"
    assert bench.sandbox.usable


def test_execution_can_be_switched_off(check: Check) -> None:
    report = check(cells("print(1)"), execute=False)
    assert report.cells[0].reason == "not executed: check.execute is off"


def _check_with(sandbox: SandboxDescription, text: str) -> Report:
    from dataclasses import replace

    bench = replace(sandboxed(), sandbox=sandbox)
    return check_texts([Text("", parse(text))], bench, CheckSettings()).report


def test_the_same_article_gives_the_same_report(check: Check) -> None:
    text = cells("print({3, 1, 2}, 'a')", "import nope", "1/0", "while True: pass")
    assert check(text, cell_timeout_s=1) == check(text, cell_timeout_s=1)


def test_two_articles_share_one_namespace_and_one_count() -> None:
    texts = [Text("s1", parse(cells("a = 1"))), Text("s2", parse(cells("print(a)")))]
    checked = check_texts(texts, sandboxed(), CheckSettings())
    assert [(c.index, c.section, c.stdout) for c in checked.report.cells] == [
        (1, "s1", ""),
        (2, "s2", "1\n"),
    ]
    assert "```text output\n1\n```" in serialise(checked.blocks[1])


def test_a_cell_written_from_what_is_said_runs_and_keeps_its_mark(check: Check) -> None:
    checked = check("```python reconstructed\nprint(1 + 1)\n```\n")
    assert statuses(checked) == ["passed"]
    assert (checked.cells[0].tags, checked.cells[0].stdout) == (("reconstructed",), "2\n")

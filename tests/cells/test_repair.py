"""A wrong cell goes back to whoever can repair it, at most as often as the settings say."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.cells.checker import CheckedTexts, Text, check_texts
from pipeline.cells.repair import BrokenCell, code_of
from pipeline.document.blocks import Cell, List
from pipeline.document.parse import parse
from pipeline.document.serialise import serialise
from pipeline.settings.check import CheckSettings
from tests.cells.conftest import cells, sandboxed, statuses


class Scripted:
    """Gives one version after the other, and remembers what it was asked."""

    def __init__(self, *versions: str | None) -> None:
        self._versions = list(versions)
        self.asked: list[BrokenCell] = []

    def repair(self, broken: BrokenCell) -> str | None:
        self.asked.append(broken)
        return self._versions.pop(0) if self._versions else None


def check(repairer: Scripted, *sources: str, seconds: float = 20.0) -> CheckedTexts:
    settings = CheckSettings(cell_timeout_s=seconds)
    bench = sandboxed(cell_timeout_s=seconds)
    return check_texts([Text("s1", parse(cells(*sources)))], bench, settings, None, repairer)


def test_a_failing_cell_is_replaced_by_one_that_runs_and_marked() -> None:
    repairer = Scripted("y = x + 1\nprint(y)\n")
    checked = check(repairer, "x = 1", "y = x +* 1\nprint(y)", "print(y * 2)")
    assert statuses(checked.report) == ["passed"] * 3
    repaired = checked.report.cells[1]
    assert (repaired.repairs, repaired.written) == (1, "y = x +* 1\nprint(y)\n")
    assert repaired.stdout == "2\n"
    assert "```python\ny = x + 1\nprint(y)\n```\n\n```text output\n2\n```" in serialise(
        checked.blocks[0]
    )
    assert checked.sources["cells/002.py"] == "y = x + 1\nprint(y)\n"


def test_it_is_told_the_error_and_the_names_that_were_there_before_the_cell() -> None:
    repairer = Scripted(None)
    check(repairer, "x = 1\ndef f(): pass", "own = 2\nprint(undefined)")
    (broken,) = repairer.asked
    assert "NameError: name 'undefined' is not defined" in broken.problem
    assert broken.names == {"x": "int", "f": "function"}
    assert broken.index == 2


def test_it_is_asked_twice_and_then_the_first_version_stays_and_shows_its_error() -> None:
    repairer = Scripted("1 / 0", "2 / 0", "print('never asked for')")
    checked = check(repairer, "0 / 0")
    assert [one.source for one in repairer.asked] == ["0 / 0\n", "1 / 0\n"]
    cell = checked.report.cells[0]
    assert (cell.status, cell.repairs, cell.written) == ("failed", 2, None)
    assert cell.source == "0 / 0\n"


def test_a_second_version_begins_where_the_first_one_began() -> None:
    repairer = Scripted("x.append(2)\nprint(x)\n")
    checked = check(repairer, "x = [1]", "x.append(9)\nraise ValueError(x)", "print(len(x))")
    assert checked.report.cells[1].stdout == "[1, 2]\n"
    assert checked.report.cells[2].stdout == "2\n"


def test_earlier_cells_are_not_run_again_for_it() -> None:
    repairer = Scripted("raise KeyError", "print(token)")
    checked = check(repairer, "import uuid\ntoken = uuid.uuid4()\nprint(token)", "1 / 0")
    assert checked.report.cells[1].stdout == checked.report.cells[0].stdout


def test_a_cell_that_never_ends_is_repaired_too() -> None:
    repairer = Scripted("print('done')")
    checked = check(repairer, "x = 1", "while x: pass", seconds=1.0)
    assert checked.report.cells[1].stdout == "done\n"


def test_a_function_that_disagrees_with_minbpe_is_repaired() -> None:
    right = (
        "def get_stats(ids):\n    counts = {}\n    for pair in zip(ids, ids[1:]):\n"
        "        counts[pair] = counts.get(pair, 0) + 1\n    return counts\n"
    )
    repairer = Scripted(right)
    checked = check(repairer, right.replace(" + 1", " + 2"))
    assert "get_stats([1, 1]) gives {(1, 1): 2}, minbpe gives {(1, 1): 1}" in (
        repairer.asked[0].problem
    )
    assert [one.status for one in checked.report.oracles] == ["passed"]


def test_a_function_that_the_lecture_repairs_itself_is_left_alone() -> None:
    stats = "def get_stats(ids):\n    return {p: 1 for p in zip(ids, ids[1:])}"
    better = "from collections import Counter\n"
    better += "def get_stats(ids):\n    return Counter(zip(ids, ids[1:]))"
    repairer = Scripted()
    checked = check(repairer, stats, better)
    assert repairer.asked == []
    (oracle,) = checked.report.oracles
    assert (oracle.status, oracle.cell) == ("passed", 2)
    assert "the first version, in cell 1, did not" in oracle.detail


def test_good_skipped_and_corrected_cells_are_not_sent_back() -> None:
    repairer = Scripted()
    check(repairer, "print(1)", "import no_such_package", "print(2)  # 3")
    assert repairer.asked == []


IN_A_LIST = """\
- Like this:
  ```python
  def f():
      return 1
  print(f())
  ```

> ```python
> if f():
>     print("in a quote")
> ```
"""


def test_a_right_cell_in_a_list_or_quotation_is_not_sent_back() -> None:
    repairer = Scripted()
    blocks = parse(IN_A_LIST)
    checked = check_texts([Text("s1", blocks)], sandboxed(), CheckSettings(), None, repairer)
    assert statuses(checked.report) == ["passed", "passed"]
    assert repairer.asked == []


def test_a_wrong_cell_in_a_list_is_repaired_where_it_stands() -> None:
    repairer = Scripted("for i in range(2):\n    print(i)\n")
    blocks = parse("- So:\n  ```python\n  for i in range(2)\n      print(i)\n  ```\n")
    checked = check_texts([Text("s1", blocks)], sandboxed(), CheckSettings(), None, repairer)
    assert [one.source for one in repairer.asked] == ["for i in range(2)\n    print(i)\n"]
    (found,) = checked.blocks[0]
    assert isinstance(found, List)
    _, cell = found.items[0]
    assert isinstance(cell, Cell)
    assert (cell.id, cell.output) == ("cell-1", "0\n1\n")


def test_the_code_is_taken_out_of_a_talkative_reply() -> None:
    read: Callable[[str], str | None] = code_of
    assert read("Sure!\n\n```python\nx = 1\n```\nDone.") == "x = 1\n"
    assert read("x = 1") == "x = 1\n"
    assert read("1. Better:\n   ```python\n   x = 1\n   ```\n\n2. Try it.") == "x = 1\n"
    assert read("def f():\n    return 1\n\n    # indented") == (
        "def f():\n    return 1\n\n    # indented\n"
    )
    assert read("Mind this:\n\n    a longer note\n\n```py\nx\n```") == "x\n"
    assert read("So:\n\n```\nx = '\u202e'\n```") == "x = '\\u202e'\n"
    assert read("**KEEP** it is meant so") is None
    assert read("") is None

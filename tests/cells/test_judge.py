"""What a cell gives cannot make this process use gigabytes or minutes, or end the check."""

from __future__ import annotations

import json
import os
import resource
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from pipeline.cells.judge import Judge, JudgeLimits, NoVerdictError
from pipeline.cells.oracles.answers import read_answer
from pipeline.cells.oracles.bpe_samples import as_merges
from pipeline.cells.report import CellReport
from tests.cells.conftest import Check, cells, statuses

Run = Callable[..., CellReport]


class Giving:
    """A chapter whose functions give one answer, whatever they are asked."""

    doubtful = False

    def __init__(self, value: Any, kind: str = "value") -> None:
        self._text = value if isinstance(value, bytes) else json.dumps([[kind, value]]).encode()

    def call(self, function: str, inputs: str, seconds: float) -> bytes | None:
        return self._text


def answered(value: Any, limits: JudgeLimits | None = None) -> list[str]:
    """The statuses of what an oracle says about ``answer = value``."""
    with Judge(["tests.cells.oracles.other_field:AnswerOracle"], limits=limits) as judge:
        found = judge.examine(frozenset({"answer"}), {"answer": "int"}, Giving(value))
    return [one.status for one in found]


def grown_mib() -> float:
    """The most memory this process ever had, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def spent_s() -> float:
    """Processor time of this process and of all that it started and has waited for."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def test_an_oracle_judges_in_a_process_of_its_own() -> None:
    assert answered(42) == ["passed"]
    assert answered(41) == ["failed"]


def test_an_oracle_that_raises_is_skipped_with_its_reason() -> None:
    with Judge(
        ["tests.cells.oracles.other_field:Raising", "tests.cells.oracles.other_field:AnswerOracle"]
    ) as one:
        found = one.examine(frozenset({"answer"}), {"answer": "int"}, Giving(42))
    assert [(finding.name, finding.status) for finding in found] == [
        ("RaisingOracle", "skipped"),
        ("answer", "passed"),
    ]
    assert "ZeroDivisionError" in found[0].detail


def test_an_oracle_that_never_ends_is_skipped_and_the_next_one_asked() -> None:
    names = [
        "tests.cells.oracles.other_field:Endless",
        "tests.cells.oracles.other_field:AnswerOracle",
    ]
    with Judge(names, limits=JudgeLimits(seconds=1)) as judge:
        found = judge.examine(frozenset({"answer"}), {"answer": "int"}, Giving(42))
    assert [finding.status for finding in found] == ["skipped", "passed"]
    assert found[0].detail == "judging it takes more than 1 s"


def test_an_oracle_that_needs_too_much_memory_is_skipped_and_the_next_one_asked() -> None:
    names = [
        "tests.cells.oracles.other_field:Hungry",
        "tests.cells.oracles.other_field:AnswerOracle",
    ]
    with Judge(names, limits=JudgeLimits(memory_mb=256)) as judge:
        found = judge.examine(frozenset({"answer"}), {"answer": "int"}, Giving(42))
    assert [finding.status for finding in found] == ["skipped", "passed"]


@pytest.mark.parametrize(
    "answer",
    [
        b"[[" * 3_000_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'[["value", ' + b"9" * 1_000_000 + b"]]",
        b'[["value", {"d": [{"t": []}, 1, []]}]]',
        b'[["value", {"s": [[]]}]]',
        b'[["value", {"b": 7}]]',
        b'[["value", {"x": []}]]',
        b'[["other", 1]]',
        b"{}",
        b"not JSON",
        b"\xff\xfe",
    ],
)
def test_an_answer_that_cannot_be_read_is_skipped(answer: bytes) -> None:
    before = grown_mib()
    assert answered(answer) == ["skipped"]
    assert grown_mib() - before < 200


def test_answers_come_back_as_they_were() -> None:
    text = (
        '[["value", {"t": [1, [2.5, null], {"b": "\\u00ff"}, {"d": ["k", {"s": [3]}]}]}],'
        ' ["error", "no"]]'
    )
    assert read_answer(text).results == (
        ("value", (1, [2.5, None], b"\xff", {"k": {3}})),
        ("error", "no"),
    )


def test_outputs_that_are_too_much_to_compare_do_not_agree_and_cost_nothing_here() -> None:
    before, started = grown_mib(), spent_s()
    with Judge(limits=JudgeLimits(seconds=5, memory_mb=256)) as judge:
        line = "[" + "[1, 2], " * 600_000 + "]"
        try:
            agree = judge.agree(line, line.replace("2", "3", 1))
        except NoVerdictError:
            agree = False
        assert not agree
        assert judge.agree("{1, 2}", "{2, 1}"), "the judge is there again"
    assert spent_s() - started < 30
    assert grown_mib() - before < 200


def test_a_cell_that_prints_a_line_of_megabytes_has_a_verdict(check: Check) -> None:
    before, started = grown_mib(), spent_s()
    report = check(
        cells("print('[' + '[], ' * 1_000_000 + ']')  # [[], []]", "print(1)  # 1"),
        output_mb=8,
    )
    assert statuses(report) == ["mismatch", "passed"]
    assert spent_s() - started < 30
    assert grown_mib() - before < 300


def test_an_answer_of_millions_of_items_has_a_verdict(check: Check) -> None:
    before, started = grown_mib(), spent_s()
    source = "def get_stats(ids):\n    return {(i, i): 'x' * 300 for i in range(1_000_000)}"
    report = check(cells(source, "print('on')"))
    assert report.cells[1].stdout == "on\n"
    assert all(one.status in ("failed", "skipped") for one in report.oracles)
    assert spent_s() - started < 60
    assert grown_mib() - before < 300


@pytest.mark.parametrize("count", [12, 24, 40])
def test_merges_that_double_have_a_verdict(check: Check, count: int) -> None:
    started = spent_s()
    source = (
        f"merges = {{(97, 97): 256}}\nfor i in range(1, {count}):\n"
        "    merges[255 + i, 255 + i] = 256 + i\n"
        "ids = [97] * 8\ndef encode(text):\n    return list(text.encode())\n"
        "def decode(ids):\n    return ''"
    )
    report = check(cells(source, "print('on')"))
    assert report.cells[1].stdout == "on\n"
    assert spent_s() - started < 90


def test_merges_whose_tokens_nobody_could_write_out_are_none() -> None:
    doubling = {(255 + n if n else 97, 255 + n if n else 97): 256 + n for n in range(40)}
    assert as_merges(doubling) is None
    assert as_merges({(97, 97): 256, (256, 97): 257}) is not None


def picture_of(width: int, height: int) -> bytes:
    """A PNG of one colour, of any size in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_pictures_are_decoded_before_they_are_kept() -> None:
    with Judge() as judge:
        assert judge.is_picture(picture_of(64, 64))
        assert not judge.is_picture(picture_of(30_000, 30_000)), "a bomb"
        assert not judge.is_picture(picture_of(64, 64)[:-30]), "cut off"
        assert not judge.is_picture(b"\x89PNG\r\n<script>")
        assert not judge.is_picture(b"")


def test_a_picture_that_unpacks_to_gigabytes_is_left_out_and_said_so(
    check: Check, tmp_path: os.PathLike[str]
) -> None:
    bomb = picture_of(30_000, 30_000)
    report = check(
        cells(f"import zlib\nopen('a.png', 'wb').write({bomb[:40]!r})", "print(1)")
        if len(bomb) > 500_000
        else cells(f"open('a.png', 'wb').write({bomb!r})", "print(1)")
    )
    assert statuses(report) == ["passed", "passed"]
    assert report.cells[0].pictures == ()
    assert report.cells[0].reason == (
        "1 of its pictures cannot be shown (not drawn, damaged or too large)"
    )


@pytest.mark.parametrize(
    "source",
    [
        "10 ** 5000",
        "class R:\n    def __repr__(self): raise ValueError('no')\nR()",
        "class R:\n    def __repr__(self): return 7\nR()",
        "raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})()",
        "raise type('E', (BaseException,), {})()",
        "class M(type):\n    __name__ = 7\nclass E(Exception, metaclass=M): pass\nraise E",
        "e = ModuleNotFoundError('x', name='\\0')\nraise e",
        "e = ModuleNotFoundError('x', name='x' * 100_000)\nraise e",
        "raise OSError(2, 'x', '\\ud800')",
        "raise OSError(10**30, 'x')",
        "raise SystemExit('\\ud800')",
        "globals().update({f'n{i}': i for i in range(100_000)})",
        "globals()['x' * 1_000_000] = 1",
        "import sys\nsys.stdout.buffer.write(b'\\xff\\x00' * 100_000)",
        "import builtins\nbuiltins.repr = None\nbuiltins.print = None\n7",
        "import json\njson.dumps = None",
        "import os\nos.write = None",
        "import sys\nsys.stdout = None",
        "import sys\nsys.exit = None\nsys.modules.clear()",
        "import builtins\nbuiltins.len = lambda x: -1",
        "raise ExceptionGroup('g', [ValueError(i) for i in range(50_000)])",
        "x = []\nfor _ in range(100_000):\n    x = [x]\nx",
    ],
)
def test_whatever_a_cell_raises_or_gives_is_a_verdict(check: Check, source: str) -> None:
    report = check(cells("kept = 7", source, "print('next')"), cell_timeout_s=3)
    assert len(report.cells) == 3
    report.model_dump_json().encode("utf-8")

"""Outputs are what a terminal shows in the end."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from pipeline.cells.report import CellReport
from pipeline.cells.sandbox.terminal_output import as_shown

ESC = "\x1b"


@pytest.mark.parametrize(
    ("raw", "screen"),
    [
        ("plain\nlines\n", "plain\nlines\n"),
        ("line\r\n", "line\n"),
        ("\r0\r1\r2", "2"),
        ("loading...\rdone", "doneing..."),
        ("loading...\r" + ESC + "[Kdone\n", "done\n"),
        (ESC + "[31mred" + ESC + "[0m", "red"),
        (ESC + "[1;38;5;196mbold" + ESC + "[m", "bold"),
        (ESC + "]0;title\x07text", "text"),
        (ESC + "]8;;http://x/" + ESC + "\\link" + ESC + "]8;;" + ESC + "\\", "link"),
        ("abc\b\bX", "aXc"),
        ("bell\a", "bell"),
        ("one\ntwo\n" + ESC + "[2A" + "ONE\n\n", "ONE\ntwo\n"),
        ("a" + ESC + "[3Cb", "a   b"),
        ("frame 1" + ESC + "[2J" + ESC + "[Hframe 2", "frame 2"),
        ("keep\ngo\naway" + ESC + "[1A\r" + ESC + "[J", "keep\n"),
        (ESC + "(B" + ESC + "=text", "text"),
        ("cut " + ESC + "[", "cut "),
    ],
)
def test_a_terminal_shows(raw: str, screen: str) -> None:
    assert as_shown(raw) == screen


def test_a_progress_bar_is_its_last_state(run: Callable[..., CellReport]) -> None:
    bar = (
        "import sys, time\nfor i in range(1, 4):\n"
        "    sys.stdout.write(f'\\r{i * 33:3d}%|' + '#' * i + '|')\nprint()"
    )
    assert run(bar).stdout == " 99%|###|\n"


def test_colours_are_not_in_the_output(run: Callable[..., CellReport]) -> None:
    cell = run("print('\\033[31mred\\033[0m')  # red")
    assert (cell.status, cell.stdout) == ("passed", "red\n")


@pytest.mark.parametrize(
    "piece",
    [
        "\rX",
        ESC + "[999999C",
        ESC + "[1K",
        ESC + "[A",
        "\n" + ESC + "[H",
        ESC + "[J",
        "\bY",
        ESC,
        ESC + "[999999Cx",
        "\n" + ESC + "[999Cx",
    ],
)
def test_any_output_is_shown_in_time_that_grows_with_its_length(piece: str) -> None:
    raw = "x" * 200_000 + piece * (200_000 // len(piece))
    started = time.process_time()
    screen = as_shown(raw)
    assert len(screen) <= len(raw) * 4 + 1_000_000
    assert time.process_time() - started < 20

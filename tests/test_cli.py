"""The command line as a person meets it: real processes, their output and exit status."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.shared import ROOT


def call(*words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def chapter(narrated_video: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An output folder with one finished chapter, and what ``run`` printed."""
    output = tmp_path_factory.mktemp("cli") / "output"
    done = call("run", str(narrated_video), "--output", str(output))
    assert done.returncode == 0, done.stderr
    return output, done.stdout


def test_run_prints_one_line_the_path_of_the_chapter(chapter: tuple[Path, str]) -> None:
    output, printed = chapter
    assert printed.count("\n") == 1
    assert Path(printed.strip()).name == "index.html"
    assert Path(printed.strip()).is_relative_to(output)
    assert Path(printed.strip()).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_second_run_does_no_work(chapter: tuple[Path, str], narrated_video: Path) -> None:
    again = call("run", str(narrated_video), "--output", str(chapter[0]))
    assert again.returncode == 0
    assert "everything is up to date" in again.stderr
    assert "starts" not in again.stderr


def test_status_says_which_setting_made_a_stage_stale(chapter: tuple[Path, str]) -> None:
    output, _ = chapter
    plain = call("status", "--output", str(output), "--set", "segment.max_s=30")
    assert "setting segment.max_s changed from 60.0 to 30.0" in plain.stdout
    told = json.loads(call("status", "--json", "--output", str(output)).stdout)
    (states,) = told.values()
    assert {state["state"] for state in states} == {"fresh"} and len(states) == 8


def test_a_single_stage_can_be_run_again(chapter: tuple[Path, str]) -> None:
    output, _ = chapter
    (name,) = json.loads(call("status", "--json", "--output", str(output)).stdout)
    done = call("stage", "render", name, "--output", str(output))
    assert done.returncode == 0 and "render: done" in done.stderr
    wrong = call("stage", "rendre", name, "--output", str(output))
    assert wrong.returncode == 2
    assert "there is no stage 'rendre'" in wrong.stderr


def test_an_estimate_of_the_transcript_edition_is_zero(chapter: tuple[Path, str]) -> None:
    output, _ = chapter
    (name,) = json.loads(call("status", "--json", "--output", str(output)).stdout)
    told = json.loads(call("estimate", name, "--json", "--output", str(output)).stdout)
    assert (told["calls"], told["cost"]) == (0, 0)


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["run", "absent.mp4"], 1, "absent.mp4"),
        (["run", "demo", "--from", "1:00", "--to", "0:30"], 2, "--to 0:30 is not after --from"),
        (["run", "demo", "--from", "soon"], 2, "not a time: 'soon'"),
        (["run", "demo", "--set", "write.detial=1"], 2, "write.detial: no such setting"),
        (["run"], 2, "SOURCE"),
        (["status", "absent"], 2, "no chapter 'absent'"),
        (["check", "absent.md"], 1, "absent.md"),
    ],
)
def test_wrong_use_ends_with_one_clear_line(
    words: list[str], status: int, message: str, tmp_path: Path
) -> None:
    output = [] if words == ["run"] else ["--output", str(tmp_path)]
    done = call(*words, *output)
    assert done.returncode == status
    assert done.stdout == ""
    errors = [line for line in done.stderr.splitlines() if "error:" in line]
    assert len(errors) == 1 and message in errors[0]
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_with_130_and_says_how_to_go_on(narrated_video: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run", str(narrated_video), "--output", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    assert "download: starts" in process.stderr.readline()
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "run the same command again to go on" in told


def test_doctor_tells_what_is_there_and_what_to_do() -> None:
    found = {item["name"]: item for item in json.loads(call("doctor", "--json").stdout)}
    assert found["ffmpeg"]["state"] == "ok"
    assert found["language model"]["state"] == "optional"
    assert "llm.model" in found["language model"]["remedy"]


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys, pipeline.cli\n"
        "try: pipeline.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'whisper', 'av', 'numpy', 'openai', 'yt_dlp', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.rstrip().endswith("[]")

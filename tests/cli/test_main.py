"""The command line as a person meets it: real processes, their output and exit status."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.engine.stage_names import STAGE_NAMES
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


def test_a_plain_run_keeps_the_settings_of_the_lecture_until_they_are_reset(
    narrated_video: Path, tmp_path: Path
) -> None:
    output = ["--output", str(tmp_path)]
    run = ("run", str(narrated_video), "--until", "segment", *output)
    assert call(*run, "--set", "segment.max_s=30").returncode == 0
    plain = call(*run)
    assert "segment: up to date" in plain.stderr
    assert "settings of this lecture: segment.max_s=30 (run --reset drops them)" in plain.stderr
    told = call("status", *output).stdout
    assert "settings of its own: segment.max_s=30" in told
    assert "segment     fresh" in told
    other = call("status", *output, "--set", "segment.max_s=40").stdout
    assert "setting segment.max_s changed from 30.0 to 40.0" in other
    reset = call(*run, "--reset")
    assert "setting segment.max_s changed from 30.0 to 60.0" in reset.stderr
    assert "settings of" not in call(*run).stderr + call("status", *output).stdout


def test_another_engine_is_the_only_reason_that_status_gives(chapter: tuple[Path, str]) -> None:
    output, _ = chapter
    plain = call("status", "--output", str(output), "--set", "transcribe.engine=captions")
    assert "setting transcribe.engine changed from 'auto' to 'captions'" in plain.stdout
    assert "tool " not in plain.stdout


def test_language_and_track_are_settings_of_the_lecture(
    narrated_video: Path, tmp_path: Path
) -> None:
    words = ("run", str(narrated_video), "--output", str(tmp_path), "--until", "transcribe")
    assert call(*words, "--language", "no", "--track", "1").returncode == 0
    told = call("status", "--output", str(tmp_path)).stdout
    assert 'settings of its own: transcribe.language="no", transcribe.track=1' in told
    wrong = call(*words, "--track", "2")
    assert wrong.returncode == 2
    assert (
        "'A very short lecture' has no audio track 2 (its audio tracks: 1 (mono))" in wrong.stderr
    )


def test_a_lecture_without_a_word_gets_its_page_and_status_1(
    tiny_video: Path, tmp_path: Path
) -> None:
    words = ("run", str(tiny_video), "--output", str(tmp_path))
    done = call(*words)
    assert done.returncode == 1
    assert Path(done.stdout.strip()).is_file() and Path(done.stdout.strip()).is_absolute()
    *_, last = done.stderr.splitlines()
    assert last.startswith("error: the chapter of 'Tiny' has no spoken word: nobody speaks in the")
    assert "--allow-silent" in last
    accepted = call(*words, "--allow-silent")
    assert (accepted.returncode, accepted.stdout) == (0, done.stdout)
    assert "error" not in accepted.stderr


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["run", "absent.mp4"], 2, "absent.mp4"),
        (["run", "demo", "--from", "1:00", "--to", "0:30"], 2, "--to 0:30 is not after --from"),
        (["run", "demo", "--from", "soon"], 2, "not a time: 'soon'"),
        (["run", "demo", "--set", "write.detial=1"], 2, "write.detial: no such setting"),
        (["run"], 2, "SOURCE"),
        (["status", "absent"], 2, "no chapter 'absent'"),
        (["check", "absent.md"], 2, "absent.md"),
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


def test_verbose_logs_what_every_stage_did_with_times(narrated_video: Path, tmp_path: Path) -> None:
    done = call("run", str(narrated_video), "--output", str(tmp_path), "-v")
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    lines = done.stderr.splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (INFO|WARNING) ", line) for line in lines)
    told = "\n".join(line[20:] for line in lines)
    for stage in STAGE_NAMES:
        assert f"INFO runner: stage {stage} wrote " in told
    assert "INFO video.screens.frames: 3 states of the screen in " in told
    assert "INFO stages.segment: " in told and "INFO cli.terminal: transcribe: captions: " in told
    again = call(
        "run", str(narrated_video), "--output", str(tmp_path), "--force", "download", "-vv"
    )
    assert "DEBUG runner: stage download of " in again.stderr


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
        "import sys, pipeline.cli.main\n"
        "try: pipeline.cli.main.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'whisper', 'av', 'numpy', 'openai', 'yt_dlp', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.rstrip().endswith("[]")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("rnu", "demo"), "did you mean run?"),
        (("run", "demo", "--quit"), "did you mean --quiet?"),
        (("stage", "rendr", "demo"), "did you mean render?"),
        (("status", "--set", "segment.mni_s=3"), "did you mean segment.min_s?"),
    ],
)
def test_a_misspelt_word_is_wrong_usage_and_told_what_it_may_mean(
    words: tuple[str, ...], meant: str
) -> None:
    done = call(*words)
    assert done.returncode == 2 and meant in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("run", "missing.mp4"),
        ("check", "missing.md"),
        ("estimate", "missing.mp4"),
        ("book", "missing.txt"),
        ("run", "demo", "--replay", "missing"),
        ("status", "--config", "missing.yaml"),
    ],
)
def test_a_file_that_is_missing_is_wrong_usage(words: tuple[str, ...], tmp_path: Path) -> None:
    more = () if words[0] == "check" else ("--output", str(tmp_path))
    done = call(*words, *more)
    assert done.returncode == 2 and done.stderr.count("error:") == 1


def test_an_estimate_needs_a_model_and_no_key(
    chapter: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    output, _ = chapter
    (name,) = json.loads(call("status", "--json", "--output", str(output)).stdout)
    words = ("estimate", name, "--json", "--output", str(output), "--set", "llm.model=gpt-4o")
    told = json.loads(call(*words).stdout)
    assert told["edition"] == "llm" and told["calls"] > 0 and told["cost"] > 0
    told = call(*words[:2], *words[3:], "--set", "llm.max_cost=2").stdout
    assert "towards llm.max_cost 2 a call without an account" in told
    assert "counts 0.16 or more" in told  # 16,384 tokens at 10 dollars a million


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_the_commands(shell: str) -> None:
    printed = call("completion", shell).stdout
    assert "estimate" in printed and "--until" in printed


@pytest.mark.parametrize("source", ["broken.mp4", "missing.mp4", "http://10.0.0.1/talk.mp4"])
def test_a_source_that_is_none_leaves_no_folder(source: str, tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"this is no video" * 100)
    given = source if "://" in source else str(tmp_path / source)
    output = tmp_path / "output"
    refuse = ("--set", "download.private_addresses=refuse")
    done = call("run", given, "--output", str(output), *refuse)
    status = 2 if source == "missing.mp4" else 1
    assert done.returncode == status and done.stderr.count("error:") == 1
    assert not output.exists() or list(output.iterdir()) == []

"""Ended in the middle of every stage, in every way: the next run loses nothing and repeats nothing.

``kill -9``, SIGTERM, Ctrl-C (as a terminal sends it, to ffmpeg and all), a closed terminal, Ctrl-C
twice, and a reader that goes away.
"""

from __future__ import annotations

import contextlib
import os
import pty
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.runner import STAGES
from tests.faults.conftest import Undisturbed
from tests.faults.runs import LONG, Run, contents, finished_stages, litter, moment, wait_for
from tests.shared import ROOT
from tests.tally import Tally

ROUNDS = 10 if LONG else 1
KILLS = 60 if LONG else 3
KINDS = {"kill -9": signal.SIGKILL, "SIGTERM": signal.SIGTERM, "Ctrl-C": signal.SIGINT}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("round_", range(ROUNDS))
def test_a_run_ended_in_every_stage_in_turn_gives_the_undisturbed_chapter(
    narrated_video: Path,
    undisturbed: Undisturbed,
    tmp_path: Path,
    tally: Tally,
    kind: str,
    round_: int,
) -> None:
    output, tmp = tmp_path / "output", tmp_path / "tmp"
    moments = random.Random(f"{kind} {round_}")
    ended = 0
    for stage in STAGES:
        done = finished_stages(output)
        run = Run(narrated_video, output, tmp=tmp)
        if run.wait_for_stage(stage.name):
            moment(moments, undisturbed.lengths[stage.name])
            run.signal(KINDS[kind], everyone=kind == "Ctrl-C")
        status = run.end()
        assert not done.intersection(run.begun()), "a finished stage was done again"
        if status == 0:
            # It was over before the signal came: the stages from this one on are to be done again.
            for later in STAGES[STAGES.index(stage) :]:
                for folder in output.glob(f"*/{later.name}"):
                    shutil.rmtree(folder)
            continue
        ended += 1
        assert status == (-signal.SIGKILL if kind == "kill -9" else 130), run.lines
        if kind != "kill -9":
            assert "run the same command again" in run.lines[-1]
            assert litter(output, tmp) == []
    done = finished_stages(output)
    last = Run(narrated_video, output, tmp=tmp)
    assert not done.intersection(last.finish())
    assert contents(output) == undisturbed.contents
    assert litter(output, tmp) == []
    assert ended >= 1
    tally.survived(kind, ended)


def test_kills_at_any_moment_leave_the_chapter_of_an_undisturbed_run(
    narrated_video: Path, undisturbed: Undisturbed, tmp_path: Path, tally: Tally
) -> None:
    output, tmp = tmp_path / "killed", tmp_path / "tmp"
    length_s = 1.5 + sum(undisturbed.lengths.values())
    moments = random.Random(20)
    kills = repeated = 0
    while kills < KILLS:
        shutil.rmtree(output, ignore_errors=True)
        for _ in range(4):
            run = Run(narrated_video, output, tmp=tmp)
            with contextlib.suppress(subprocess.TimeoutExpired):
                run.process.wait(moments.uniform(0.05, 0.75) * length_s)
            if run.process.poll() is not None:
                run.end()
                break
            run.kill()
            kills += 1
        done = finished_stages(output)
        repeated += len(done.intersection(Run(narrated_video, output, tmp=tmp).finish()))
        assert contents(output) == undisturbed.contents
        assert litter(output, tmp) == []
    assert repeated == 0
    tally.survived("kill -9", kills)


def test_a_closed_terminal_ends_the_run_and_nohup_keeps_it(
    narrated_video: Path, undisturbed: Undisturbed, tmp_path: Path, tally: Tally
) -> None:
    output, tmp = tmp_path / "output", tmp_path / "tmp"
    run = Run(narrated_video, output, tmp=tmp)
    assert run.wait_for_stage("screens")
    run.signal(signal.SIGHUP, everyone=True)
    assert run.end() == 130
    assert litter(output, tmp) == []
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # what nohup hands down
    try:
        run = Run(narrated_video, output, tmp=tmp)
    finally:
        signal.signal(signal.SIGHUP, before)
    assert run.wait_for_stage("screens")
    run.signal(signal.SIGHUP, everyone=True)
    assert run.finish()
    assert contents(output) == undisturbed.contents
    tally.survived("closed terminal", 2)


def test_impatient_ctrl_c_ends_without_a_traceback(
    narrated_video: Path, undisturbed: Undisturbed, tmp_path: Path, tally: Tally
) -> None:
    output, tmp = tmp_path / "output", tmp_path / "tmp"
    moments = random.Random(2)
    for _ in range(8 if LONG else 2):
        run = Run(narrated_video, output, tmp=tmp)
        if not run.wait_for_stage("screens"):
            run.finish()  # the run before was through with that stage when it heard the signal
            break
        moment(moments, undisturbed.lengths["screens"] / 2)
        for _ in range(3):
            run.signal(signal.SIGINT, everyone=True)
            moment(moments, 0.05)
        if run.end() != 0:
            assert run.process.returncode == 130
            tally.survived("Ctrl-C")
    Run(narrated_video, output, tmp=tmp).finish()
    assert contents(output) == undisturbed.contents
    assert litter(output, tmp) == []


def test_ctrl_c_on_a_terminal_gives_the_terminal_back(
    narrated_video: Path, tmp_path: Path, tally: Tally
) -> None:
    words = [sys.executable, "-m", "pipeline", "run", str(narrated_video)]
    try:
        pid, terminal = pty.fork()
    except OSError as error:
        pytest.skip(f"no terminal can be had here: {error}")
    if pid == 0:
        os.chdir(ROOT)
        os.execv(sys.executable, [*words, "--output", str(tmp_path)])
    shown = b""
    with contextlib.suppress(OSError):  # the end of a terminal is an error, on Linux
        while some := os.read(terminal, 4096):
            if b"frames" not in shown and b"frames" in shown + some:
                os.write(terminal, b"\x03")
            shown += some
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130
    last = shown.splitlines()[-1]
    assert b"interrupted: run the same command again to go on" in last
    assert shown.rfind(b"\x1b[?25h") > shown.rfind(b"\x1b[?25l"), "the cursor stays hidden"
    tally.survived("Ctrl-C")


def test_an_interrupt_at_an_unlucky_moment_has_the_same_exit_status(tmp_path: Path) -> None:
    # While dataclasses make a class: the interpreter then takes the interrupt for unhandled.
    (tmp_path / "unlucky.py").write_text(
        "import sys\nfrom pipeline.cli import main, commands\n"
        "def unlucky(options):\n    exec('raise KeyboardInterrupt')\n"
        "commands.COMMANDS = {'doctor': unlucky}\n"
        "sys.argv = ['pipeline', 'doctor']\nsys.exit(main.main())"
    )
    done = subprocess.run(
        [sys.executable, "-m", "unlucky"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 130
    assert done.stderr == "interrupted: run the same command again to go on\n"


def call(command: str, output: Path, source: Path) -> subprocess.CompletedProcess[str]:
    """A line of shell in which ``$RUN`` runs the pipeline."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=ROOT,
        env=os.environ | {"PY": sys.executable, "OUT": str(output), "SRC": str(source)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


RUN = '"$PY" -m pipeline run "$SRC" --output "$OUT" --set screens.ocr=false --progress plain'


def test_work_goes_on_when_nobody_reads_what_is_said(
    narrated_video: Path, tmp_path: Path, tally: Tally
) -> None:
    made = call(f"{RUN} 2>&1 >/dev/null | head -n 1", tmp_path, narrated_video)
    assert made.returncode == 0
    assert made.stdout == "download: starts (not run yet)\n"
    assert "render" in finished_stages(tmp_path)
    again = call(f"{RUN} 2>&-", tmp_path, narrated_video)
    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout.endswith("index.html\n")
    gone = call(f"{RUN} --quiet | true", tmp_path, narrated_video)
    assert gone.returncode in (0, 1) and gone.stderr == ""
    closed = call(f"{RUN} --quiet >&-", tmp_path, narrated_video)
    assert (closed.returncode, closed.stderr) == (0, "")
    tally.survived("output not read", 4)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_under_the_log_is_no_reason_to_stop(
    undisturbed: Undisturbed, narrated_video: Path, tally: Tally
) -> None:
    command = RUN.replace(" --set screens.ocr=false", "")
    made = call(f"{command} 2>/dev/full", undisturbed.output, narrated_video)
    assert made.returncode == 0 and made.stdout.endswith("index.html\n")
    told = call(f"{command} --quiet >/dev/full", undisturbed.output, narrated_video)
    assert told.returncode == 1
    assert told.stderr == "error: standard output cannot be written: No space left on device\n"
    tally.survived("output not read", 2)


def test_a_signal_reaches_a_run_that_waits_for_a_slow_server(
    narrated_video: Path, tmp_path: Path, tally: Tally
) -> None:
    from tests.servers.chat import ChatServer, Hang

    with ChatServer(lambda incoming: Hang(600)) as server:
        run = Run(
            narrated_video,
            tmp_path / "output",
            *("--set", f"llm.base_url={server.base_url}", "--set", "llm.model=m"),
            *("--set", "screens.ocr=false"),
            tmp=tmp_path / "tmp",
        )
        assert run.wait_for_stage("outline")
        wait_for(lambda: server.requests or run.process.poll() is not None, "a request")
        run.signal(signal.SIGTERM)
        assert run.end() == 130
    tally.survived("SIGTERM")

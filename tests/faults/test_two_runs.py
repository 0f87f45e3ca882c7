"""Several runs in one output folder: of one lecture exactly one works, of several all do."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from pipeline.runner import STAGES
from tests.faults.conftest import Undisturbed
from tests.faults.runs import Run, contents, litter
from tests.shared import ROOT
from tests.tally import Tally

KIND = "two runs on one folder"
# Another machine's run of a lecture, as far as the lock can tell: other name, other boot. It stops
# in the middle of a stage, for as long as its input is open.
ELSEWHERE = """
import sys
from pathlib import Path
from pipeline.sources import resolve
from pipeline.settings.config import Config
from pipeline.engine.lease import Identity, LeaseTiming
from pipeline.engine.lock import hold
from pipeline.engine.progress import Silent
from pipeline.runner import run_stage, named
from pipeline.engine.stage import Request

class Waiting(Silent):
    def update(self, done, total, unit):
        if unit == "files" and done == 3:
            print("in the middle", flush=True)
            sys.stdin.read()

workspace, request = resolve.open_existing(Path(sys.argv[1]), sys.argv[2])
me = Identity("other-host", "another boot", 4711)
with hold(workspace.root, me=me, timing=LeaseTiming(renew_s=0.2)) as lease:
    run_stage(named("render"), workspace.guarded(lease.check), Config(), request, Waiting())
"""


def elsewhere(output: Path) -> subprocess.Popen[str]:
    """A run on another machine that is just rendering the lecture."""
    (name,) = (path.parent.name for path in output.glob("*/source.json"))
    process = subprocess.Popen(
        [sys.executable, "-c", ELSEWHERE, str(output), name],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout and process.stdout.readline() == "in the middle\n"
    # A network file system that does not carry the operating system's lock to other machines.
    (output / name / ".lock").unlink()
    return process


def test_of_six_runs_started_at_once_one_works_and_the_others_name_it(
    narrated_video: Path, undisturbed: Undisturbed, tmp_path: Path, tally: Tally
) -> None:
    output = tmp_path / "output"
    runs = [Run(narrated_video, output, tmp=tmp_path / f"tmp{number}") for number in range(6)]
    statuses = [run.end() for run in runs]
    workers = [run for run in runs if run.begun()]
    refused = [run for run in runs if run.process.returncode]
    assert set(statuses) <= {0, 1} and workers and refused
    pids = {str(run.process.pid) for run in runs}
    for run in refused:
        (error,) = run.errors
        named = re.search(r"is in use by process (\d+) on ", error)
        assert named and named[1] in pids - {str(run.process.pid)}, error
    # One that came late may find everything done; nothing is done twice.
    begun = [stage for run in workers for stage in run.begun()]
    assert len(begun) == len(set(begun)) == len(STAGES)
    assert contents(output) == undisturbed.contents
    assert litter(output) == []
    tally.survived(KIND, len(refused))


def test_two_lectures_in_one_output_folder_do_not_disturb_each_other(
    narrated_video: Path, undisturbed: Undisturbed, tmp_path: Path, tally: Tally
) -> None:
    other = tmp_path / "other-lecture.mp4"
    for path in narrated_video.parent.glob(f"{narrated_video.stem}.*"):
        if path.suffix != ".png":
            shutil.copy(path, tmp_path / path.name.replace(narrated_video.stem, other.stem))
    output = tmp_path / "output"
    part = ("--from", "0", "--to", "30")
    runs = [
        Run(narrated_video, output, tmp=tmp_path / "tmp1"),
        Run(other, output, tmp=tmp_path / "tmp2"),
        Run(narrated_video, output, *part, tmp=tmp_path / "tmp3"),
    ]
    for run in runs:
        assert len(run.finish()) == len(STAGES)
    names = sorted(path.parent.name for path in output.glob("*/source.json"))
    assert len(names) == 3
    found = contents(output)
    listed = found.pop("library.js").decode()
    assert json.loads(listed.removeprefix("lectureLibrary(").removesuffix(");\n")) == names
    expected = {n: data for n, data in undisturbed.contents.items() if n != "library.js"}
    assert expected.items() <= found.items()
    tally.survived(KIND, 2)


def test_a_run_on_another_machine_is_left_alone_while_its_heart_beats(
    narrated_video: Path, undisturbed: Undisturbed, tmp_path: Path, tally: Tally
) -> None:
    output = tmp_path / "output"
    shutil.copytree(undisturbed.output, output)
    process = elsewhere(output)
    run = Run(narrated_video, output, tmp=tmp_path / "tmp")
    assert "in use by process 4711 on other-host since" in run.fail()
    assert run.begun() == []
    _, said = process.communicate()
    assert process.returncode == 0, said
    assert contents(output) == undisturbed.contents
    tally.survived(KIND)


def test_a_run_that_was_taken_for_dead_writes_nothing_any_more(
    narrated_video: Path, undisturbed: Undisturbed, tmp_path: Path, tally: Tally
) -> None:
    from pipeline.engine.lease import LeaseTiming
    from pipeline.engine.lock import hold

    output = tmp_path / "output"
    shutil.copytree(undisturbed.output, output)
    process = elsewhere(output)
    process.send_signal(signal.SIGSTOP)
    (root,) = (path.parent for path in output.glob("*/source.json"))
    with hold(root, timing=LeaseTiming(0.1, 0.5, 0.05)):
        marked = root / "render" / "index.html"
        marked.write_text("what the run that took over wrote")
        process.send_signal(signal.SIGCONT)
        _, said = process.communicate()
        assert process.returncode == 1
        assert "was taken over by process" in said
        assert marked.read_text() == "what the run that took over wrote"
    assert "render" in Run(narrated_video, output, tmp=tmp_path / "tmp").finish()
    assert contents(output) == undisturbed.contents
    tally.survived(KIND)

"""One run at a time, on one machine and on several; here other machines are other identities."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.engine.lease import Identity, LeaseTiming, is_renewed, this_process
from pipeline.engine.lock import hold
from pipeline.errors import LockedError, WorkspaceError

QUICK = LeaseTiming(renew_s=0.1, stale_s=0.5, look_s=0.05)
PATIENT = LeaseTiming(renew_s=0.1, stale_s=60.0, look_s=0.05)
HERE = this_process()
ELSEWHERE = Identity("other-host", "another boot", 4711)
HOLDER = """
import sys, time
from pathlib import Path
from pipeline.engine.lease import Identity, LeaseTiming, this_process
from pipeline.engine.lock import hold
me = Identity(*sys.argv[2:4], 4711) if sys.argv[2:] else this_process()
with hold(Path(sys.argv[1]), me=me, timing=LeaseTiming(renew_s=0.1)) as lease:
    print("held", flush=True)
    sys.stdin.read()
    lease.check()
    print("still held", flush=True)
"""


def holder(root: Path, *who: str) -> subprocess.Popen[str]:
    """A process that holds the folder until its input ends, and then says whether it still does."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(root), *who],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout and process.stdout.readline() == "held\n"
    return process


def abandon(root: Path, *who: str) -> None:
    """Leave the folder as a process does that is killed while it holds it."""
    process = holder(root, *who)
    process.kill()
    process.communicate()


def make_void(root: Path) -> None:
    """Undo the operating system's lock, as where a network file system does not carry it."""
    (root / ".lock").unlink()


def test_a_second_run_is_told_who_holds_the_lecture(tmp_path: Path) -> None:
    process = holder(tmp_path)
    with pytest.raises(LockedError, match=f"process {process.pid} on"), hold(tmp_path):
        pass
    assert process.communicate()[0] == "still held\n"


def test_the_lock_of_a_killed_process_is_taken_over_at_once(tmp_path: Path) -> None:
    abandon(tmp_path)
    assert (tmp_path / ".lock.json").exists()
    told: list[str] = []
    with hold(tmp_path, tell=told.append) as lease:
        lease.check()
    assert told == []
    assert not (tmp_path / ".lock.json").exists()


def test_without_a_lock_file_nothing_is_waited_for(tmp_path: Path) -> None:
    told: list[str] = []
    with hold(tmp_path / "new", timing=LeaseTiming(3600, 3600, 3600), tell=told.append):
        signed = json.loads((tmp_path / "new" / ".lock.json").read_bytes())
    assert (signed["pid"], signed["host"]) == (os.getpid(), HERE.host)
    assert told == []


def test_another_machine_whose_heart_beats_keeps_the_lecture(tmp_path: Path) -> None:
    process = holder(tmp_path, ELSEWHERE.host, ELSEWHERE.machine)
    make_void(tmp_path)
    told: list[str] = []
    with (
        pytest.raises(LockedError, match="process 4711 on other-host since"),
        hold(tmp_path, timing=PATIENT, tell=told.append),
    ):
        pass
    assert len(told) == 1 and "waiting up to 60 s to see whether process 4711" in told[0]
    assert process.communicate()[0] == "still held\n"
    assert not (tmp_path / ".lock.json").exists()


def test_another_machine_whose_heart_stopped_is_taken_over_and_it_is_said(tmp_path: Path) -> None:
    abandon(tmp_path, ELSEWHERE.host, ELSEWHERE.machine)
    told: list[str] = []
    with hold(tmp_path, timing=QUICK, tell=told.append) as lease:
        lease.check()
    assert "taken over from process 4711 on other-host" in told[-1]


def test_a_run_that_seemed_dead_notices_before_it_writes(tmp_path: Path) -> None:
    process = holder(tmp_path, ELSEWHERE.host, ELSEWHERE.machine)
    process.send_signal(signal.SIGSTOP)  # a laptop that sleeps
    make_void(tmp_path)
    with hold(tmp_path, timing=QUICK) as lease:
        process.send_signal(signal.SIGCONT)
        _, said = process.communicate()
        lease.check()
        assert f"was taken over by process {os.getpid()} on {HERE.host}" in said
        assert (tmp_path / ".lock.json").exists(), "it must not unlock what is another's"
    assert process.returncode != 0


def test_a_deleted_folder_ends_the_lease(tmp_path: Path) -> None:
    root = tmp_path / "lecture"
    with hold(root) as lease:
        root.rename(tmp_path / "moved")
        with pytest.raises(LockedError, match="deleted, moved or unlocked"):
            lease.check()
    assert not root.exists()


@pytest.mark.parametrize("damage", [b"", b"{", b'{"pid": 1}', b"\xff\x00"])
def test_a_damaged_lock_file_is_watched_and_then_replaced(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / ".lock.json").write_bytes(damage)
    told: list[str] = []
    with hold(tmp_path, timing=LeaseTiming(0.1, 0.3, 0.05), tell=told.append) as lease:
        lease.check()
    assert "taken over from an unknown process" in told[-1]


def test_a_heart_beats_whatever_the_clocks_say(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    os.utime(file, (4e9, 4e9))
    assert not is_renewed(file, LeaseTiming(1, 0.1, 0.02))
    process = subprocess.Popen(
        [
            *(sys.executable, "-c"),
            "import os, sys, time\nwhile True: time.sleep(0.1); os.utime(sys.argv[1], (1e8, 1e8))",
            str(file),
        ]
    )
    try:
        assert is_renewed(file, LeaseTiming(1, 60, 0.02))
    finally:
        process.kill()
        process.wait()


def test_the_file_of_a_living_run_is_renewed(tmp_path: Path) -> None:
    with hold(tmp_path, timing=QUICK):
        signed = tmp_path / ".lock.json"
        before = signed.stat().st_mtime_ns
        while signed.stat().st_mtime_ns == before:
            time.sleep(0.02)


def test_leftovers_of_killed_writers_are_removed_and_those_of_living_ones_kept(
    tmp_path: Path,
) -> None:
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom pipeline.engine.files import write_atomic\n"
        "os.fsync = lambda handle: os._exit(9)\nwrite_atomic(Path(sys.argv[1]), b'half')"
    )
    target = tmp_path / "render" / "index.html"
    subprocess.run([sys.executable, "-c", script, str(target)], check=False)
    (left,) = target.parent.iterdir()
    living = left.with_name(left.name.replace(left.name.split("-")[1], str(os.getppid())))
    living.write_text("being written")
    person = left.with_name(".notes.tmp")
    person.write_text("a person's")
    with hold(tmp_path):
        assert sorted(target.parent.iterdir()) == sorted([living, person])


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="cannot be locked"), hold(tmp_path / "file"):
        pass

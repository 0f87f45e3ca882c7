import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import LockedError, WorkspaceError
from pipeline.lock import hold

HOLDER = """
import sys, time
from pathlib import Path
from pipeline.lock import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def other_process(root: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(root)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "held\n"
    return process


def test_a_second_run_is_told_who_holds_the_lecture(tmp_path: Path) -> None:
    process = other_process(tmp_path)
    try:
        with pytest.raises(LockedError, match=f"process {process.pid} on"), hold(tmp_path):
            pass
    finally:
        process.kill()
        process.wait()


def test_the_lock_of_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    process = other_process(tmp_path)
    process.send_signal(signal.SIGKILL)
    process.wait()
    with hold(tmp_path):
        assert (tmp_path / ".lock.json").exists()
    assert not (tmp_path / ".lock.json").exists()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match="cannot be locked"), hold(tmp_path / "file"):
        pass

"""A full disk, at every stage: one clear line, and when there is space again nothing is redone.

A small file system in memory stands for the disk where mounting is allowed. Where it is not, a
limit on the size of files makes every large write fail.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.cli.main import main
from pipeline.runner import STAGES
from tests.faults.conftest import Undisturbed
from tests.faults.runs import LONG, Run, contents, finished_stages, litter
from tests.tally import Tally

KIND = "disk full"
_PAGE = 4096


class Disk:
    """A file system of its own, and a ballast file that takes up space."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def leave(self, free: int) -> None:
        """Fill the disk up to ``free`` bytes."""
        size = self._ballast.stat().st_size if self._ballast.exists() else 0
        status = os.statvfs(self.folder)
        size += status.f_bavail * status.f_frsize - free
        with self._ballast.open("ab") as file:
            file.truncate(max(0, size))
            os.posix_fallocate(file.fileno(), 0, max(1, size))

    def leave_inodes(self, count: int) -> None:
        """Allow ``count`` more files."""
        status = os.statvfs(self.folder)
        most = status.f_files - status.f_ffree + count
        remount(self.folder, f"nr_inodes={most}")


def mount(folder: Path, options: str) -> None:
    """A file system in memory at ``folder``, or a skip with the reason."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"no small disk can be mounted here: {error}")
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")


def remount(folder: Path, options: str) -> None:
    """Change the options of a mounted file system."""
    command = ["mount", "-o", f"remount,{options}", str(folder)]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk of 4 MiB."""
    folder = tmp_path / "disk"
    mount(folder, "size=4m")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)


@pytest.fixture(scope="module")
def whole(narrated_video: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """An undisturbed run with the settings of these."""
    output = tmp_path_factory.mktemp("whole")
    assert main(words(narrated_video, output)) == 0
    return made_in(output)


def made_in(output: Path) -> dict[str, bytes]:
    """The artifacts but the note of where the source is."""
    found = contents(output).items()
    return {name: data for name, data in found if not name.endswith("/source.json")}


def words(source: Path, output: Path) -> list[str]:
    """The command line, without reading text off pictures: it takes time and little space."""
    options = ["--progress", "plain", "--set", "screens.ocr=false"]
    return ["run", str(source), "--output", str(output), *options]


@pytest.fixture
def lecture(disk: Disk, narrated_video: Path) -> Path:
    """The lecture on the small disk."""
    for path in narrated_video.parent.glob(f"{narrated_video.stem}.*"):
        shutil.copy(path, disk.folder)
    return disk.folder / narrated_video.name


def work_off(
    source: Path,
    output: Path,
    capsys: pytest.CaptureFixture[str],
    room: Iterator[object],
    reason: str,
) -> tuple[int, set[str]]:
    """Run again and again, each time with the next ``room``, until it succeeds.

    Returns how often it failed, and in which stages; checks that every failure is one clear line
    and that no finished stage is started again.
    """
    failed_in: set[str] = set()
    for failures, _ in enumerate(room):
        done = finished_stages(output)
        status = main(words(source, output))
        said = capsys.readouterr().err.splitlines()
        begun = [line.split(":")[0] for line in said if ": starts (" in line]
        assert not done.intersection(begun), said
        errors = [line for line in said if line.startswith("error:")]
        if status == 0:
            assert errors == []
            return failures, failed_in
        assert (status, len(errors)) == (1, 1), said
        assert reason in errors[0] and "unexpected" not in errors[0], errors
        failed_in.update(begun[-1:])
    raise AssertionError("there was never enough room")


def test_a_full_disk_stops_every_stage_with_one_line_and_the_next_run_goes_on(
    disk: Disk,
    whole: dict[str, bytes],
    lecture: Path,
    tally: Tally,
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = disk.folder / "output"

    failures, failed_in = work_off(
        lecture, output, capsys, growing(disk), "No space left on device"
    )
    assert made_in(output) == whole
    assert litter(output) == []
    assert failed_in >= {"download", "transcribe", "screens", "render"}, failed_in
    tally.survived(KIND, failures)


def growing(disk: Disk) -> Iterator[int]:
    """A little more free space each time."""
    for pages in range(200):
        free = (1 + pages % (8 if LONG else 3)) * _PAGE + pages // 6 * _PAGE
        disk.leave(free)
        yield free


def test_a_disk_without_room_for_another_file(
    disk: Disk,
    whole: dict[str, bytes],
    lecture: Path,
    tally: Tally,
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = disk.folder / "output"

    def room() -> Iterator[int]:
        for count in range(100):
            disk.leave_inodes(2 + count % (9 if LONG else 6))
            yield count

    failures, _ = work_off(lecture, output, capsys, room(), "No space left on device")
    assert made_in(output) == whole
    assert litter(output) == []
    tally.survived("no inodes left", failures)


@contextlib.contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let every write beyond ``size`` bytes of a file fail; needs no rights."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_limit_on_files_stops_every_large_write_with_one_line(
    whole: dict[str, bytes],
    narrated_video: Path,
    tmp_path: Path,
    tally: Tally,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def room() -> Iterator[int]:
        for size in (10, 600, 1000, 1300, 2000, 6000, 23_000, 31_000, 50_000):
            with files_of_at_most(size):
                yield size
        yield 0

    failures, failed_in = work_off(narrated_video, tmp_path, capsys, room(), "File too large")
    assert made_in(tmp_path) == whole
    assert litter(tmp_path) == []
    assert failed_in >= {"download", "screens", "render"}, failed_in
    tally.survived(KIND, failures)


def test_a_full_folder_for_temporary_files_is_no_reason_to_fail(
    disk: Disk, undisturbed: Undisturbed, narrated_video: Path, tmp_path: Path, tally: Tally
) -> None:
    disk.leave(0)
    run = Run(narrated_video, tmp_path / "output", tmp=disk.folder)
    assert len(run.finish()) == len(STAGES)
    assert contents(tmp_path / "output") == undisturbed.contents
    tally.survived(KIND)


def test_the_program_says_it_in_one_line_too(
    disk: Disk, narrated_video: Path, tmp_path: Path, tally: Tally
) -> None:
    disk.leave(5 * _PAGE)
    run = Run(narrated_video, disk.folder / "output", tmp=tmp_path / "tmp")
    assert "No space left on device" in run.fail()
    assert litter(disk.folder) == []
    disk.leave(3 << 20)
    done = finished_stages(disk.folder / "output")
    again = Run(narrated_video, disk.folder / "output", tmp=tmp_path / "tmp")
    assert not done.intersection(again.finish())
    tally.survived(KIND)

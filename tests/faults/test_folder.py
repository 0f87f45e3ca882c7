"""The folder under a run: read-only, a file, deleted, dated in the future, strangely named; and a
source that is replaced while it is read."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Undisturbed
from tests.faults.runs import LONG, Run, contents, finished_stages, litter, wait_for
from tests.tally import Tally

KIND = "folder lost or changed"


def copied(source: Path, folder: Path, name: str = "") -> Path:
    """The lecture with its captions and chapters, in another folder, under another name."""
    folder.mkdir(exist_ok=True)
    name = name or source.stem
    for path in source.parent.glob(f"{source.stem}.*"):
        shutil.copy(path, folder / path.name.replace(source.stem, name))
    return folder / f"{name}{source.suffix}"


@pytest.fixture
def read_only(undisturbed: Undisturbed, tmp_path: Path) -> Iterator[Path]:
    """The finished output folder where nothing can be written: for root, a read-only mount."""
    output = tmp_path / "output"
    shutil.copytree(undisturbed.output, output)
    if os.geteuid() != 0:
        folders = [output, *(path for path in output.rglob("*") if path.is_dir())]
        for folder in folders:
            folder.chmod(0o555)
        yield output
        for folder in folders:
            folder.chmod(0o755)
        return
    try:
        for options in (["--bind", str(output)], ["-o", "remount,bind,ro"]):
            command = ["mount", *options, str(output)]
            subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        subprocess.run(["umount", "-l", str(output)], check=False, capture_output=True)
        pytest.skip(f"root writes everywhere, and nothing can be mounted read-only here: {error}")
    yield output
    subprocess.run(["umount", "-l", str(output)], check=False, capture_output=True)


def test_a_read_only_folder_is_named_and_left_as_it_was(
    read_only: Path, undisturbed: Undisturbed, narrated_video: Path, tmp_path: Path, tally: Tally
) -> None:
    again = Run(narrated_video, read_only, tmp=tmp_path / "tmp")
    assert re.search(r"short-lecture-\w+ cannot be locked: .*(Read-only|denied)", again.fail())
    other = copied(narrated_video, tmp_path / "other", "other")
    error = Run(other, read_only, tmp=tmp_path / "tmp").fail()
    assert re.search(r"cannot be written: .*(Read-only|denied).*choose another folder", error)
    assert contents(read_only) == undisturbed.contents
    tally.survived("read-only folder", 2)


def test_an_output_folder_that_is_a_file_is_named(
    narrated_video: Path, tmp_path: Path, tally: Tally
) -> None:
    (tmp_path / "output").write_text("a person's")
    error = Run(narrated_video, tmp_path / "output", tmp=tmp_path / "tmp").fail()
    assert str(tmp_path / "output") in error and "Not a directory" in error
    assert (tmp_path / "output").read_text() == "a person's"
    tally.survived("read-only folder")


DELETED = ["the lecture", "screens", "download", "transcribe"]


@pytest.mark.parametrize("what", DELETED if LONG else DELETED[:2])
def test_a_folder_deleted_under_the_run_costs_at_most_this_run(
    narrated_video: Path, undisturbed: Undisturbed, tmp_path: Path, tally: Tally, what: str
) -> None:
    output, tmp = tmp_path / "output", tmp_path / "tmp"
    run = Run(narrated_video, output, tmp=tmp)
    assert run.wait_for_stage("screens")
    (root,) = (path.parent for path in output.glob("*/source.json"))
    deleted = root if what == "the lecture" else root / what
    aside = tmp_path / "deleted"
    wait_for(deleted.exists, "something to delete")
    deleted.rename(aside)  # at once, as a file manager does
    if run.end() != 0:
        assert len(run.errors) == 1, run.lines
        assert what == "screens" or root.name in run.errors[0]
    shutil.rmtree(aside, ignore_errors=True)
    Run(narrated_video, output, tmp=tmp).finish()
    assert contents(output) == undisturbed.contents
    assert litter(output, tmp) == []
    tally.survived(KIND)


@pytest.mark.parametrize("when", [4e9, 0.0][: 2 if LONG else 1])
def test_files_of_another_time_are_as_good_as_any(
    narrated_video: Path, undisturbed: Undisturbed, tmp_path: Path, tally: Tally, when: float
) -> None:
    output, tmp = tmp_path / "output", tmp_path / "tmp"
    shutil.copytree(undisturbed.output, output)
    year = time.gmtime(when).tm_year
    for manifest in output.glob("*/*/manifest.json"):
        manifest.write_text(re.sub(r'at": "\d{4}', f'at": "{year}', manifest.read_text()))
    for path in output.rglob("*"):
        os.utime(path, (when, when))
    assert Run(narrated_video, output, tmp=tmp).finish() == []
    killed = Run(narrated_video, output, "--force", "screens", tmp=tmp)
    assert killed.wait_for_stage("screens")
    killed.kill()
    assert "download" not in Run(narrated_video, output, tmp=tmp).finish()
    assert contents(output) == undisturbed.contents
    assert litter(output, tmp) == []
    tally.survived("clock set back", 2)


def is_looking(run: Run) -> bool:
    """Wait until the run is looking at the pictures of the video."""
    return run.wait_until(lambda event: event["stage"] == "screens" and "done" in event)


def test_a_source_written_to_while_it_is_read_is_noticed(
    narrated_video: Path, undisturbed: Undisturbed, tmp_path: Path, tally: Tally
) -> None:
    source = copied(narrated_video, tmp_path / "source")
    whole = source.read_bytes()
    output, tmp = tmp_path / "output", tmp_path / "tmp"
    run = Run(source, output, tmp=tmp)
    assert is_looking(run)
    with source.open("r+b") as file:  # the same file, which the output folder may link to
        file.seek(len(whole) // 2)
        file.write(bytes(4096))
    assert "changed or was replaced while it was read" in run.fail()
    source.unlink()
    source.write_bytes(whole)
    Run(source, output, tmp=tmp).finish()
    found = {n: d for n, d in contents(output).items() if not n.endswith("source.json")}
    assert found.items() <= undisturbed.contents.items()
    tally.survived("source replaced")


def test_a_source_replaced_while_it_is_read_is_noticed_or_harmless(
    narrated_video: Path, undisturbed: Undisturbed, tmp_path: Path, tally: Tally
) -> None:
    output, tmp = tmp_path / "output", tmp_path / "tmp"
    for setting in ("link", "reference"):
        source = copied(narrated_video, tmp_path / setting)
        other = source.with_name("other.bin")
        other.write_bytes(source.read_bytes()[:-5000])
        target = output / setting
        run = Run(source, target, "--set", f"download.local_file={setting}", tmp=tmp)
        assert is_looking(run)
        other.replace(source)
        if setting == "reference":
            assert "changed or was replaced while it was read" in run.fail()
            assert "screens" not in finished_stages(target)
        else:
            run.finish()  # the output folder has the file that was there
            own = ("source.json", "settings.json")
            found = {n: d for n, d in contents(target).items() if not n.endswith(own)}
            assert found.items() <= undisturbed.contents.items()
        tally.survived("source replaced")


NAMES = ["강의 第一講 'a b'\n-dash %20 #x?y", 'sp ace and "quotes"', "-dash", "übung\t"]


@pytest.mark.parametrize("name", NAMES if LONG else NAMES[:1])
def test_any_name_of_a_folder_will_do(
    narrated_video: Path, undisturbed: Undisturbed, tmp_path: Path, tally: Tally, name: str
) -> None:
    run = Run(narrated_video, tmp_path / name / "output", tmp=tmp_path / "tmp")
    run.finish()
    assert contents(tmp_path / name / "output") == undisturbed.contents
    tally.survived("strange name")


def test_a_title_of_any_length_and_kind_will_do(
    narrated_video: Path, tmp_path: Path, tally: Tally
) -> None:
    title = 'Ünïcode 講義 \u202e/../\\:*?"<>|\t' * 400
    source = copied(narrated_video, tmp_path / "source", "강" * 60)
    source.with_suffix(".chapters.json").unlink()
    chapters = [
        {"start_time": 0, "end_time": 24, "title": title},
        {"start_time": 24, "end_time": 48, "title": title[::-1]},
    ]
    told = json.dumps({"title": title, "chapters": chapters})
    source.with_suffix(".info.json").write_text(told, encoding="utf-8")
    output = tmp_path / "output"
    Run(source, output, tmp=tmp_path / "tmp").finish()
    for path in output.rglob("*"):
        assert len(path.name.encode()) <= 120
        assert re.fullmatch(r"[\w.-]+", path.name), path.name
    assert Run(source, output, tmp=tmp_path / "tmp").finish() == []
    tally.survived("strange name")

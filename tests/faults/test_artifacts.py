"""A byte goes bad in every file in turn: the next run repairs it, or says what is wrong with which.

Never a traceback, never a chapter that is silently another. Files that a person may edit are kept,
and the run says so. The program is called in this process, as the command line calls it.
"""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cli.main import main
from tests.faults.conftest import Undisturbed
from tests.faults.runs import LONG, contents
from tests.tally import Tally

KIND = "corrupt artifact"
EDITABLE = ("outline/outline.json", "write/sections/")
KEPT = "was edited by hand and is kept"


def flipped(path: Path, moments: random.Random) -> None:
    """One bit of one byte."""
    data = bytearray(path.read_bytes() or b"\0")
    data[moments.randrange(len(data))] ^= 1 << moments.randrange(8)
    replace(path, bytes(data))


def reworded(path: Path, moments: random.Random) -> None:
    """Another letter within a quoted word: JSON stays valid and says something else."""
    data = path.read_bytes()
    places = [found.end() - 1 for found in re.finditer(rb'"[^"\\]*[a-z]', data)]
    if not places:
        flipped(path, moments)
        return
    place = moments.choice(places)
    replace(path, data[:place] + (b"x" if data[place] != ord("x") else b"y") + data[place + 1 :])


def emptied(path: Path, moments: random.Random) -> None:
    """No byte is left."""
    replace(path, b"")


def halved(path: Path, moments: random.Random) -> None:
    """The second half is gone."""
    replace(path, path.read_bytes()[: path.stat().st_size // 2])


def gone(path: Path, moments: random.Random) -> None:
    """The file is gone."""
    path.unlink()


def a_folder(path: Path, moments: random.Random) -> None:
    """A folder stands in its place."""
    path.unlink()
    path.mkdir()
    (path / "inside").write_text("a person's own")


def a_link(path: Path, moments: random.Random) -> None:
    """A link to some file elsewhere stands in its place."""
    foreign = next(one for one in path.parents if one.name == "output").with_name("foreign")
    foreign.write_text("not ours")
    path.unlink()
    path.symlink_to(foreign)


DAMAGES: dict[str, Callable[[Path, random.Random], None]] = {
    function.__name__: function
    for function in (flipped, reworded, emptied, halved, gone, a_folder, a_link)
}


def replace(path: Path, data: bytes) -> None:
    """Other bytes at this path only: the file may be a link to another."""
    path.unlink()
    path.write_bytes(data)


class Damaged:
    """A copy of the undisturbed output folder, run again after each damage."""

    def __init__(
        self,
        source: Path,
        undisturbed: Undisturbed,
        folder: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.pristine = undisturbed.output
        self.expected = undisturbed.contents
        self.output = folder / "output"
        (self._lecture,) = (path.parent.name for path in self.pristine.glob("*/source.json"))
        self._source = source
        self._capsys = capsys
        self.restore()

    def restore(self) -> None:
        """Everything as it was."""
        shutil.rmtree(self.output, ignore_errors=True)
        shutil.copytree(self.pristine, self.output)

    def restore_one(self, name: str) -> None:
        """One file as it was: what tells nothing about a chapter is not repaired by a run."""
        path = self.path(name)
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        shutil.copy(self.pristine / self._lecture / name, path)

    def names(self) -> list[str]:
        """Every file, relative to the lecture's folder."""
        root = self.output / self._lecture
        return sorted(
            path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()
        )

    def path(self, name: str) -> Path:
        """Where a file of the lecture is."""
        return self.output / self._lecture / name

    def run(self, *words: str) -> tuple[int, str]:
        """The exit status and what was said."""
        options = ["--output", str(self.output), "--progress", "plain", *words]
        status = main(["run", str(self._source), *options])
        said = self._capsys.readouterr().err
        assert "unexpected" not in said and "Traceback" not in said, said
        return status, said

    def differences(self) -> list[str]:
        """The files that are not as the undisturbed run left them."""
        found = contents(self.output)
        names = found.keys() | self.expected.keys()
        return sorted(name for name in names if found.get(name) != self.expected.get(name))


@pytest.fixture
def damaged(
    narrated_video: Path,
    undisturbed: Undisturbed,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Damaged:
    return Damaged(narrated_video, undisturbed, tmp_path, capsys)


@pytest.mark.parametrize("kind", DAMAGES)
def test_every_artifact_is_repaired_or_named(damaged: Damaged, tally: Tally, kind: str) -> None:
    moments = random.Random(kind)
    names = [name for name in damaged.names() if "/work/" not in name]
    assert len(names) > 35
    if LONG:
        names *= 10 if kind in ("flipped", "reworded") else 1
    elif kind != "flipped":  # a third of them, another one for each kind
        names = names[list(DAMAGES).index(kind) % 3 :: 3]
    for name in names:
        path = damaged.path(name)
        DAMAGES[kind](path, moments)
        status, said = damaged.run()
        editable = name.startswith(EDITABLE)
        if status == 0 and not (editable and KEPT in said):
            assert damaged.differences() == [], (kind, name, said)
        else:
            if status:
                errors = [line for line in said.splitlines() if line.startswith("error:")]
                assert len(errors) == 1 and path.name in errors[0], (kind, name, said)
            if kind == "a_folder":
                assert (path / "inside").read_text() == "a person's own"
            damaged.restore()
        damaged.restore_one(name)
        tally.survived(KIND)


@pytest.mark.parametrize("kind", ["flipped", "reworded", "emptied", "halved", "a_folder"])
def test_damaged_partial_work_does_not_get_into_a_chapter(
    damaged: Damaged, tally: Tally, kind: str
) -> None:
    moments = random.Random(kind)
    names = [name for name in damaged.names() if "/work/" in name]
    assert names
    for name in names:
        for again in range(20 if LONG else 1):
            path = damaged.path(name)
            DAMAGES[kind](path, moments)
            status, said = damaged.run("--force", name.split("/")[0])
            if status:
                assert path.name in said.splitlines()[-1], (kind, name, said)
            else:
                assert damaged.differences() == [], (kind, name, again, said)
            damaged.restore_one(name)
            tally.survived(KIND)


def test_a_file_that_lost_its_manifest_is_not_taken_for_an_edit(
    damaged: Damaged, tally: Tally
) -> None:
    for stage in ("outline", "write"):
        damaged.path(f"{stage}/manifest.json").write_text("{")
        status, said = damaged.run()
        assert status == 0 and KEPT not in said
        assert damaged.differences() == []
        tally.survived(KIND)


def test_names_in_a_manifest_cannot_delete_outside_its_folder(
    damaged: Damaged, tmp_path: Path, tally: Tally
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    manifest = damaged.path("render/manifest.json")
    text = manifest.read_text()
    for name in (str(precious), "../../../precious"):
        manifest.write_text(text.replace('"outputs": {', f'"outputs": {{"{name}": "sha256 0",'))
        assert damaged.run()[0] == 0
        assert precious.read_text() == "keep me"
        assert damaged.differences() == []
        tally.survived(KIND)

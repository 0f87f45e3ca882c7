"""The sandbox of macOS: its profile, and its launch by a stand-in that enforces nothing."""

from __future__ import annotations

import platform
import re
import sys
from pathlib import Path

import pytest

from pipeline.cells.environment import minbpe_folder
from pipeline.cells.interpreter import Interpreter
from pipeline.cells.sandbox import seatbelt
from pipeline.cells.sandbox.launch import CellLimits, SandboxContents
from pipeline.cells.sandbox.seatbelt import Seatbelt, profile
from pipeline.cells.sandbox.selection import describe, problem


@pytest.fixture
def unenforced(tmp_path: Path) -> Seatbelt:
    """``sandbox-exec`` as far as it starts the worker: the profile is taken and ignored."""
    program = tmp_path / "sandbox-exec"
    program.write_text('#!/bin/sh\n[ "$1" = -p ] || exit 64\nshift 2\nexec "$@"\n')
    program.chmod(0o755)
    return Seatbelt(str(program))


def rules(text: str, operation: str) -> str:
    """The rules of a profile that allow one operation."""
    return "\n".join(re.findall(rf"^\(allow {re.escape(operation)} .*$", text, re.MULTILINE))


def test_everything_that_is_not_allowed_is_denied(tmp_path: Path) -> None:
    lines = profile(tmp_path, ()).splitlines()
    assert lines[:2] == ["(version 1)", "(deny default)"]
    assert all(line.startswith("(allow ") for line in lines[2:])


@pytest.mark.parametrize("operation", ["network", "mach-lookup", "ipc-posix", "system-socket"])
def test_no_way_to_the_outside_is_allowed(tmp_path: Path, operation: str) -> None:
    assert operation not in profile(tmp_path, ())


def test_only_home_and_temporary_files_can_be_written(tmp_path: Path) -> None:
    text = profile(tmp_path, ())
    written = re.findall(r'"([^"]*)"', rules(text, "file-write*"))
    assert written == [str(tmp_path / "home"), str(tmp_path / "tmp")]
    assert re.findall(r'"([^"]*)"', rules(text, "file-write-data")) == ["/dev/null"]


def test_only_the_interpreter_can_be_started(tmp_path: Path) -> None:
    started = re.findall(r'\((\w+) "([^"]*)"\)', rules(profile(tmp_path, ()), "process-exec"))
    assert {kind for kind, _ in started} == {"literal"}
    assert all(Path(path).samefile(sys.executable) for _, path in started)


def test_nothing_of_the_users_can_be_read(tmp_path: Path) -> None:
    readable = re.findall(r'subpath "([^"]*)"', rules(profile(tmp_path, ()), "file-read*"))
    holders = [folder for folder in readable if Path.home().is_relative_to(folder)]
    assert holders == []
    assert not {"/", "/Users", "/private", "/etc", "/private/etc", "/tmp"} & set(readable)


def test_a_package_can_be_read(tmp_path: Path) -> None:
    assert f'(subpath "{minbpe_folder()}")' in rules(
        profile(tmp_path, (minbpe_folder(),)), "file-read*"
    )


def test_a_path_cannot_end_its_rule(tmp_path: Path) -> None:
    text = profile(tmp_path / 'a") (allow network*) ("', ())
    assert '/a\\") (allow network*) (\\"/home"' in rules(text, "file-write*")


def test_cells_get_packages_data_files_and_vocabularies(
    unenforced: Seatbelt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    data, ranks = tmp_path / "data.txt", tmp_path / "ranks"
    data.write_text("hello")
    ranks.write_text("ranks of a vocabulary")
    room = SandboxContents(packages=(minbpe_folder(),), files=(data,), ranks={"cached": ranks})
    source = """
import os, minbpe
print(open("data.txt").read(), minbpe.__name__, "OPENAI_API_KEY" in os.environ)
print(open(os.environ["TIKTOKEN_CACHE_DIR"] + "/cached").read())
print(os.path.basename(os.getcwd()), os.environ["HOME"] == os.getcwd())
"""
    with Interpreter(unenforced, room, CellLimits()) as interpreter:
        outcome = interpreter.run(source, "<cell 1>")
    assert outcome.stdout == "hello minbpe False\nranks of a vocabulary\nhome True\n"


def test_its_folder_goes_with_the_session(unenforced: Seatbelt) -> None:
    with Interpreter(unenforced, SandboxContents(), CellLimits()) as interpreter:
        folder = Path(interpreter.run("import os\nprint(os.getcwd())", "<cell 1>").stdout.strip())
        assert folder.is_dir()
    assert not folder.parent.exists()


def test_a_profile_that_is_not_enforced_is_found_out(unenforced: Seatbelt) -> None:
    assert problem(unenforced) == (
        "a cell in it can read a file outside, write a file outside, reach a server of this machine"
    )


def test_it_is_taken_on_macos_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    assert seatbelt.installed() is None
    describe.cache_clear()
    assert describe("sandbox-exec").detail == "sandbox-exec is not installed"
    describe.cache_clear()


def test_on_macos_the_sandbox_works() -> None:
    if platform.system() != "Darwin":
        pytest.skip("sandbox-exec is a program of macOS")
    assert describe("sandbox-exec").usable, describe("sandbox-exec").detail

"""Which sandbox is taken, how it is started, and what is said where there is none."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from pipeline.cells.environment import prepare_environment
from pipeline.cells.interpreter import Interpreter
from pipeline.cells.sandbox import bubblewrap, selection
from pipeline.cells.sandbox.containers import Container
from pipeline.cells.sandbox.launch import CellLimits, Sandbox, SandboxContents
from pipeline.cells.sandbox.selection import SandboxDescription, Unconfined, choose, describe
from pipeline.cells.sandbox.session import SandboxSession
from pipeline.errors import SandboxError, SourceError
from pipeline.settings.check import CheckSettings
from tests.cells.conftest import sandboxed


def test_bubblewrap_is_taken_where_it_works() -> None:
    sandboxed()
    found = describe()
    assert (found.kind, found.usable, found.detail) == ("bubblewrap", True, "bubblewrap works")


def test_a_program_that_is_there_but_does_not_work_is_no_sandbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bwrap"
    program.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    describe.cache_clear()
    try:
        found = describe("bubblewrap")
    finally:
        describe.cache_clear()
    assert not found.usable
    assert "No permissions to create new namespace" in found.detail


def test_where_nothing_is_installed_every_reason_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    describe.cache_clear()
    try:
        found = describe()
    finally:
        describe.cache_clear()
    assert found == SandboxDescription(
        "none",
        "bubblewrap is not installed; docker is not installed; podman is not installed",
        None,
        "install bubblewrap (apt install bubblewrap), Docker or Podman; or pass --trust-code",
    )


def test_what_permits_namespaces_is_said_where_bubblewrap_is_forbidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: No permissions' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(selection, "permission", lambda root: "sudo sysctl -w switch=1")
    describe.cache_clear()
    try:
        found = describe("bubblewrap")
    finally:
        describe.cache_clear()
    assert found.remedy == "sudo sysctl -w switch=1"


def test_a_program_that_is_not_the_known_one_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def changed() -> None:
        raise SandboxError("bwrap is not the file of its package", "reinstall it")

    monkeypatch.setattr(bubblewrap, "installed", changed)
    describe.cache_clear()
    try:
        found = describe("bubblewrap")
    finally:
        describe.cache_clear()
    assert not found.usable
    assert found.detail == "bubblewrap is not trusted: bwrap is not the file of its package"
    assert found.remedy == "reinstall it"


def test_trust_is_used_only_where_no_sandbox_works() -> None:
    assert sandboxed().sandbox.kind == "bubblewrap"
    assert choose(trust_code=True).kind == "bubblewrap"
    trusted = choose("podman", "no-such-image-anywhere", trust_code=True)
    assert isinstance(trusted.sandbox, Unconfined)


def test_trusted_code_gets_the_data_files_and_not_the_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    data = tmp_path / "data.txt"
    data.write_text("hello")
    with Interpreter(Unconfined(), SandboxContents(files=(data,)), CellLimits()) as interpreter:
        read = interpreter.run("print(open('data.txt').read())", "<cell 1>")
        keys = interpreter.run("import os\nprint('OPENAI_API_KEY' in os.environ)", "<cell 2>")
    assert (read.stdout, keys.stdout) == ("hello\n", "False\n")


def test_without_understudies_earlier_cells_run_again_after_a_death() -> None:
    with Interpreter(Unconfined(), SandboxContents(), CellLimits(seconds=2)) as interpreter:
        interpreter.run("x = 5", "<cell 1>")
        assert interpreter.run("import os\nos._exit(3)", "<cell 2>").end == "died"
        assert interpreter.run("while True: pass", "<cell 3>").end == "timeout"
        assert interpreter.run("print(x)", "<cell 4>").stdout == "5\n"


def test_the_working_folder_of_trusted_code_goes_afterwards() -> None:
    with Interpreter(Unconfined(), SandboxContents(), CellLimits()) as interpreter:
        folder = interpreter.run("import os\nprint(os.getcwd())", "<cell 1>").stdout.strip()
        assert Path(folder).is_dir()
    assert not Path(folder).exists()


def test_a_sandbox_that_does_not_start_is_an_error_with_its_reason() -> None:
    with pytest.raises(SandboxError, match="did not start"):
        SandboxSession(
            Container("podman", "/nonexistent/podman", "image"), SandboxContents(), CellLimits()
        )


def test_a_data_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"check\.files names .*missing\.txt"):
        prepare_environment(CheckSettings(files=(str(tmp_path / "missing.txt"),)))


def test_a_container_has_no_network_no_rights_and_nothing_to_write_to() -> None:
    launch = Container("podman", "podman", "image").launch(
        SandboxContents(), CellLimits(memory_mb=512)
    )
    for option in ("--network=none", "--read-only", "--cap-drop=ALL", "--pull=never", "--rm"):
        assert option in launch.command
    assert "--security-opt=no-new-privileges" in launch.command
    assert "--memory=1536m" in launch.command
    assert not any(part.startswith("--env=OPENAI") for part in launch.command)
    assert launch.stop is not None
    assert launch.stop[-1] == launch.command[4].removeprefix("--name=")


def test_cells_run_in_a_container() -> None:
    image = os.environ.get("LECTURE_TEST_IMAGE", "python:3.11-slim")
    usable = [one for one in ("docker", "podman") if describe(one, image).usable]
    if not usable:
        pytest.skip("neither docker nor podman works here with an image (set LECTURE_TEST_IMAGE)")
    sandbox = describe(usable[0], image).sandbox
    assert sandbox is not None
    _survives_a_death(sandbox)


def test_cells_survive_a_death_in_bubblewrap() -> None:
    sandbox = sandboxed().sandbox.sandbox
    assert sandbox is not None
    _survives_a_death(sandbox)


def _survives_a_death(sandbox: Sandbox) -> None:
    with Interpreter(sandbox, SandboxContents(), CellLimits(seconds=3)) as interpreter:
        first = interpreter.run("import uuid\nx = uuid.uuid4()\nprint(x)", "<cell 1>")
        died = interpreter.run("print('so far')\nimport os\nos._exit(7)", "<cell 2>")
        again = interpreter.run("print(x)", "<cell 3>")
    assert (died.end, died.exit_status, died.stdout) == ("died", 7, "so far\n")
    assert again.stdout == first.stdout


def test_the_tests_of_the_sandbox_run_where_it_is_installed() -> None:
    if bubblewrap.installed() is None:
        pytest.skip("bubblewrap is not installed (apt install bubblewrap)")
    assert describe("bubblewrap").usable, describe("bubblewrap").detail

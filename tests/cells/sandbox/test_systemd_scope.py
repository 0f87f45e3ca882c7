"""Where systemd can limit a command, cells start through it (a stand-in for it, not the real)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.cells.sandbox import systemd_scope
from pipeline.cells.sandbox.launch import CellLimits, SandboxContents
from pipeline.cells.sandbox.session import SandboxSession
from tests.cells.conftest import sandboxed


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A program that notes its options and becomes the command, as ``systemd-run --scope`` does."""
    program = tmp_path / "systemd-run"
    program.write_text(
        f'#!/bin/sh\nwhile [ "$1" != "--" ]; do echo "$1" >> {tmp_path}/options; shift; done\n'
        'shift\nexec "$@"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(systemd_scope, "unified", lambda: True)
    systemd_scope._start.cache_clear()
    yield tmp_path / "options"
    systemd_scope._start.cache_clear()


def test_cells_run_in_a_scope_with_limits(systemd: Path) -> None:
    found = sandboxed().sandbox.sandbox
    assert found
    session = SandboxSession(found, SandboxContents(), CellLimits(memory_mb=512, processes=100))
    try:
        assert session.run("print(6 * 7)", "<cell 1>").stdout == "42\n"
    finally:
        session.close()
    options = systemd.read_text().split()
    for option in ("MemoryMax=1610612736", "MemorySwapMax=0", "TasksMax=116"):
        assert f"--property={option}" in options
    assert ("--user" in options) == (os.geteuid() != 0)
    assert "--scope" in options


def test_a_systemd_that_refuses_is_left_alone(systemd: Path) -> None:
    (systemd.parent / "systemd-run").write_text("#!/bin/sh\nexit 1\n")
    assert systemd_scope.scope_command(CellLimits()) == []
    assert systemd_scope.scope_environment() == {}


@pytest.mark.parametrize(
    ("controllers", "whole"),
    [("cpu io memory pids\n", True), ("hugetlb\n", False), (None, False)],
)
def test_groups_of_the_second_version_are_known_by_their_controllers(
    tmp_path: Path, controllers: str | None, whole: bool
) -> None:
    if controllers is not None:
        (tmp_path / "cgroup.controllers").write_text(controllers)
    assert systemd_scope.unified(tmp_path) == whole

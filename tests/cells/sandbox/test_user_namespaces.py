"""The command that permits user namespaces, by what the system says of itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.cells.sandbox.selection import permission


def switched(root: Path, switch: str, value: str) -> Path:
    """A file system in which a switch of the kernel has this value."""
    file = root / "proc/sys" / switch.replace(".", "/")
    file.parent.mkdir(parents=True)
    file.write_text(value + "\n")
    return root


@pytest.mark.parametrize(
    ("switch", "forbids", "permits"),
    [
        ("user.max_user_namespaces", "0", "15000"),
        ("kernel.unprivileged_userns_clone", "0", "1"),
        ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
    ],
)
def test_the_switch_that_forbids_them_is_named_with_its_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, switch: str, forbids: str, permits: str
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert f"sudo sysctl -w {switch}={permits}" in permission(switched(tmp_path, switch, forbids))


def test_a_switch_that_permits_them_is_not_named(tmp_path: Path) -> None:
    assert permission(switched(tmp_path, "user.max_user_namespaces", "15000")) == ""


@pytest.mark.parametrize("mark", [".dockerenv", "run/.containerenv"])
def test_in_a_container_its_options_are_named(tmp_path: Path, mark: str) -> None:
    (tmp_path / mark).parent.mkdir(exist_ok=True)
    (tmp_path / mark).touch()
    assert "--security-opt seccomp=unconfined" in permission(tmp_path)


def test_nothing_is_said_where_nothing_forbids_them(tmp_path: Path) -> None:
    assert permission(tmp_path) == ""

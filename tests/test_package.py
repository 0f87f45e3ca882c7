"""What is installed from a wheel is all that a checkout has."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.shared import ROOT

PACKAGES = ("pipeline", "minbpe", "prompts")


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of the wheel, built from a copy so that the checkout stays clean."""
    source = tmp_path_factory.mktemp("wheel") / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    script = "import setuptools.build_meta as backend; backend.build_wheel('.')"
    subprocess.run([sys.executable, "-c", script], cwd=source, check=True, capture_output=True)
    (wheel,) = source.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_module_prompt_template_and_the_demo(wheel_names: set[str]) -> None:
    missing = [
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.relative_to(ROOT).as_posix() not in wheel_names
    ]
    assert missing == []
    assert "pipeline/demo/bpe-mini-lecture.mp4" in wheel_names


def test_the_wheel_says_that_it_is_typed_and_brings_the_command(wheel_names: set[str]) -> None:
    assert {"pipeline/py.typed", "minbpe/py.typed"} <= wheel_names
    assert any(name.endswith(".dist-info/entry_points.txt") for name in wheel_names)


def test_the_source_distribution_is_the_checkout(tmp_path: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    tracked = [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    if not tracked:
        pytest.skip("not a git checkout")
    source = tmp_path / "source"
    for name in tracked:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    script = "import setuptools.build_meta as backend; print(backend.build_sdist('.'))"
    subprocess.run([sys.executable, "-c", script], cwd=source, check=True, capture_output=True)
    (path,) = source.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert sorted(set(tracked) - held) == []


def test_the_wheel_holds_no_tests_and_no_output(wheel_names: set[str]) -> None:
    tops = {Path(name).parts[0] for name in wheel_names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)

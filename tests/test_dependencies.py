"""What is installed with the project has a licence that fits, and no floor lets a known hole in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.shared import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUN = PROJECT["dependencies"]
EXTRAS = ("whisper", "server")
BOUNDED = [*RUN, *(line for extra in EXTRAS for line in PROJECT["optional-dependencies"][extra])]

# Licences under which a package may be used beside MIT-licensed code: those that ask for no more
# than a notice, and LGPL and MPL, which bind their own files only (they are used as they are).
ALLOWED = re.compile(
    r"(?:The )?MIT(?:-0|-CMU| License)?|X11|HPND|Historical Permission Notice and Disclaimer.*"
    r"|ISC(?: License.*)?|0BSD|Zlib|CC0(?:-1\.0)?|BSL-1\.0|NCSA|Libpng|CNRI-Python|Public Domain"
    r"|(?:New |Modified )?BSD(?:[- ][234][- ]Clause)?(?: License)?|[234]-Clause BSD(?: License)?"
    r"|Apache(?:[- ](?:License|Software License|2\.0|License,? Version 2\.0))*"
    r"|Apache-2\.0 WITH LLVM-exception|Python Software Foundation License|PSF-2\.0|Python-2\.0"
    r"|(?:The )?Unlicense.*|Unicode-3\.0|MPL[- ]2\.0|Mozilla Public License 2\.0.*"
    r"|LGPL.*|GNU (?:Library or )?Lesser General Public License.*",
    re.IGNORECASE,
)
# Others, each with the reason why it may stay.
BY_HAND = {
    "mutagen": "GPL-2.0-or-later: a helper that yt-dlp's extra brings; nothing of ours imports it, "
    "and it is not passed on with the project",
}

# The first version without a hole that is known and that this project's use could meet; kept by
# hand from the projects' advisories. A lower bound below it is refused. `make audit` asks the
# public database about everything that is installed.
SAFE_FLOORS = {
    "av": ("17.1", "a crafted mp4 overflows the FFmpeg before 8.1 in it (CVE-2026-40962)"),
    "filelock": ("3.20.1", "a link planted at the lock's place is followed (CVE-2025-68146)"),
    "imageio-ffmpeg": ("0.8", "0.7 carries FFmpeg 7.0.2, see av (CVE-2026-40962)"),
    "jinja2": ("3.1.6", "a way out of its sandbox (CVE-2025-27516)"),
    "pillow": ("10.3", "a buffer overflow (CVE-2024-28219)"),
    "pyyaml": ("5.4", "code is run by a loader (CVE-2020-14343)"),
    "starlette": ("0.49.1", "a Range header that keeps the processor busy (CVE-2025-62727)"),
    "torch": ("2.6", "a checkpoint runs code even when read as weights (CVE-2025-32434)"),
    "yt-dlp": ("2024.7.1", "a file's suffix that a site chooses (CVE-2024-38519)"),
}


def closure(lines: list[str]) -> dict[str, Distribution]:
    """Every installed distribution that these requirements bring, by its normal name."""
    found: dict[str, Distribution] = {}
    wanted = [Requirement(line) for line in lines]
    while wanted:
        requirement = wanted.pop()
        name = normal(requirement.name)
        if name in found:
            continue
        try:
            found[name] = distribution(requirement.name)
        except PackageNotFoundError:
            continue  # for another platform, or an extra that is not installed
        wanted += list(required(found[name], requirement.extras))
    return found


def required(package: Distribution, extras: set[str]) -> Iterator[Requirement]:
    """What a package needs here, with these extras of its own."""
    for line in package.requires or []:
        requirement = Requirement(line)
        environments = [{"extra": extra} for extra in ("", *extras)]
        if requirement.marker is None or any(map(requirement.marker.evaluate, environments)):
            yield requirement


def normal(name: str) -> str:
    """As PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licences(package: Distribution) -> list[str]:
    """The licences that its metadata names: the expression, else classifiers, else the field."""
    metadata = package.metadata
    if "License-Expression" in metadata:
        return parts(metadata["License-Expression"])
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in metadata.get_all("Classifier") or []
        if line.startswith("License :: ") and not line.endswith("OSI Approved")
    ]
    if classifiers:
        return classifiers
    field = metadata["License"].strip() if "License" in metadata else ""
    return parts(field.splitlines()[0]) if field else []


def parts(expression: str) -> list[str]:
    """The licences of an expression such as ``MPL-2.0 AND MIT``; all of them have to fit."""
    return [part.strip("() ") for part in re.split(r"\s+(?:AND|OR)\s+", expression)]


PACKAGES = closure(BOUNDED)


def test_the_closure_is_there() -> None:
    assert len(PACKAGES) > 40 and {"yt-dlp", "torch", "pydantic"} <= PACKAGES.keys()


def test_a_run_needs_neither_torch_nor_a_server() -> None:
    assert not {"torch", "openai-whisper", "starlette", "uvicorn", "ray"} & closure(RUN).keys()


@pytest.mark.parametrize("name", sorted(PACKAGES))
def test_every_package_has_a_licence_that_fits(name: str) -> None:
    named = licences(PACKAGES[name])
    fits = bool(named) and all(ALLOWED.fullmatch(licence) for licence in named)
    assert fits or name in BY_HAND, f"{name}: {named}"


@pytest.mark.parametrize("name", sorted(SAFE_FLOORS))
def test_no_floor_lets_a_known_hole_in(name: str) -> None:
    floor, reason = SAFE_FLOORS[name]
    bounds = {
        normal(one.name): {Version(part.version) for part in one.specifier if part.operator == ">="}
        for one in map(Requirement, BOUNDED)
    }
    assert max(bounds[name]) >= Version(floor), reason


def test_every_dependency_has_a_lower_bound() -> None:
    for line in BOUNDED:
        operators = {part.operator for part in Requirement(line).specifier}
        assert ">=" in operators or "==" in operators, line

"""Furnishing what cells run in, as the settings say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import minbpe
from pipeline.cells.oracles.oracle import load_oracles
from pipeline.cells.oracles.vocabularies import (
    cache_name,
    fetch_vocabularies,
    file_name,
    find_vocabularies,
    wanted_by,
)
from pipeline.cells.sandbox.launch import CellLimits, SandboxContents
from pipeline.cells.sandbox.selection import SandboxDescription, choose
from pipeline.errors import SourceError
from pipeline.settings.check import CheckSettings

_MIB = 1 << 20


@dataclass(frozen=True)
class CellEnvironment:
    """All that is needed to run and judge cells.

    Args:
        oracles: their names, each of which can be imported.
        ranks: vocabulary files by their names.
    """

    sandbox: SandboxDescription
    contents: SandboxContents
    limits: CellLimits
    oracles: tuple[str, ...] = ()
    ranks: Mapping[str, Path] = field(default_factory=dict)


def prepare_environment(
    settings: CheckSettings, trust_code: bool = False, text: str = ""
) -> CellEnvironment:
    """The sandbox, what is in it, and its limits.

    Args:
        trust_code: where no sandbox works, run the cells without one.
        text: what is to be checked; the vocabularies that it is about are downloaded once, when
            they are not on this machine, because cells have no network.

    Raises:
        ConfigError: an oracle of ``check.oracles`` cannot be imported.
        SourceError: a file of ``check.files`` is not there.
    """
    files = tuple(Path(name).expanduser() for name in settings.files)
    for file in files:
        if not file.is_file():
            raise SourceError(f"check.files names {file}, which is no file", "correct check.files")
    found = find_vocabularies(files)
    missing = [source for source in wanted_by(text) if source not in found]
    if missing and settings.fetch_vocabularies and settings.execute:
        found |= fetch_vocabularies(missing)
    contents = SandboxContents(
        packages=(minbpe_folder(),),
        files=files,
        ranks={cache_name(source): file for source, file in found.items()},
    )
    limits = CellLimits(
        seconds=settings.cell_timeout_s,
        memory_mb=settings.memory_mb,
        output_bytes=settings.output_mb * _MIB,
    )
    load_oracles(settings.oracles)
    return CellEnvironment(
        choose(settings.sandbox, settings.image, trust_code),
        contents,
        limits,
        tuple(settings.oracles),
        {file_name(source): file for source, file in found.items()},
    )


def minbpe_folder() -> Path:
    """The folder of the package ``minbpe``, which cells can always import."""
    assert minbpe.__file__
    return Path(minbpe.__file__).resolve().parent

"""Furnishing what cells run in, as the settings say."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import minbpe
from pipeline.cells.room import Limits, Room
from pipeline.cells.sandbox import Description, choose
from pipeline.errors import SourceError
from pipeline.settings.check import CheckSettings

_MIB = 1 << 20


@dataclass(frozen=True)
class Bench:
    """All that is needed to run cells."""

    sandbox: Description
    room: Room
    limits: Limits


def furnish(settings: CheckSettings, trust_code: bool = False) -> Bench:
    """The sandbox, what is in it, and its limits.

    Args:
        trust_code: where no sandbox works, run the cells without one.

    Raises:
        SourceError: a file of ``check.files`` is not there.
    """
    files = tuple(Path(name).expanduser() for name in settings.files)
    for file in files:
        if not file.is_file():
            raise SourceError(f"check.files names {file}, which is no file", "correct check.files")
    ranks = os.environ.get("TIKTOKEN_CACHE_DIR")
    room = Room(
        packages=(minbpe_folder(),),
        files=files,
        rank_cache=Path(ranks).absolute() if ranks and Path(ranks).is_dir() else None,
    )
    limits = Limits(
        seconds=settings.cell_timeout_s,
        memory_mb=settings.memory_mb,
        output_bytes=settings.output_mb * _MIB,
    )
    return Bench(choose(settings.sandbox, settings.image, trust_code), room, limits)


def minbpe_folder() -> Path:
    """The folder of the package ``minbpe``, which cells can always import."""
    assert minbpe.__file__
    return Path(minbpe.__file__).resolve().parent

"""What the tests of crashes share: one undisturbed run to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.runs import Run, contents, lengths


@dataclass(frozen=True)
class Undisturbed:
    """A run that nothing happened to: its output folder, what is in it, seconds by stage."""

    output: Path
    contents: dict[str, bytes]
    lengths: dict[str, float]


@pytest.fixture(scope="session")
def undisturbed(narrated_video: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """The narrated lecture as nobody disturbed it."""
    from pipeline.runner import STAGES

    folder = tmp_path_factory.mktemp("undisturbed")
    run = Run(narrated_video, folder / "output", tmp=folder / "tmp")
    assert run.finish() == [stage.name for stage in STAGES]
    return Undisturbed(folder / "output", contents(folder / "output"), lengths(run))

"""What fuzzing has found stays fixed: every input of the corpus keeps its parser's promises."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.fuzz.target import CORPUS, Target
from tests.fuzz.targets import TARGETS, kind_of
from tests.tally import Tally

_FOUND = [
    pytest.param(target, path, id=f"{target.name}/{path.name}")
    for target in TARGETS.values()
    for path in sorted(target.corpus.glob("*"))
]
_SEEDS = [
    pytest.param(target, seed, id=f"{target.name}-{number}")
    for target in TARGETS.values()
    for number, seed in enumerate((b"", *target.seeds))
]
# Far above what any of them takes, far below what each of the slow ones took.
_LIMIT_S = 4.0


@pytest.mark.parametrize(("target", "path"), _FOUND)
def test_what_was_found_stays_fixed(target: Target, path: Path, tally: Tally) -> None:
    began = time.process_time()
    target.run(path.read_bytes())
    assert time.process_time() - began < _LIMIT_S
    tally.survived(kind_of(target))


@pytest.mark.parametrize(("target", "seed"), _SEEDS)
def test_the_seeds_keep_the_promises(target: Target, seed: bytes) -> None:
    target.run(seed)


def test_every_folder_of_the_corpus_has_its_target() -> None:
    assert {path.name for path in CORPUS.iterdir()} <= TARGETS.keys()

"""What a check can find wrong with a written chunk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "citation",
    "figure",
    "number",
    "identifier",
    "coverage",
    "code",
    "length",
    "spelling",
    "term",
    "fence",
    "heading",
    "filler",
    "voice",
    "impersonal",
    "link",
    "repetition",
    "time",
    "language",
    "remark",
    "unspoken code",
    "reconstruction",
]

# What would make the chapter say something false weighs more than what makes it read less well.
_WEIGHTS: dict[Kind, int] = {
    "citation": 4,
    "figure": 4,
    "number": 5,
    "identifier": 3,
    "coverage": 4,
    "code": 4,
    "length": 3,
    "spelling": 2,
    "term": 2,
    "fence": 5,
    "heading": 2,
    "filler": 1,
    "voice": 1,
    "impersonal": 0,
    "link": 5,
    "repetition": 3,
    "time": 4,
    "language": 5,
    "remark": 5,
    "unspoken code": 0,
    "reconstruction": 4,
}
# Taste is no reason for a call: blind readers marked the sentences that such calls had strained,
# and not the phrases that they were asked to remove.
_NO_REASON_TO_REPAIR: frozenset[Kind] = frozenset({"filler"})
_ONLY_REPORTED: frozenset[Kind] = frozenset({"impersonal", "unspoken code"})
# To repair these a writer has to look at the screens again; for all others their text is enough.
_SEEN_ON_SCREEN: frozenset[Kind] = frozenset({"figure", "code", "identifier", "reconstruction"})


@dataclass(frozen=True)
class Problem:
    """One thing to repair. ``text`` tells the writer what to do; ``block`` is the block's index,
    None for the chunk as a whole; ``items`` are the segments, numbers or names."""

    kind: Kind
    text: str
    block: int | None = None
    items: tuple[str, ...] = ()


def weight(problems: Iterable[Problem]) -> int:
    """How bad it is: 0 for flawless."""
    return sum(_WEIGHTS[problem.kind] * max(1, len(problem.items)) for problem in problems)


def to_repair(problems: Iterable[Problem]) -> list[Problem]:
    """What the writer is asked to repair; empty when nothing is worth asking for.

    Filler phrases are named along with something else, and are only reported where they are alone;
    a voice without persons, and code that was shown and not spoken of, are only reported.
    """
    asked = [problem for problem in problems if problem.kind not in _ONLY_REPORTED]
    return [] if all(problem.kind in _NO_REASON_TO_REPAIR for problem in asked) else asked


def needs_pictures(problems: Iterable[Problem]) -> bool:
    """Whether the pictures of the screens are worth sending once more."""
    return any(problem.kind in _SEEN_ON_SCREEN for problem in problems)


def items_of(problems: Iterable[Problem], kind: Kind) -> tuple[str, ...]:
    """All items of one kind, each once, in order."""
    found = (item for problem in problems if problem.kind == kind for item in problem.items)
    return tuple(dict.fromkeys(found))

"""How found states of the screen compare with the true ones, and lectures whose truth is known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.video.screens import ScreenState
from tests.screencast import Screencast, Truth

NEAR_MS = 1_500


@dataclass(frozen=True)
class Score:
    """How found states compare with the truth."""

    truth: int
    found: int
    false: int
    full: int
    returns: int
    returned: int

    def __str__(self) -> str:
        return (
            f"{self.found:>4}/{self.truth:<4}{self.false:>6}{self.full:>6}/{self.found:<4}"
            f"{self.returned:>5}/{self.returns:<4}"
        )


def score(states: Sequence[Truth], found: Sequence[ScreenState]) -> Score:
    """Match each true state with the found one that starts within ``NEAR_MS`` of it."""
    match: dict[int, int] = {}
    for number, state in enumerate(states):
        for k, one in enumerate(found):
            starts = abs(one.start_ms - state.start_ms) <= NEAR_MS
            if starts and state.start_ms <= one.at_ms < state.end_ms and k not in match.values():
                match[number] = k
                break
    returns = [n for n, state in enumerate(states) if state.same_as is not None]
    returned = 0
    for number in returns:
        earlier = states[number].same_as
        if number in match and earlier in match:
            returned += found[match[number]].same_as == match[earlier]
    return Score(
        truth=len(states),
        found=len(match),
        false=len(found) - len(match),
        full=sum(found[k].at_ms >= states[n].full_ms for n, k in match.items()),
        returns=len(returns),
        returned=returned,
    )


def mini_lecture() -> Screencast | None:
    """The mini lecture with the states by ``screen`` name of its truth, where it is at hand."""
    folder = Path(__file__).parents[2].parent / "shared" / "media" / "bpe-mini-lecture"
    if not folder.is_dir():
        return None
    screens = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["screens"]
    states: list[Truth] = []
    names: list[str] = []
    for screen in screens:
        words = tuple(screen["text"].split())
        start_ms, end_ms = screen["start_ms"], screen["end_ms"]
        if names and names[-1] == screen["screen"]:
            states[-1] = replace(states[-1], end_ms=end_ms, words=words, full_ms=start_ms)
        else:
            first = names.index(screen["screen"]) if screen["screen"] in names else None
            states.append(Truth(start_ms, end_ms, start_ms, words, first))
            names.append(screen["screen"])
    return Screencast(folder / "bpe-mini-lecture.mp4", 202_775, tuple(states))

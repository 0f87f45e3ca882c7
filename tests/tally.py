"""Counts what the suite did to the pipeline: faults injected, survived, and work lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass
class Count:
    """Of one kind of fault: how often it was ``injected`` (each kill, damaged file or made-up input
    is one), how often the pipeline came through
    (a whole result, or one clear error and a next run that finished), and how often it ``lost``
    finished or paid work."""

    injected: int = 0
    survived: int = 0
    lost: int = 0


class Tally:
    """One count per kind of fault ("killed", "disk full", "broken video"), over a whole session."""

    def __init__(self) -> None:
        self.counts: defaultdict[str, Count] = defaultdict(Count)

    def survived(self, kind: str, times: int = 1) -> None:
        """Count ``times`` faults that did no harm; call it after the last assertion about them."""
        self.counts[kind].injected += times
        self.counts[kind].survived += times

    def injected(self, kind: str, times: int = 1) -> None:
        """Count ``times`` faults of which it is not known yet whether they are survived."""
        self.counts[kind].injected += times

    def lost(self, kind: str, times: int = 1) -> None:
        """Count ``times`` that finished or paid work was lost."""
        self.counts[kind].lost += times

    def plain(self) -> dict[str, tuple[int, int, int]]:
        """Injected, survived and lost of each kind, to be sent to another process."""
        return {kind: (one.injected, one.survived, one.lost) for kind, one in self.counts.items()}

    def add(self, counts: Mapping[str, Sequence[int]]) -> None:
        """Add what another process counted, as ``plain`` gives it."""
        for kind, (injected, survived, lost) in counts.items():
            total = self.counts[kind]
            total.injected += injected
            total.survived += survived
            total.lost += lost

    def lines(self) -> list[str]:
        """A table, a line per kind in order of name; empty when nothing was injected."""
        if not self.counts:
            return []
        rows = [*sorted(self.counts.items()), (f"{len(self.counts)} kinds", self._sum())]
        head = f"{'kind of fault':<32}{'injected':>10}{'survived':>10}{'lost':>6}"
        return [head, *(f"{k:<32}{c.injected:>10}{c.survived:>10}{c.lost:>6}" for k, c in rows)]

    def _sum(self) -> Count:
        every = self.counts.values()
        return Count(
            sum(count.injected for count in every),
            sum(count.survived for count in every),
            sum(count.lost for count in every),
        )


TALLY = Tally()

"""The verdicts of the check stage, matched to the fences of the chapter.

The report is read loosely, by the contract's field names, so that a chapter can be rendered from a
report of any version.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

STATUSES = ("passed", "mismatch", "failed", "timeout", "blocked", "skipped")


@dataclass(frozen=True)
class Verdict:
    """One cell's outcome: ``status`` is one of ``STATUSES``, ``reason`` a line or empty."""

    section: str
    source: str
    status: str
    reason: str = ""
    language: str = "python"

    @property
    def counts(self) -> bool:
        """Whether it is a cell that could have run: not another language, not an excerpt."""
        return self.status != "skipped" or self.language in ("python", "py")


@dataclass
class Verdicts:
    """All cells of a report in the order of the fences, handed out one by one.

    ``oracles`` are (name, status, detail) of the checks against reference results.
    """

    cells: Sequence[Verdict] = ()
    oracles: Sequence[tuple[str, str, str]] = ()
    _next: int = field(default=0, repr=False)

    @classmethod
    def from_json(cls, data: bytes) -> Verdicts:
        """The verdicts of a ``check/report.json``; none when it holds none."""
        report: dict[str, Any] = json.loads(data)
        cells = [
            Verdict(
                section=str(cell.get("section", "")),
                source=str(cell.get("source", "")),
                status=str(cell.get("status", "skipped")),
                reason=str(cell.get("reason") or ""),
                language=str(cell.get("language") or "").lower(),
            )
            for cell in report.get("cells", [])
        ]
        oracles = [
            (str(one.get("name", "")), str(one.get("status", "")), str(one.get("detail") or ""))
            for one in report.get("oracles", [])
        ]
        return cls(cells, oracles)

    def take(self, source: str) -> Verdict | None:
        """The verdict of the next fence with this source, or None when it is not a cell.

        Fences come in the report's order; one that the report left out is skipped over.
        """
        wanted = source.strip()
        for at in range(self._next, len(self.cells)):
            if self.cells[at].source.strip() == wanted:
                self._next = at + 1
                return self.cells[at]
        return None

    def ran(self) -> tuple[int, int]:
        """How many cells ran, of how many that could have run."""
        able = [cell for cell in self.cells if cell.counts]
        return sum(1 for cell in able if cell.status in ("passed", "mismatch")), len(able)

    def counts(self) -> dict[str, int]:
        """How many cells have each status, in the order of ``STATUSES``; absent ones left out."""
        totals = {
            status: sum(1 for cell in self.cells if cell.status == status) for status in STATUSES
        }
        return {status: count for status, count in totals.items() if count}

"""What oracles found, each thing and all of a whole article."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.cells.report import OracleReport, OracleStatus


@dataclass(frozen=True)
class OracleFinding:
    """What an oracle found: about which name, whether it agrees, and in words how it knows."""

    name: str
    status: OracleStatus
    detail: str


def unsure(finding: OracleFinding) -> OracleFinding:
    """What is wrong as it was read from a screen, or heard, may be right in the lecture."""
    if finding.status != "failed":
        return finding
    why = "differs, but may have been cut off, misread or misheard"
    return OracleFinding(finding.name, "skipped", f"{why}: {finding.detail}")


class OracleVerdicts:
    """Collects findings; a function that a later cell defines again counts as it is there.

    A lecture may show a version with a flaw on purpose and repair it afterwards.
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[OracleFinding, int | None]] = {}
        self._earlier: dict[str, tuple[OracleFinding, int | None]] = {}

    def add(self, finding: OracleFinding, cell: int | None) -> None:
        """Take in a finding about the cell of that index (None: about prose)."""
        before = self._last.get(finding.name)
        if before and before[0].status == "failed" and before[1] != cell:
            self._earlier.setdefault(finding.name, before)
        self._last[finding.name] = (finding, cell)

    def reports(self) -> tuple[OracleReport, ...]:
        """One report for each name, in the order of their last definitions."""
        made = []
        for name, (finding, cell) in self._last.items():
            detail = finding.detail
            earlier = self._earlier.get(name)
            if earlier and finding.status == "passed":
                detail += f"; the first version, in cell {earlier[1]}, did not: {earlier[0].detail}"
            made.append(OracleReport(name=name, status=finding.status, detail=detail, cell=cell))
        return tuple(made)

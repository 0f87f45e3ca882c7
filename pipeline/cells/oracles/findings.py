"""What an oracle found."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.cells.report import OracleStatus


@dataclass(frozen=True)
class OracleFinding:
    """What an oracle found: about which name, whether it agrees, and in words how it knows."""

    name: str
    status: OracleStatus
    detail: str

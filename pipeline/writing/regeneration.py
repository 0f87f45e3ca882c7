"""Which sections a user asked for again, how often, and with which wishes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.engine.files import write_atomic


@dataclass(frozen=True)
class Regeneration:
    """How often a section was asked for again (``take``), and the last wishes for it.

    Both are part of the question, so that a later run of the whole stage finds the same reply.
    """

    take: int = 0
    instructions: str = ""


def load_regenerations(path: Path) -> dict[str, Regeneration]:
    """By the id of the section; empty when there are none or the file is damaged."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        return {name: Regeneration(**fields) for name, fields in known.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def save_regenerations(path: Path, redos: Mapping[str, Regeneration]) -> None:
    """Write them where ``load_regenerations`` finds them."""
    known = {name: asdict(redo) for name, redo in sorted(redos.items())}
    write_atomic(path, (json.dumps(known, ensure_ascii=False, indent=2) + "\n").encode())

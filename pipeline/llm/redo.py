"""Which sections a person asked for again, how often, and with which wishes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.files import write_atomic


@dataclass(frozen=True)
class Redo:
    """How often a section was asked for again (``take``), and the last wishes for it.

    Both are part of the question, so that a later run of the whole stage finds the same reply.
    """

    take: int = 0
    instructions: str = ""


def load_redos(path: Path) -> dict[str, Redo]:
    """By the id of the section; empty when there are none or the file is damaged."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        return {name: Redo(**fields) for name, fields in known.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def save_redos(path: Path, redos: Mapping[str, Redo]) -> None:
    """Write them where ``load_redos`` finds them."""
    known = {name: asdict(redo) for name, redo in sorted(redos.items())}
    write_atomic(path, (json.dumps(known, ensure_ascii=False, indent=2) + "\n").encode())

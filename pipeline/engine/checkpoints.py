"""Partial results with a checksum: what a stage takes up again must be what it once put down.

Artifacts are known by the fingerprints in a manifest; the files in ``work`` folders are in none, so
each carries its own. A corrupted file counts as missing.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pipeline.engine.files import write_atomic


def encode_line(data: Any) -> str:
    """``data`` as one line of JSON with a checksum, by which ``decode_line`` knows it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"{_checksum(text)} {text}"


def decode_line(line: str) -> Any:
    """The data of a line that ``encode_line`` made.

    Raises:
        ValueError: it is not whole, or has no checksum.
    """
    checksum, _, text = line.strip().partition(" ")
    if not text or checksum != _checksum(text):
        raise ValueError("the checksum does not fit")
    return json.loads(text)


def save_checkpoint(path: Path, data: Any) -> None:
    """Put ``data`` at ``path``, with its checksum.

    Raises:
        WorkspaceError: it cannot be written.
    """
    write_atomic(path, (encode_line(data) + "\n").encode("utf-8", "surrogatepass"))


def load_checkpoint(path: Path) -> Any | None:
    """The data at ``path``; None when there is none, or it is damaged."""
    try:
        return decode_line(path.read_bytes().decode("utf-8", "surrogatepass"))
    except (OSError, ValueError):
        return None


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]

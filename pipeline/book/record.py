"""``book.json``: what the book is made from and how far each entry is. No times of day."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import ValidationError, field_validator

from pipeline.engine.files import write_atomic
from pipeline.engine.workspace import to_json
from pipeline.models import Model

EntryState = Literal["done", "failed", "left out", "waiting"]
NAME = "book.json"


class BookEntry(Model):
    """One entry; ``chapter`` is its number in the book, None while it is not in it.

    ``id`` is the lecture's folder in the output folder, empty when the source names none.
    """

    id: str
    source: str
    title: str
    state: EntryState
    chapter: int | None = None
    failed_step: str | None = None
    reason: str | None = None

    @field_validator("id")
    @classmethod
    def _is_a_folders_name(cls, name: str) -> str:
        if name in (".", "..") or set(name) & {"/", "\\", "\0"}:
            raise ValueError("a lecture's folder lies in the output folder")
        return name


class BookRecord(Model):
    """The whole file. ``removed`` are lectures that were in the book and are in no source now;
    their folders are kept."""

    title: str
    sources: tuple[str, ...]
    limit: int | None = None
    match: str | None = None
    after: str | None = None
    before: str | None = None
    entries: tuple[BookEntry, ...]
    removed: tuple[str, ...] = ()


def load(folder: Path) -> BookRecord | None:
    """The record of an earlier run, None when there is none that can be read."""
    try:
        return BookRecord.model_validate_json((folder / NAME).read_bytes())
    except (OSError, ValidationError):
        return None


def save(folder: Path, record: BookRecord) -> None:
    """Write the record."""
    write_atomic(folder / NAME, to_json(record))

"""A book's folder without the book: what the library page reads of it."""

from __future__ import annotations

import json
from pathlib import Path


def put_book(output: Path, name: str, title: str, *entries: tuple[str, int | None]) -> Path:
    """A book's folder as ``pipeline.book`` leaves it: entries are (lecture, chapter number)."""
    folder = output / "books" / name
    folder.mkdir(parents=True)
    record = {
        "title": title,
        "sources": ["list.txt"],
        "entries": [
            {"id": one, "source": one, "title": one, "chapter": number,
             "state": "failed" if number is None else "done"}
            for one, number in entries
        ],
        "removed": [],
    }  # fmt: skip
    (folder / "book.json").write_text(json.dumps(record))
    (folder / "index.html").write_text(f"<!doctype html><title>{title}</title>")
    return folder

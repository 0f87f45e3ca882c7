"""What a source gave, before it is measured: one shape for sites, links and local files."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from pipeline.files import write_atomic
from pipeline.media.details import Details
from pipeline.media.sidecars import Kind
from pipeline.model import Model

_RECORD = "fetched.json"


class Caption(Model):
    """A caption file that lies ready; ``path`` is absolute, or relative to the work folder."""

    path: str
    language: str | None
    kind: Kind


class Fetched(Model):
    """A media file that lies ready (``path`` as for ``Caption``), and what is known about it.

    ``fallback_title`` is used when neither the source nor the file itself tells a title.
    """

    path: str
    details: Details
    fallback_title: str
    captions: tuple[Caption, ...] = ()


class Record(Model):
    """``work/fetched.json``: a finished load, so that a killed run does not load again.

    ``key`` names all that decided what was loaded.
    """

    key: str
    fetched: Fetched


def remember(work: Path, key: str, fetched: Fetched) -> None:
    """Record that everything of ``fetched`` is in ``work``, and remove what is not part of it."""
    write_atomic(work / _RECORD, Record(key=key, fetched=fetched).model_dump_json().encode())
    kept = {_RECORD, fetched.path, *(caption.path for caption in fetched.captions)}
    for path in work.iterdir():
        if path.name not in kept and path.is_file():
            path.unlink()


def recall(work: Path, key: str) -> Fetched | None:
    """What an earlier run loaded for the same ``key``, or None."""
    try:
        record = Record.model_validate_json((work / _RECORD).read_bytes())
    except (OSError, ValidationError):
        return None
    return record.fetched if record.key == key else None


def forget(work: Path) -> None:
    """Load anew next time; partial files stay and are continued."""
    (work / _RECORD).unlink(missing_ok=True)

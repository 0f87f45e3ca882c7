"""What a source gave, before it is measured: one shape for sites, links and local files."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from pydantic import ValidationError

from pipeline.engine.files import write_atomic
from pipeline.models import CaptionKind, Model
from pipeline.text.untrusted import plain_line
from pipeline.video.metadata import VideoMetadata

_RECORD = "fetched.json"
_PLAIN_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")


class Caption(Model):
    """A caption file that lies ready; ``path`` is absolute, or relative to the work folder."""

    path: str
    language: str | None
    kind: CaptionKind


class Fetched(Model):
    """A media file that lies ready (``path`` as for ``Caption``), and what is known about it.

    ``fallback_title`` is used when neither the source nor the file itself tells a title.
    ``lacking`` says what failed to download this time, though it exists.
    """

    path: str
    details: VideoMetadata
    fallback_title: str
    captions: tuple[Caption, ...] = ()
    lacking: str = ""


class Record(Model):
    """``work/fetched.json``: a finished load, so that a killed run does not load again.

    ``key`` names all that decided what was loaded.
    """

    key: str
    fetched: Fetched


def title_of_name(name: str) -> str:
    """A file's name without its ending as a title: ``names-for-stuff`` is "Names for stuff".

    A name with spaces is somebody's title already and stays as it is.
    """
    name = plain_line(name)
    line = name if " " in name else re.sub(r"[-_]+", " ", name).strip()
    first = line.split(" ")[0] if line else ""
    return (
        line[0].upper() + line[1:]
        if first.islower() and first.isalpha()
        else line or name or "Video"
    )


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


def borrow(work: Path, key: str, lectures: Path) -> bool:
    """Take what another part of the same video has loaded, instead of loading it again.

    Args:
        lectures: the folder of the lectures' folders.

    Returns:
        Whether there was one; then it lies in ``work`` as if it had been loaded there.
    """
    for record in sorted(lectures.glob(f"*/download/work/{_RECORD}")):
        fetched = recall(record.parent, key)
        if fetched is None or record.parent == work:
            continue
        video = record.parent.parent / name_of(Path(fetched.path))
        captions = [record.parent / caption.path for caption in fetched.captions]
        if video.is_file() and all(caption.is_file() for caption in captions):
            work.mkdir(parents=True, exist_ok=True)
            _link(video, work / fetched.path)
            for caption in captions:
                write_atomic(work / caption.name, caption.read_bytes())
            remember(work, key, fetched)
            return True
    return False


def name_of(media: Path) -> str:
    """The name of a media file in the download folder: ``video`` and its plain suffix."""
    suffix = media.suffix.lower()
    return f"video{suffix}" if _PLAIN_SUFFIX.fullmatch(suffix) else "video"


def _link(video: Path, target: Path) -> None:
    temporary = target.with_name(f"{target.name}.taking")
    temporary.unlink(missing_ok=True)
    try:
        os.link(video, temporary)
    except OSError:  # a file system without links
        shutil.copyfile(video, temporary)
    temporary.replace(target)


def forget(work: Path) -> None:
    """Download again next time; partial files stay and are continued."""
    (work / _RECORD).unlink(missing_ok=True)

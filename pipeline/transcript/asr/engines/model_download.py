"""One large file from the web, whole and checked: resumed when interrupted, never half in place."""

from __future__ import annotations

import hashlib
import urllib.error
import urllib.request
from pathlib import Path

from pipeline.engine.progress import Progress
from pipeline.errors import SpeechError

_BLOCK = 1 << 18
_TRIES = 2
_TIMEOUT_S = 30.0


def fetch_checked(address: str, target: Path, sha256: str, progress: Progress) -> Path:
    """Download ``address`` to ``target`` and compare its SHA-256.

    What an interrupted download left is continued; a file with a wrong checksum is deleted and
    fetched once more from the beginning.

    Raises:
        SpeechError: unreachable, or the checksum is wrong again.
        OSError: the disk is full or the folder cannot be written.
    """
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    for _ in range(_TRIES):
        try:
            _continue(address, part, progress)
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            why = getattr(error, "reason", None) or error
            raise SpeechError(f"{address} cannot be downloaded: {why}") from error
        if _sha256(part) == sha256:
            part.replace(target)
            return target
        part.unlink()
    raise SpeechError(f"{address} was downloaded, but its checksum is wrong")


def _continue(address: str, part: Path, progress: Progress) -> None:
    """Append to ``part`` what it lacks of the file at ``address``."""
    have = part.stat().st_size if part.is_file() else 0
    request = urllib.request.Request(address, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        reply = urllib.request.urlopen(request, timeout=_TIMEOUT_S)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # nothing is lacking
            return
        raise
    with reply:
        going_on = reply.status == 206
        have = have if going_on else 0
        size = reply.headers.get("Content-Length")
        total = have + int(size) if size else None
        with part.open("ab" if going_on else "wb") as file:
            while block := reply.read(_BLOCK):
                file.write(block)
                have += len(block)
                progress.update(have / 1e6, total / 1e6 if total else None, "MB")
    if total is not None and have < total:
        raise ConnectionError(f"the connection ended after {have} of {total} bytes")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

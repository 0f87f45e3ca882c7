"""Which lecture a command is about: a source the first time, its folder's id from then on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from pipeline.engine.files import write_atomic
from pipeline.engine.stage import Request
from pipeline.engine.symlink_guard import check_links
from pipeline.engine.workspace import Workspace
from pipeline.errors import UsageError, WorkspaceError, did_you_mean
from pipeline.redaction import public_url
from pipeline.sources.ids import is_url, local_path, video_id_of

_FILE = "source.json"
# What a run writes before it has loaded anything.
_OWN = (_FILE, "settings.json", ".lock", ".lock.json")


def open_source(output: Path, request: Request) -> Workspace:
    """The workspace for ``request``; its source is remembered there for later commands.

    Raises:
        WorkspaceError: the folder cannot be written, or a link in it leads out.
        SourceError: a local source does not exist.
    """
    video_id = video_id_of(request.source, request.start_ms, request.end_ms)
    workspace = Workspace(output / video_id)
    check_links(workspace.root, output)
    # A password or token in the address is not kept: the user has it, and gives it again.
    source = public_url(request.source)
    if not is_url(source):
        source = str(local_path(source))
    remembered = {"source": source, "start_ms": request.start_ms, "end_ms": request.end_ms}
    data = (json.dumps(remembered, ensure_ascii=False, indent=2) + "\n").encode()
    path = workspace.root / _FILE
    if not path.is_file() or path.read_bytes() != data:
        write_atomic(path, data)
    return workspace


def open_existing(output: Path, name: str) -> tuple[Workspace, Request]:
    """The workspace that ``name`` means (an id, or a source that was run before) and its request.

    Raises:
        UsageError: there is no such chapter; the message lists what there is.
        WorkspaceError: what was remembered of it is damaged, or a link in its folder leads out.
    """
    root = output / name
    if "/" in name or not (root / _FILE).is_file():
        root = _root_of_source(output, name)
    check_links(root, output)
    try:
        remembered = json.loads((root / _FILE).read_text(encoding="utf-8"))
        # Where the address was named again, it is whole: what is remembered has no password.
        source = name if is_url(name) else remembered["source"]
        part = (remembered["start_ms"], remembered["end_ms"])
        if not isinstance(source, str) or not all(isinstance(one, int | None) for one in part):
            raise TypeError("no source and part")
        request = Request(source, *part)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise WorkspaceError(
            f"{root / _FILE} is missing or damaged", "run the source again: run SOURCE"
        ) from error
    return Workspace(root), request


def drop_if_nothing(root: Path) -> bool:
    """Remove a lecture's folder in which nothing was made yet, and say whether it was.

    A source that turns out to be none (no video, a refused address, a misspelt name) leaves nothing
    behind. The caller holds the lock.
    """
    made = [path for path in root.rglob("*") if not path.is_dir() and path.name not in _OWN]
    if made or root.is_symlink():
        return False
    shutil.rmtree(root, ignore_errors=True)
    return True


def known_ids(output: Path) -> list[str]:
    """The ids of all lectures in the output folder, sorted; empty when there is no such folder."""
    if not output.is_dir():
        return []
    return sorted(path.parent.name for path in output.glob(f"*/{_FILE}"))


def _root_of_source(output: Path, name: str) -> Path:
    if is_url(name) or Path(name).exists():
        root = output / video_id_of(name)
        if (root / _FILE).is_file():
            return root
    ids = known_ids(output)
    listed = ", ".join(ids[:8]) + (", ..." if len(ids) > 8 else "") if ids else "none yet"
    like = did_you_mean(name, ids)
    raise UsageError(f"no chapter {name!r} in {output}{like}", f"there are: {listed}")

"""One lecture's folder ``output/<video_id>/``: typed artifacts, written atomically, with manifests.

A stage writes through ``StageFolder``. Every write is announced in a journal before it happens, so
that after a crash a file the stage wrote is never mistaken for one that a user edited. The
manifest is written last; only then is the stage done.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Generic, TypeVar

from pydantic import Field, ValidationError

from pipeline.engine.files import sha256_of, unwritable, write_atomic
from pipeline.engine.stage_names import StageName
from pipeline.errors import ArtifactError, WorkspaceError
from pipeline.models import Model, Video

M = TypeVar("M", bound=Model)

# Above this size a file is recognised by size and time of change: hashing 1 GB takes seconds,
# and a second run has to be instant.
_HASHED_BYTES = 32 << 20

# What a write is preceded by: raises when the folder is no longer this run's.
Guard = Callable[[], None]


@dataclass(frozen=True)
class Artifact(Generic[M]):
    """A file of the lecture's folder: ``name`` (``download/video.json``) and what it holds."""

    name: str
    kind: type[M]


def _free() -> None:
    """The guard of a folder that nobody else can want."""


class Manifest(Model):
    """``<stage>/manifest.json``: what a finished stage was made from, and what it made.

    ``inputs`` maps a readable name (``setting transcribe.engine``, ``prompt write.md.j2``,
    ``artifact download/video.json``) to the value or hash it had before the run. ``outputs`` and
    ``edited`` map paths relative to the stage folder to fingerprints; ``edited`` are the files a
    user changed by hand and the stage kept. ``lacking`` says what the stage had to do without (a
    model that could not be fetched); such a stage is stale, so that the next run tries again.
    ``warnings`` are the stage's own, in order, each once.
    """

    stage: StageName
    inputs: dict[str, str]
    outputs: dict[str, str]
    edited: dict[str, str] = Field(default_factory=dict)
    lacking: str = ""
    warnings: tuple[str, ...] = ()
    finished_at: str
    duration_ms: int


def fingerprint(path: Path) -> str | None:
    """What a file is recognised by, or None when it is not there.

    Raises:
        WorkspaceError: it cannot be read, or is no file.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise WorkspaceError(f"{path} cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(status.st_mode):
        raise WorkspaceError(
            f"{path} is not a file",
            "a file belongs there: move away what is in its place, then run again",
        )
    if status.st_size > _HASHED_BYTES:
        return f"size {status.st_size} time {status.st_mtime_ns}"
    return f"sha256 {sha256_of(path)}"


def to_json(model: Model) -> bytes:
    """The artifact form of ``model``: UTF-8, two-space indent, final newline."""
    data = model.model_dump(mode="json")
    return utf8(json.dumps(data, ensure_ascii=False, indent=2) + "\n")


def utf8(text: str) -> bytes:
    """``text`` as a file holds it; half a surrogate pair, which is no character, as U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


class StageFolder:
    """One stage's folder, for writing its artifacts and keeping what lets it resume.

    ``work`` is a folder for partial results (finished windows, replies, downloads). It is not part
    of the result: it survives a crash and is the stage's own business. Names in ``kept`` are files
    that a user edited: writing them does nothing. ``written`` maps names to fingerprints.
    ``lacking`` is set by a stage that had to do without something it should have (see Manifest).
    ``guard`` is called before every write.
    """

    def __init__(
        self, root: Path, stage: StageName, kept: Iterable[str] = (), guard: Guard = _free
    ) -> None:
        self.path = root / stage
        self.stage = stage
        self.work = self.path / "work"
        self.kept = frozenset(kept)
        self.written: dict[str, str] = {}
        self.lacking = ""
        self._guard = guard
        self._journal = self.path / ".journal"
        self._record = self.path / ".written"

    def write_json(self, name: str, model: Model) -> None:
        """Write ``model`` as the artifact ``name`` (a relative path)."""
        self.write_bytes(name, to_json(model))

    def write_text(self, name: str, text: str) -> None:
        """Write ``text`` as UTF-8."""
        self.write_bytes(name, utf8(text))

    def write_bytes(self, name: str, data: bytes) -> None:
        """Write ``data``, unless a user edited this file."""
        if name in self.kept:
            return
        self._announce(name, f"sha256 {hashlib.sha256(data).hexdigest()}")
        write_atomic(self.path / name, data)
        self.written[name] = fingerprint(self.path / name) or ""

    def adopt(self, name: str) -> None:
        """Count the file ``name``, which the stage put in its folder by other means, as an output.

        The file must have been moved to its place by a rename, so that it is whole.
        """
        print_of = fingerprint(self.path / name)
        if print_of is None:
            raise ArtifactError(f"{self.path / name} was not written by stage {self.stage}")
        self._announce(name, print_of)
        self.written[name] = print_of

    def announced(self) -> set[tuple[str, str]]:
        """The (name, fingerprint) pairs an unfinished run wrote or was about to; else empty."""
        return _pairs(self._journal)

    def own(self) -> set[tuple[str, str]]:
        """All (name, fingerprint) pairs known to be the stage's work: of the last whole run, also
        where its manifest is damaged, and of an unfinished one since."""
        manifest = self.manifest()
        of_manifest = set(manifest.outputs.items()) if manifest else set()
        return of_manifest | _pairs(self._record) | self.announced()

    def manifest(self) -> Manifest | None:
        """The manifest of the last whole run, or None when there is none or it is damaged."""
        try:
            return Manifest.model_validate_json((self.path / "manifest.json").read_bytes())
        except FileNotFoundError:
            return None
        except (ValidationError, OSError):
            return None

    def finish(self, manifest: Manifest) -> None:
        """Remove what earlier runs made and this one did not, then write the manifest.

        Raises:
            ArtifactError: an output was removed by someone else in the meantime.
        """
        for name in manifest.outputs:
            if not (self.path / name).is_file():
                raise ArtifactError(
                    f"{self.path / name} was removed while stage {self.stage} ran", "run again"
                )
        kept = manifest.outputs.keys() | manifest.edited.keys()
        self._guard()
        for name in {name for name, _ in self.own()} - kept:
            if _is_inside(name):
                with contextlib.suppress(OSError):
                    (self.path / name).unlink()
        write_atomic(self.path / "manifest.json", to_json(manifest))
        with contextlib.suppress(FileNotFoundError):
            self._journal.replace(self._record)

    def _announce(self, name: str, print_of: str) -> None:
        self._guard()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if self._journal.is_symlink():
                self._journal.unlink()  # it would be written to elsewhere
            with self._journal.open("a", encoding="utf-8") as file:
                # A line break first: what a killed run left unfinished must not swallow this.
                file.write(f"\n{name}\t{print_of}\n")
        except OSError as error:
            raise unwritable(self._journal, error) from error


def _pairs(journal: Path) -> set[tuple[str, str]]:
    try:
        lines = journal.read_bytes().decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise WorkspaceError(
            f"{journal} cannot be read: {error.strerror}", "move it away, then run again"
        ) from error
    # A line may be cut by a crash; its file was then not yet written.
    cut = (line.rpartition("\t") for line in lines)
    return {(name, print_of) for name, separator, print_of in cut if separator}


def _is_inside(name: str) -> bool:
    """Whether a name, from a file that anyone may have changed, stays within the folder."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\0" not in name


class Workspace:
    """The folder of one lecture (or of a part of one)."""

    def __init__(self, root: Path, guard: Guard = _free) -> None:
        self.root = root
        self._guard = guard

    def guarded(self, guard: Guard) -> Workspace:
        """The same folder, with ``guard`` called before every write."""
        return Workspace(self.root, guard)

    @property
    def video_id(self) -> str:
        """The folder's name."""
        return self.root.name

    def folder(self, stage: StageName, kept: Iterable[str] = ()) -> StageFolder:
        """The folder of one stage, made when something is written; ``kept`` files are protected."""
        return StageFolder(self.root, stage, kept, self._guard)

    def path(self, artifact: Artifact[M]) -> Path:
        """Where ``artifact`` lies, there or not."""
        return self.root / artifact.name

    def read(self, artifact: Artifact[M]) -> M:
        """What ``artifact`` holds, checked.

        Raises:
            ArtifactError: it is missing or damaged; the message says which stage makes it.
        """
        path = self.path(artifact)
        stage = artifact.name.split("/", 1)[0]
        try:
            return artifact.kind.model_validate_json(path.read_bytes())
        except FileNotFoundError as error:
            raise ArtifactError(f"{path} is missing", f"run stage {stage} first") from error
        except OSError as error:
            raise ArtifactError(f"{path} cannot be read: {error.strerror}") from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the file"
            raise ArtifactError(
                f"{path} is damaged: {where}: {first['msg']}",
                f"fix it, or regenerate it with: stage {stage} --force",
            ) from error

    def video_path(self, video: Video) -> Path:
        """Where the video file is: in the download folder, or where a local file was left."""
        return self.root / "download" / video.path

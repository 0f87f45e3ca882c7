"""Where a Whisper model is on this machine, and how to get it.

openai-whisper keeps its checkpoints in ``~/.cache/whisper``, faster-whisper keeps converted ones in
the Hugging Face cache; the packages' own downloaders are used, and so are models that other
programs have fetched.
"""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Literal

from pipeline import telemetry
from pipeline.engine.files import sha256_of
from pipeline.engine.progress import Progress
from pipeline.errors import MissingDependencyError, SpeechError

LocalEngine = Literal["whisper", "faster-whisper"]

FASTEST_FIRST: tuple[LocalEngine, ...] = ("faster-whisper", "whisper")

_PACKAGES: dict[LocalEngine, str] = {"whisper": "whisper", "faster-whisper": "faster_whisper"}
_INSTALL: dict[LocalEngine, str] = {
    "whisper": "'lecture-chapter[whisper]'",
    "faster-whisper": "faster-whisper",
}
_SHA256_LETTERS = 64  # 256 bits in hexadecimal digits
_BLOCK = 1 << 18  # bytes between two reports of progress
_TRIES = 2  # the second from the start, where the first came out with another checksum
_TIMEOUT_S = 30.0  # without a byte; what came is kept, and the next run goes on


def installed(engine: LocalEngine) -> bool:
    """Whether the engine's package is installed."""
    return find_spec(_PACKAGES[engine]) is not None


def missing_package(engine: LocalEngine, why: Exception | None = None) -> MissingDependencyError:
    """The error where the engine's package cannot be imported; it names what to install.

    Args:
        engine: the engine that was asked for.
        why: what its import raised; None: the package is not there at all.
    """
    reason = f": {why}" if why else ""
    return MissingDependencyError(
        f"the engine {engine} is not installed{reason}", f"pip install {_INSTALL[engine]}"
    )


def engine_of_path(model: str) -> LocalEngine | None:
    """Which engine a local checkpoint is for; None when ``model`` is no path of one."""
    path = Path(model).expanduser()
    if path.is_file():
        return "whisper"
    if (path / "model.bin").is_file():
        return "faster-whisper"
    return None


def local_model(engine: LocalEngine, model: str) -> Path | None:
    """The model on this machine, whole and undamaged, or None.

    A downloaded model is compared with its checksum; a damaged one is deleted, so that the next
    download fetches it again. A local ``.pt`` checkpoint is converted for faster-whisper.

    Raises:
        SpeechError: ``model`` is a name that the engine does not know.
    """
    own = engine_of_path(model)
    if own == engine:
        return Path(model).expanduser()
    if own == "whisper":
        return _converted(Path(model).expanduser())
    if own:
        raise SpeechError(
            f"{model} is a CTranslate2 folder, which openai-whisper cannot read",
            "set transcribe.engine=faster-whisper",
        )
    return _local_openai(model) if engine == "whisper" else _local_ctranslate(model)


def found_model(engine: LocalEngine, model: str) -> Path | None:
    """Where the model lies on this machine, or None; it is only looked for, not compared.

    Raises:
        SpeechError: ``model`` is a name that the engine does not know.
    """
    if engine_of_path(model):
        return Path(model).expanduser()
    if engine == "whisper":
        path = _openai_cache() / _openai_url(model).rsplit("/", 1)[-1]
        return path if path.is_file() else None
    folder = _cached_folder(model)
    return folder if folder and (folder / "model.bin").is_file() else None


def knows(engine: LocalEngine, model: str) -> bool:
    """Whether the engine has a model of that name to download."""
    if engine == "whisper":
        from whisper import available_models as names
    else:
        if "/" in model:
            return True
        names = _faster_whisper().available_models
    return model in names()


def fetch_model(engine: LocalEngine, model: str, progress: Progress) -> Path:
    """Download a model by name and return where it is.

    Raises:
        SpeechError: it is missing; says which file, where it was looked for, and how to get it.
    """
    try:
        if engine == "whisper":
            address = _openai_url(model)
            target = _openai_cache() / address.rsplit("/", 1)[-1]
            return fetch_checked(address, target, address.split("/")[-2], progress)
        _ctranslate_repository(model)
        return Path(_faster_whisper().download_model(model))
    except (OSError, RuntimeError, ValueError, SpeechError) as error:
        raise _missing(engine, model, error) from error


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
        if sha256_of(part) == sha256:
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


def _converted(checkpoint: Path) -> Path:
    """A local ``.pt`` checkpoint in CTranslate2's form, converted once for this machine."""
    from pipeline.transcript.asr.engines.checkpoint import convert

    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    folder = cache / "lecture-chapter" / f"{checkpoint.stem}-{sha256_of(checkpoint)[:16]}"
    return folder if (folder / "model.bin").is_file() else convert(checkpoint, folder)


def _missing(engine: LocalEngine, model: str, error: Exception) -> SpeechError:
    why = " ".join(str(error).split())[:200] or type(error).__name__
    if engine == "whisper":
        address = _openai_url(model)
        target = _openai_cache() / address.rsplit("/", 1)[-1]
        hint = f"download {address} to {target} on a machine with internet, or set"
    else:
        repository = _ctranslate_repository(model)
        target = _hugging_face_cache()
        hint = (
            f"download the files of https://huggingface.co/{repository} (config.json, model.bin, "
            "tokenizer.json, vocabulary.*) into a folder and set transcribe.model to it, or set"
        )
    return SpeechError(
        f"the {engine} model {model!r} is not at {target} and cannot be downloaded: {why}",
        f"{hint} transcribe.engine=captions",
    )


def _openai_cache() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    return Path(cache) / "whisper"


def _openai_url(model: str) -> str:
    import whisper

    if model not in whisper._MODELS:
        raise _unknown("whisper", model, whisper.available_models())
    address: str = whisper._MODELS[model]
    return address


def _local_openai(model: str) -> Path | None:
    address = _openai_url(model)
    path = _openai_cache() / address.rsplit("/", 1)[-1]
    if not path.is_file():
        return None
    # The address holds the checksum: .../<sha256>/<name>.pt
    if sha256_of(path) == address.split("/")[-2]:
        return path
    path.unlink()
    return None


def _faster_whisper() -> ModuleType:
    """faster-whisper's list of models and their download."""
    telemetry.switch_off()
    import faster_whisper.utils

    utils: ModuleType = faster_whisper.utils
    return utils


def _ctranslate_repository(model: str) -> str:
    if "/" in model:
        return model
    known = _faster_whisper()
    if model not in known._MODELS:
        raise _unknown("faster-whisper", model, known.available_models())
    repository: str = known._MODELS[model]
    return repository


def _hugging_face_cache() -> Path:
    telemetry.switch_off()
    from huggingface_hub.constants import HF_HUB_CACHE

    return Path(HF_HUB_CACHE)


def _cached_folder(model: str) -> Path | None:
    """The model's folder in the Hugging Face cache, or None."""
    _ctranslate_repository(model)
    try:
        return Path(_faster_whisper().download_model(model, local_files_only=True))
    except (OSError, ValueError):  # not in the cache
        return None


def _local_ctranslate(model: str) -> Path | None:
    folder = _cached_folder(model)
    weights = folder / "model.bin" if folder else None
    if not folder or not weights or not weights.is_file():
        return None
    # The cache names a large file by its SHA-256; the snapshot links to it.
    blob = weights.resolve()
    if len(blob.name) == _SHA256_LETTERS and sha256_of(blob) != blob.name:
        blob.unlink()
        weights.unlink(missing_ok=True)
        return None
    return folder


def _unknown(engine: str, model: str, names: list[str]) -> SpeechError:
    kind = ".pt checkpoint" if engine == "whisper" else "CTranslate2 folder"
    return SpeechError(
        f"{engine} has no model {model!r}, and there is no {kind} of that name",
        f"transcribe.model is one of {', '.join(names)}, or a path",
    )

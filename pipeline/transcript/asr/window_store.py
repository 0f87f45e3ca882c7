"""Finished windows in a file, one line each, so that a crash at minute 100 keeps minutes 1 to 99.

A line is found again by what was heard (the samples) and how (engine, model, language, prompt), so
a change of settings can never bring back words of other settings.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from pipeline.engine.files import decode_line, encode_line
from pipeline.errors import WorkspaceError
from pipeline.transcript.asr.engines.engine import Decoding, RecognisedWord, Recognition
from pipeline.transcript.asr.windows import Window


class WindowCache(Protocol):
    """Keeps what was heard in windows, so that a crash does not lose it."""

    def get(self, window: Window, how: Decoding) -> Recognition | None:
        """What was heard in a window of the same sound in the same way, if it is kept."""

    def put(self, window: Window, how: Decoding, heard: Recognition) -> None:
        """Keep it, safe against a crash."""

    def is_earlier(self, window: Window, how: Decoding) -> bool:
        """Whether an earlier run has kept it."""


class WindowFile:
    """The store of one way of listening; ``path`` may hold the windows of others too."""

    def __init__(self, path: Path, *how: str) -> None:
        self._path = path
        self._how = "\n".join(how).encode()
        self._kept: dict[str, Recognition] = {}
        self._new: set[str] = set()
        if path.is_file():
            for line in path.read_bytes().decode("utf-8", "replace").splitlines():
                try:
                    entry = decode_line(line)
                    self._kept[entry["key"]] = _heard(entry["heard"])
                except (ValueError, KeyError, TypeError):
                    continue  # damaged, or what a run was killed while it wrote

    def get(self, window: Window, how: Decoding) -> Recognition | None:
        """See ``WindowCache``."""
        return self._kept.get(self._key(window, how))

    def put(self, window: Window, how: Decoding, heard: Recognition) -> None:
        """See ``WindowCache``."""
        key = self._key(window, how)
        self._kept[key] = heard
        self._new.add(key)
        line = encode_line({"key": key, "heard": asdict(heard)})
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                # A line break first: what a killed run left unfinished must not swallow this.
                file.write(f"\n{line}\n")
        except OSError as error:
            raise WorkspaceError(
                f"{self._path} cannot be written: {error.strerror}",
                "free some space, then run again: finished windows are kept",
            ) from error

    def is_earlier(self, window: Window, how: Decoding) -> bool:
        """See ``WindowCache``."""
        key = self._key(window, how)
        return key in self._kept and key not in self._new

    def _key(self, window: Window, how: Decoding) -> str:
        digest = hashlib.sha256(self._how)
        way = (how.language, str(how.temperature), str(how.timestamps), *how.prompt.sentences)
        digest.update("\n".join(("", *way, "")).encode())
        digest.update(window.samples.tobytes())
        return digest.hexdigest()


def _heard(data: dict[str, Any]) -> Recognition:
    words = tuple(RecognisedWord(**word) for word in data.pop("words"))
    return Recognition(words=words, **data)

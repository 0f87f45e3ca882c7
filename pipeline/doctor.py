"""What this machine has of what the pipeline can use, and what to do about the rest."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.config import Config
from pipeline.errors import MissingDependencyError
from pipeline.media.tools import ffmpeg_path, javascript_runtime
from pipeline.redaction import public_url

State = Literal["ok", "optional", "missing"]

# Less than this and an hour of 1080p video with its frames may not fit.
_WANTED_FREE_BYTES = 2 << 30


@dataclass(frozen=True)
class Finding:
    """One thing looked for: ``optional`` is absent, not needed; ``missing`` stops the main job."""

    name: str
    state: State
    detail: str
    remedy: str = ""

    def describe(self) -> str:
        """One line for people."""
        mark = {"ok": "✓", "optional": "·", "missing": "✗"}[self.state]
        remedy = f"  -> {self.remedy}" if self.remedy else ""
        return f"{mark} {self.name:<16} {self.detail}{remedy}"


def examine(
    config: Config, output: Path, environment: Mapping[str, str] = os.environ
) -> list[Finding]:
    """Every finding, what the main job needs first."""
    return [
        Finding("Python", "ok", f"{sys.version.split()[0]} at {sys.executable}"),
        _ffmpeg(),
        _package("yt-dlp", "download from video sites", "pip install yt-dlp", needed=True),
        _javascript(),
        _package("av", "read video files", "pip install av", needed=True),
        _package("rapidocr", "read text on frames", "pip install rapidocr onnxruntime"),
        _package("faster-whisper", "speech recognition", "pip install faster-whisper"),
        _package(
            "openai-whisper",
            "its own checkpoints (.pt), transcribe.engine=whisper",
            "pip install 'lecture-chapter[whisper]'",
        ),
        _package("uvicorn", "serve", "pip install 'lecture-chapter[server]'"),
        _package("ray", "book --engine ray", "pip install 'lecture-chapter[ray]'"),
        _sandbox(),
        _language_model(config, environment),
        _space(output),
    ]


def _ffmpeg() -> Finding:
    try:
        return Finding("ffmpeg", "ok", str(ffmpeg_path()))
    except MissingDependencyError as error:
        return Finding("ffmpeg", "missing", error.message, error.hint)


def _javascript() -> Finding:
    try:
        found = javascript_runtime()
    except ImportError:
        found = None
    if found is None:
        remedy = "pip install deno (or Node 22 or newer)"
        return Finding("JavaScript", "optional", "absent: all formats of YouTube", remedy)
    return Finding("JavaScript", "ok", f"{found} (formats of YouTube)")


def _package(name: str, use: str, remedy: str, needed: bool = False) -> Finding:
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, "missing" if needed else "optional", f"absent: {use}", remedy)
    return Finding(name, "ok", f"{version} ({use})")


def _sandbox() -> Finding:
    from pipeline.cells.sandbox import describe

    found = describe()
    if found.usable:
        return Finding("sandbox", "ok", found.detail)
    return Finding("sandbox", "optional", f"{found.detail}: cells are not executed", found.remedy)


def _language_model(config: Config, environment: Mapping[str, str]) -> Finding:
    llm = config.llm
    if not llm.model:
        remedy = "--set llm.model=NAME, with OPENAI_API_KEY or --set llm.base_url=ADDRESS"
        return Finding("language model", "optional", "none: transcript edition", remedy)
    key = "with a key" if environment.get("OPENAI_API_KEY") else "without a key"
    server = public_url(llm.base_url) if llm.base_url else "OpenAI"
    return Finding("language model", "ok", f"{llm.model} at {server}, {key}")


def _space(output: Path) -> Finding:
    folder = output.absolute()
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        return Finding("output", "missing", f"{folder} is not writable", "choose --output")
    free = shutil.disk_usage(folder).free
    detail = f"{output}: {free / (1 << 30):.1f} GiB free"
    if free < _WANTED_FREE_BYTES:
        return Finding("output", "optional", detail, "an hour of video wants about 2 GiB")
    return Finding("output", "ok", detail)

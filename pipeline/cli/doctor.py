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

from pipeline.errors import MissingDependencyError
from pipeline.redaction import public_url
from pipeline.settings.config import Config
from pipeline.video.programs import ffmpeg_path, javascript_runtime

State = Literal["ok", "optional", "missing"]

# Less than this and an hour of 1080p video with its frames may not fit.
_WANTED_FREE_BYTES = 2 << 30


@dataclass(frozen=True)
class ToolCheck:
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
) -> list[ToolCheck]:
    """Every finding, what the main job needs first."""
    return [
        ToolCheck("Python", "ok", f"{sys.version.split()[0]} at {sys.executable}"),
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


def _ffmpeg() -> ToolCheck:
    try:
        return ToolCheck("ffmpeg", "ok", str(ffmpeg_path()))
    except MissingDependencyError as error:
        return ToolCheck("ffmpeg", "missing", error.message, error.hint)


def _javascript() -> ToolCheck:
    try:
        found = javascript_runtime()
    except ImportError:
        found = None
    if found is None:
        remedy = "pip install deno (or Node 22 or newer)"
        return ToolCheck("JavaScript", "optional", "absent: all formats of YouTube", remedy)
    return ToolCheck("JavaScript", "ok", f"{found} (formats of YouTube)")


def _package(name: str, use: str, remedy: str, needed: bool = False) -> ToolCheck:
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ToolCheck(name, "missing" if needed else "optional", f"absent: {use}", remedy)
    return ToolCheck(name, "ok", f"{version} ({use})")


def _sandbox() -> ToolCheck:
    from pipeline.cells.sandbox.selection import describe

    found = describe()
    if found.usable:
        return ToolCheck("sandbox", "ok", found.detail)
    return ToolCheck("sandbox", "optional", f"{found.detail}: cells are not executed", found.remedy)


def _language_model(config: Config, environment: Mapping[str, str]) -> ToolCheck:
    llm = config.llm
    if not llm.model:
        remedy = "--set llm.model=NAME, with OPENAI_API_KEY or --set llm.base_url=ADDRESS"
        return ToolCheck("language model", "optional", "none: transcript edition", remedy)
    key = "with a key" if environment.get("OPENAI_API_KEY") else "without a key"
    server = public_url(llm.base_url) if llm.base_url else "OpenAI"
    return ToolCheck("language model", "ok", f"{llm.model} at {server}, {key}")


def _space(output: Path) -> ToolCheck:
    folder = output.absolute()
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        return ToolCheck("output", "missing", f"{folder} is not writable", "choose --output")
    free = shutil.disk_usage(folder).free
    detail = f"{output}: {free / (1 << 30):.1f} GiB free"
    if free < _WANTED_FREE_BYTES:
        return ToolCheck("output", "optional", detail, "an hour of video wants about 2 GiB")
    return ToolCheck("output", "ok", detail)

"""What this machine has of what decides the result, and what to do about the rest.

Nothing is downloaded, and no model is asked anything, unless ``--model`` wants it.
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.engine.progress import Progress
from pipeline.errors import LLMError, MissingDependencyError, SpeechError
from pipeline.redaction import keyless, public_url
from pipeline.settings.config import Config
from pipeline.settings.transcribe import TranscribeSettings
from pipeline.video.programs import ffmpeg_path, javascript_runtime

State = Literal["ok", "optional", "missing"]

# Less than this and an hour of 1080p video with its frames may not fit.
_WANTED_FREE_BYTES = 2 << 30
# What a model's download takes, MB: its model.bin at huggingface.co, Systran/faster-whisper-*
# and mobiuslabsgmbh/faster-whisper-large-v3-turbo. openai-whisper's are about as large.
_MODEL_MB = {
    "tiny": 76,
    "base": 145,
    "small": 484,
    "medium": 1528,
    "large": 3087,
    "large-v1": 3087,
    "large-v2": 3087,
    "large-v3": 3087,
    "turbo": 1618,
    "large-v3-turbo": 1618,
}
# Scripts that the bundled typeface lacks, by a language that is written in each.
_SCRIPTS = {"zh": "Chinese", "ja": "Japanese", "ko": "Korean", "ar": "Arabic", "hi": "Devanagari"}
_WAIT_S = 5.0  # for a model server to answer: on this machine or in its network it takes a second


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
    config: Config,
    output: Path,
    environment: Mapping[str, str] = os.environ,
    wait_s: float = _WAIT_S,
) -> list[ToolCheck]:
    """Every finding, what decides the result first.

    Args:
        config: what would be used.
        output: where chapters would be made.
        environment: where the key is.
        wait_s: longest wait for the model's server, and for each question about fonts.
    """
    return [
        ToolCheck("Python", "ok", f"{sys.version.split()[0]} at {sys.executable}"),
        _ffmpeg(),
        _whisper(config.transcribe),
        _sandbox(),
        _language_model(config, environment, wait_s),
        _javascript(),
        _fonts(wait_s),
        _space(output),
        _package("yt-dlp", "download from video sites", "pip install yt-dlp", needed=True),
        _package("av", "read video files", "pip install av", needed=True),
        _text_on_frames(),
        _other_scripts(),
        _package(
            "openai-whisper",
            "its own checkpoints (.pt), transcribe.engine=whisper",
            "pip install 'lecture-chapter[whisper]'",
        ),
        _package("typst", "export as pdf, docx, latex", "pip install 'lecture-chapter[export]'"),
        _package("uvicorn", "serve", "pip install 'lecture-chapter[server]'"),
        _package("ray", "book --engine ray", "pip install 'lecture-chapter[ray]'"),
    ]


def examine_model(config: Config, progress: Progress) -> list[ToolCheck]:
    """What the configured model can do, found out by three small questions to it."""
    from pipeline.llm.model_trial import try_model
    from pipeline.llm.spending.budget import LOWER_LONGEST

    names = {
        "json": "model: JSON", "plan": "model: plan", "cite": "model: cite",
        "account": "model: account",
    }  # fmt: skip
    remedy = "try another llm.model; parts that it cannot write stay in the lecturer's words"
    try:
        results = try_model(config.llm, progress)
    except LLMError as error:
        return [ToolCheck("model", "missing", error.message, error.hint)]
    found = []
    for one in results:
        if one.skill == "account":
            state: State = "ok" if one.passed else "optional"
            hint = "" if one.passed else LOWER_LONGEST
            found.append(ToolCheck(names[one.skill], state, one.detail, hint))
        elif one.passed:
            found.append(ToolCheck(names[one.skill], "ok", f"can: {one.detail}"))
        else:
            found.append(ToolCheck(names[one.skill], "missing", f"cannot: {one.detail}", remedy))
    return found


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


def _whisper(settings: TranscribeSettings) -> ToolCheck:
    """Whether what listens is on this machine, or where it comes from."""
    name = "Whisper model"
    if settings.engine == "captions":
        return ToolCheck(name, "optional", "not used: transcribe.engine=captions")
    if settings.engine == "api":
        address = public_url(settings.base_url) if settings.base_url else "OpenAI"
        return ToolCheck(name, "ok", f"a server listens: {address}")
    from pipeline.transcript.asr.engines import models

    wanted = models.FASTEST_FIRST if settings.engine == "auto" else (settings.engine,)
    engines = [engine for engine in wanted if models.installed(engine)]
    if not engines:
        error = models.missing_package(wanted[0])
        return ToolCheck(name, "optional", "no engine is installed: captions only", error.hint)
    try:
        for engine in engines:
            if found := models.found_model(engine, settings.model):
                return ToolCheck(name, "ok", f"{settings.model} for {engine}, at {found}")
    except SpeechError as error:
        return ToolCheck(name, "missing", error.message, error.hint)
    size = _MODEL_MB.get(settings.model.removesuffix(".en"))
    load = f"{size} MB" if size else "once"
    detail = f"{settings.model} for {engines[0]} is not on this machine"
    remedy = f"the first lecture without captions downloads it ({load}); or set transcribe.model"
    return ToolCheck(name, "optional", detail, remedy)


def _fonts(wait_s: float) -> ToolCheck:
    """Whether the system can show scripts that the bundled typeface lacks (fc-list knows)."""
    program = shutil.which("fc-list")
    if program is None:
        remedy = "apt install fontconfig fonts-noto" if sys.platform == "linux" else ""
        return ToolCheck("fonts", "optional", "unknown: there is no fc-list", remedy)
    lacking = []
    for code, script in _SCRIPTS.items():
        command = [program, f":lang={code}", "family"]
        try:
            with keyless():
                done = subprocess.run(command, capture_output=True, timeout=wait_s, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return ToolCheck("fonts", "optional", "unknown: fc-list does not answer")
        if not done.stdout.strip():
            lacking.append(script)
    if lacking:
        remedy = "apt install fonts-noto-core fonts-noto-cjk"
        return ToolCheck("fonts", "optional", f"none for {', '.join(lacking)}", remedy)
    return ToolCheck("fonts", "ok", f"Latin bundled; {', '.join(_SCRIPTS.values())} on the system")


def _package(name: str, use: str, remedy: str, needed: bool = False) -> ToolCheck:
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ToolCheck(name, "missing" if needed else "optional", f"absent: {use}", remedy)
    return ToolCheck(name, "ok", f"{version} ({use})")


def _text_on_frames() -> ToolCheck:
    use = "read text on frames in Latin, Chinese, Japanese"
    return _package("rapidocr", use, "pip install rapidocr onnxruntime")


def _other_scripts() -> ToolCheck:
    from pipeline.video.ocr.tesseract import installed_languages

    remedy = (
        "as for Thai: apt install tesseract-ocr tesseract-ocr-tha, "
        "then --set screens.ocr_model=tesseract:tha+eng"
    )
    if found := installed_languages():
        return ToolCheck("tesseract", "ok", f"{', '.join(sorted(found))} (screens.ocr_model)")
    return ToolCheck("tesseract", "optional", "absent: read text in other scripts", remedy)


def _sandbox() -> ToolCheck:
    from pipeline.cells.sandbox import systemd_scope
    from pipeline.cells.sandbox.selection import describe

    found = describe()
    if found.usable:
        memory = f", {systemd_scope.described()}" if found.kind == "bubblewrap" else ""
        return ToolCheck("sandbox", "ok", found.detail + memory)
    return ToolCheck("sandbox", "optional", f"{found.detail}: cells are not executed", found.remedy)


def _language_model(config: Config, environment: Mapping[str, str], wait_s: float) -> ToolCheck:
    name, llm = "language model", config.llm
    remedy = "--set llm.model=NAME, with OPENAI_API_KEY or --set llm.base_url=ADDRESS"
    if not llm.model:
        return ToolCheck(name, "optional", "none: transcript edition", remedy)
    has_key = bool(environment.get("OPENAI_API_KEY"))
    if not llm.base_url and not has_key:
        detail = f"{llm.model}, but neither a key nor a server: transcript edition"
        return ToolCheck(name, "optional", detail, remedy)
    from pipeline.llm.server_answer import ask_server
    from pipeline.llm.servers import server_of

    try:
        server = server_of(llm, environment)
    except LLMError as error:
        return ToolCheck(name, "missing", error.message, error.hint)
    answer = ask_server(server, wait_s)
    key = "with a key" if has_key else "without a key"
    detail = f"{llm.model} at {server.shown}, {key}: {answer.describe(llm.model)}"
    if not answer.answers:
        return ToolCheck(
            name, "missing", detail, "start the server, or correct llm.base_url or the key"
        )
    if answer.models is not None and llm.model not in answer.models:
        return ToolCheck(name, "optional", detail, "correct llm.model, or load it in the server")
    return ToolCheck(name, "ok", f"{detail} (doctor --model tries it)")


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

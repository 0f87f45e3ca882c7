"""The whole configuration: config.yaml, ``--set`` and the environment, checked at once.

Order of precedence: ``--set`` over the file over the defaults. Secrets (``OPENAI_API_KEY``) are not
settings: they are read from the environment where they are used and are never written anywhere.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from pipeline.errors import ConfigError
from pipeline.settings.base import Settings
from pipeline.settings.book import BookSettings
from pipeline.settings.check import CheckSettings
from pipeline.settings.download import DownloadSettings
from pipeline.settings.llm import LLMSettings
from pipeline.settings.outline import OutlineSettings
from pipeline.settings.ray import RaySettings
from pipeline.settings.render import RenderSettings
from pipeline.settings.screens import ScreensSettings
from pipeline.settings.segment import SegmentSettings
from pipeline.settings.serve import ServeSettings
from pipeline.settings.transcribe import TranscribeSettings
from pipeline.settings.write import WriteSettings

log = logging.getLogger(__name__)

# Former names of settings; they go on working.
RENAMED = {
    "segment.ocr": "screens.ocr",
    "segment.quality": "screens.quality",
    "segment.crops": "screens.crops",
    "segment.workers": "screens.workers",
    "transcribe.screen_terms": "screens.names",
}
# Settings whose values are not repeated when they are wrong.
_SECRET = {"token", "proxy", "cookies", "base_url"}


class Config(Settings):
    """All settings; each stage is given only the sections it names."""

    download: DownloadSettings = Field(DownloadSettings(), description="the video and its captions")
    screens: ScreensSettings = Field(
        ScreensSettings(), description="the states of the screen, and the text on them"
    )
    transcribe: TranscribeSettings = Field(TranscribeSettings(), description="speech to text")
    segment: SegmentSettings = Field(SegmentSettings(), description="segments")
    outline: OutlineSettings = Field(OutlineSettings(), description="the plan of the chapter")
    write: WriteSettings = Field(WriteSettings(), description="the text of the chapter")
    llm: LLMSettings = Field(LLMSettings(), description="the language model")
    check: CheckSettings = Field(CheckSettings(), description="the code cells")
    render: RenderSettings = Field(RenderSettings(), description="the page")
    serve: ServeSettings = Field(ServeSettings(), description="the web server")
    book: BookSettings = Field(BookSettings(), description="a book of many lectures")
    ray: RaySettings = Field(RaySettings(), description="a book made on a Ray cluster")


def load_config(
    path: Path | None = None,
    overrides: Sequence[str] = (),
    environment: Mapping[str, str] = os.environ,
) -> Config:
    """The configuration from a file, ``section.key=value`` overrides and the environment.

    Args:
        path: a YAML file; None reads ``config.yaml`` in the working directory if there is one.
        overrides: values are YAML (``true``, ``3``, ``[a, b]``; anything else is a string).
        environment: ``OPENAI_BASE_URL`` fills ``llm.base_url`` where that is null.

    Raises:
        ConfigError: with every problem in the file and the overrides, each by its name.
    """
    problems: list[str] = []
    if path is None and (default := Path("config.yaml")).is_file():
        path = default
    data = _read_yaml(path) if path else {}
    former = _follow_renames(data)
    for override in overrides:
        former |= _apply(override, data, problems)
    if former:
        log.warning("renamed settings: %s", "; ".join(sorted(former)))
    _fill_from_environment(data, environment)
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        problems += [_describe(detail) for detail in error.errors()]
    if problems:
        raise ConfigError(problems)
    return config


def _read_yaml(path: Path) -> dict[str, Any]:
    import yaml  # imported here: `--help` needs no YAML

    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError([f"{path} cannot be read: {error.strerror}"]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ConfigError([f"{path} is not YAML: {_slip(error)}"]) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ConfigError([f"{path} must hold sections (download:, transcribe:, ...)"])
    # An empty section ("serve:" with everything commented out) is None: it means the defaults.
    return {key: {} if value is None else value for key, value in data.items()}


def _slip(error: Exception) -> str:
    """What is wrong and where; not the line itself, which may hold a secret."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return " ".join(str(error).split())[:200]
    problem = getattr(error, "problem", None) or "it cannot be read"
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}"


def _apply(override: str, data: dict[str, Any], problems: list[str]) -> set[str]:
    """Put one ``section.key=value`` into ``data``, or say why not; returns what was renamed."""
    import yaml

    name, separator, text = override.partition("=")
    parts = name.strip().split(".")
    if not separator or len(parts) < 2 or not all(parts):
        # Without the value: --set OPENAI_API_KEY=... is a slip that is made.
        problems.append(f"--set {name.strip()!r}: expected section.key=value")
        return set()
    try:
        value = yaml.safe_load(text)
    except Exception:  # not only no YAML: also no such day, no number, a thousand brackets
        value = text
    former = set()
    if present := RENAMED.get(".".join(parts)):
        former.add(f"{'.'.join(parts)} is now {present}")
        parts = present.split(".")
    node = data
    for part in parts[:-1]:
        child = node.setdefault(part, {})
        if not isinstance(child, dict):
            problems.append(f"--set {name.strip()!r}: {part} is not a section")
            return set()
        node = child
    node[parts[-1]] = value
    return former


def _follow_renames(data: dict[str, Any]) -> set[str]:
    """Move settings of a file to their present names, and return what was renamed.

    A value that the file gives under the present name wins.
    """
    former = set()
    for old, present in RENAMED.items():
        old_section, old_key = old.split(".")
        section, key = present.split(".")
        given = data.get(old_section)
        if isinstance(given, dict) and old_key in given:
            value = given.pop(old_key)
            if isinstance(target := data.setdefault(section, {}), dict):
                target.setdefault(key, value)
            former.add(f"{old} is now {present}")
    return former


def _fill_from_environment(data: dict[str, Any], environment: Mapping[str, str]) -> None:
    section = data.setdefault("llm", {})
    address = environment.get("OPENAI_BASE_URL")
    if address and isinstance(section, dict) and section.get("base_url") is None:
        section["base_url"] = address


def _describe(detail: Any) -> str:
    name = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        return f"{name}: no such setting"
    message = str(detail["msg"])
    given = detail["input"]
    # A whole section may hold a secret, and so may a setting that is one.
    shown = type(given).__name__ if isinstance(given, dict | list) else repr(given)
    if detail["loc"] and detail["loc"][-1] in _SECRET:
        shown = "what was given"
    return f"{name}: {message[0].lower()}{message[1:]}, not {shown}"

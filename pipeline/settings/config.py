"""The whole configuration: config.yaml, ``--set`` and the environment, checked at once.

Order of precedence: ``--set`` over the project's file over the user's over the defaults; a file
that is named (``--config``) stands alone. Secrets (``OPENAI_API_KEY``) are not settings: they are
read from the environment where they are used and are never written anywhere.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from pipeline.errors import ConfigError, did_you_mean
from pipeline.settings.base import Settings
from pipeline.settings.book import BookSettings, RaySettings
from pipeline.settings.check import CheckSettings
from pipeline.settings.download import DownloadSettings
from pipeline.settings.llm import LLMSettings
from pipeline.settings.outline import OutlineSettings
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

FILE = "config.yaml"


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
        path: a YAML file; None reads the user's ``config.yaml`` and over it the project's: that of
            the working directory, else the nearest one above (see ``project_file``).
        overrides: values are YAML (``true``, ``3``, ``[a, b]``; anything else is a string).
        environment: ``OPENAI_BASE_URL`` fills ``llm.base_url`` where that is null.

    Raises:
        ConfigError: with every problem in the files and the overrides, each by its name.
    """
    problems: list[str] = []
    data: dict[str, Any] = {}
    former: set[str] = set()
    told: set[tuple[Any, ...]] = set()
    for file in [path] if path else _found_files():
        given = _read_yaml(file)
        if given and not given.keys() & _sections() and path is None:
            raise ConfigError([_foreign(file, given)])
        former |= _follow_renames(given)
        for detail in _wrong(given):
            told.add(detail["loc"])
            problems.append(f"{file.absolute()}: {_describe(detail)}")
        _lay_over(data, given)
    for override in overrides:
        former |= _apply(override, data, problems)
    if former:
        log.warning("renamed settings: %s", "; ".join(sorted(former)))
    _fill_from_environment(data, environment)
    wrong = [detail for detail in _wrong(data) if detail["loc"] not in told]
    problems += [_describe(detail) for detail in wrong]
    if problems:
        raise ConfigError(problems)
    return Config.model_validate(data)


def _found_files() -> list[Path]:
    """The configuration files that nobody named, the one that counts more last."""
    found = [user for user in (user_file(),) if user.is_file()]
    project = project_file(Path(), _is_ours)
    return [*found, project] if project else found


def _is_ours(path: Path) -> bool:
    """Whether a file has a section of ours; one that cannot be read has not."""
    try:
        return bool(_read_yaml(path).keys() & _sections())
    except ConfigError:
        return False


def _sections() -> set[str]:
    return set(Config.model_fields)


def _foreign(path: Path, data: Mapping[str, Any]) -> str:
    names = ", ".join(sorted(map(str, data))[:5])
    like = next((hint for name in data if (hint := did_you_mean(str(name), _sections()))), "")
    return (
        f"{path.absolute()} seems to be another program's: it has {names}{like}, and none of the "
        f"sections {', '.join(Config.model_fields)}; name yours by --config FILE, or do without: "
        f"--config {os.devnull}"
    )


def _wrong(data: Mapping[str, Any]) -> list[Any]:
    """What is wrong with the settings, as pydantic tells it; nothing where they are right."""
    try:
        Config.model_validate(data)
    except ValidationError as error:
        return list(error.errors())
    return []


def _lay_over(below: dict[str, Any], above: Mapping[str, Any]) -> None:
    """Put the settings of one file over those of another, one by one."""
    for name, section in above.items():
        if isinstance(section, dict) and isinstance(present := below.get(name), dict):
            below[name] = present | section
        else:
            below[name] = section


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


def _names(wrong: str) -> list[str]:
    """What a wrong name can have meant: sections, or settings, that of the same name first."""
    if "." not in wrong:
        return list(Config.model_fields)
    key = wrong.rpartition(".")[2]
    names = [
        f"{section}.{name}"
        for section, field in Config.model_fields.items()
        for name in type(field.get_default()).model_fields
    ]
    return [name for name in names if name.rpartition(".")[2] == key] or names


def _describe(detail: Any) -> str:
    name = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        return f"{name}: no such setting{did_you_mean(name, _names(name))}"
    message = str(detail["msg"])
    given = detail["input"]
    # A whole section may hold a secret, and so may a setting that is one.
    shown = type(given).__name__ if isinstance(given, dict | list) else repr(given)
    if detail["loc"] and detail["loc"][-1] in _SECRET:
        shown = "what was given"
    return f"{name}: {message[0].lower()}{message[1:]}, not {shown}"


def user_file() -> Path:
    """The user's own configuration, whether it is there or not: ``~/.config/lecture-chapter/`` on
    Linux, ``~/Library/Application Support/lecture-chapter/`` on macOS."""
    from platformdirs import user_config_path  # imported here: `--help` needs no path

    return user_config_path("lecture-chapter", appauthor=False) / FILE


def project_file(folder: Path, is_ours: Callable[[Path], bool]) -> Path | None:
    """The nearest ``config.yaml`` in ``folder`` or above it, or None.

    The one in ``folder`` itself is taken whatever it holds. Above it, where files of that name
    belong to all sorts of programs, it is taken only if ``is_ours`` says so, and if it belongs to
    this user or to root: settings can name code to load, and anybody can leave a file in ``/tmp``.
    """
    folder = folder.absolute()
    if (folder / FILE).is_file():
        return folder / FILE
    for above in folder.parents:
        path = above / FILE
        if path.is_file() and _is_trusted(path) and is_ours(path):
            return path
    return None


def _is_trusted(path: Path) -> bool:
    return not hasattr(os, "getuid") or path.stat().st_uid in (os.getuid(), 0)

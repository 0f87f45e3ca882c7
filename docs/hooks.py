"""Pages of the site that are generated: from the parser, the settings, and files of the root."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from pipeline.cli.config_file import limits_text
from pipeline.cli.parser import build_parser
from pipeline.settings.base import Settings
from pipeline.settings.config import Config

ROOT = Path(__file__).parent.parent
_PICTURES = ("player-light.png", "player-dark.png")
# Where links of the root's files lead within the site.
_MOVED = {
    "SECURITY.md": "security.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "README.md": "index.md",
    "config.yaml": "reference/settings.md",
    "docs/": "",
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages and the pictures of the sample chapter."""
    pages = {
        "reference/command-line.md": command_line_page(),
        "reference/settings.md": settings_page(),
        "security.md": _root_page("SECURITY.md"),
        "contributing.md": _root_page("CONTRIBUTING.md"),
        "changelog.md": _root_page("CHANGELOG.md"),
    }
    for path, text in pages.items():
        files.append(File.generated(config, path, content=text))
    for name in _PICTURES:
        picture = str(ROOT / "output" / "sample" / name)
        files.append(File.generated(config, f"img/{name}", abs_src_path=picture))
    return files


def command_line_page() -> str:
    """Every command with its words and options, as the parser has them."""
    parser = build_parser("python -m pipeline")
    parts = [
        "# Command line",
        f"{parser.description}",
        "`lecture-chapter` and `python -m pipeline` are the same program. `--version` says which.",
    ]
    for action in parser._actions:
        if not isinstance(action, argparse._SubParsersAction):
            continue
        helps = {choice.dest: choice.help for choice in action._choices_actions}
        for name, command in action.choices.items():
            usage = command.format_usage().removeprefix("usage: ").rstrip()
            parts += [f"## {name}", f"{helps[name]}", f"```text\n{usage}\n```"]
            parts.append("| option | meaning |\n| --- | --- |\n" + "\n".join(_options(command)))
    return "\n\n".join(parts) + "\n"


def _options(command: argparse.ArgumentParser) -> Iterator[str]:
    for action in command._actions:
        if action.help == argparse.SUPPRESS:
            continue
        value = action.metavar or ("|".join(map(str, action.choices)) if action.choices else "")
        names = ", ".join(action.option_strings) or str(value)
        shown = f"{names} {value}" if action.option_strings and action.nargs != 0 else names
        yield f"| `{_cell(shown.strip())}` | {_cell(action.help or '')} |"


def settings_page() -> str:
    """Every setting with its default, its meaning, unit and range, as ``settings/`` has them."""
    parts = [
        "# Settings",
        "Written to `config.yaml` (`python -m pipeline config` prints it with all defaults), "
        "or given for one lecture by `--set section.key=value`. Keys are never settings: the "
        "language model's comes from the environment variable `OPENAI_API_KEY`.",
    ]
    for name, field in Config.model_fields.items():
        parts += [f"## {name}", f"{field.description}."]
        rows = "\n".join(_rows(name, field.get_default()))
        parts.append(f"| setting | kind | default | meaning |\n| --- | --- | --- | --- |\n{rows}")
    return "\n\n".join(parts) + "\n"


def _rows(prefix: str, section: Settings) -> Iterator[str]:
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if isinstance(value, Settings):
            yield from _rows(f"{prefix}.{name}", value)
            continue
        meaning = f"{field.description}{limits_text(field)}"
        default = _default(value)
        yield f"| `{prefix}.{name}` | {_kind(field)} | {_cell(default)} | {_cell(meaning)} |"


def _kind(field: FieldInfo) -> str:
    return _cell(" or ".join(_kinds(field.annotation)))


def _kinds(annotation: Any) -> list[str]:
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        return [kind for part in get_args(annotation) for kind in _kinds(part)]
    if origin is Literal:
        return ["choice"]
    if origin is tuple:
        return ["list"]
    if origin is dict:
        return ["mapping"]
    if annotation is type(None):
        return ["null"]
    return [getattr(annotation, "__name__", str(annotation))]


def _default(value: Any) -> str:
    if value is PydanticUndefined:
        return ""
    if isinstance(value, dict):
        return f"{len(value)} entries" if value else "`{}`"
    if isinstance(value, bool) or value is None:
        return f"`{str(value).lower() if value is not None else 'null'}`"
    return f"`{list(value) if isinstance(value, tuple) else value}`" if value != "" else "empty"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("%%", "%")


def _root_page(name: str) -> str:
    text = (ROOT / name).read_text(encoding="utf-8")
    for old, new in _MOVED.items():
        text = text.replace(f"]({old}", f"]({new}")
    return text

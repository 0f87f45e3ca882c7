"""``config.yaml`` with every setting at its default, its meaning, unit and range in a comment."""

from __future__ import annotations

import textwrap
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from pipeline.settings.base import Settings
from pipeline.settings.config import Config

_HEAD = """\
# Every setting with its default. Keep what you change and delete the rest: what is missing here
# has its default. One setting for one run: --set section.key=value. Keys never stand here: the
# language model's comes from the environment variable OPENAI_API_KEY.
"""
_WIDTH = 98  # with its indentation a line has 100 letters, as all files here
_LIMITS = (("ge", ">="), ("gt", ">"), ("le", "<="), ("lt", "<"))


def default_config_text() -> str:
    """The text of ``config.yaml``, ending in a newline; it loads to the defaults."""
    blocks = [_HEAD]
    for name, field in Config.model_fields.items():
        section = field.get_default()
        blocks.append(f"{name}:  # {field.description}\n" + _section(section, "  "))
    return "\n".join(blocks)


def _section(section: Settings, indent: str) -> str:
    lines = []
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        comment = f"{field.description}{limits_text(field)}"
        lines += textwrap.wrap(
            comment, _WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# "
        )
        if isinstance(value, Settings):
            lines.append(f"{indent}{name}:")
            lines.append(_section(value, indent + "  ").rstrip("\n"))
        else:
            lines += _setting(name, value, indent)
    return "\n".join(lines) + "\n"


def _setting(name: str, value: Any, indent: str) -> list[str]:
    import yaml

    if isinstance(value, tuple):
        value = list(value)
    elif isinstance(value, dict):
        value = {key: _plain(item) for key, item in value.items()}
    text = yaml.safe_dump({name: value}, allow_unicode=True, sort_keys=False, width=_WIDTH)
    return [indent + line for line in text.rstrip("\n").splitlines()]


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, Settings) else value


def limits_text(field: FieldInfo) -> str:
    """The choices or limits of a setting, as `` [a | b]`` or `` [>= 1, <= 8]``; else empty."""
    if get_origin(field.annotation) is Literal:
        return f" [{' | '.join(str(choice) for choice in get_args(field.annotation))}]"
    limits = [
        f"{sign} {getattr(limit, key)}"
        for key, sign in _LIMITS
        for limit in field.metadata
        if getattr(limit, key, None) is not None
    ]
    return f" [{', '.join(limits)}]" if limits else ""

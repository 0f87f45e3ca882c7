"""What every settings section shares: strictness, and which settings change the result."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Base of a settings section: immutable, unknown keys refused, values not coerced loosely."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def deciding(self, prefix: str) -> dict[str, str]:
        """The settings that the result depends on, as ``{"prefix.key": "value"}``.

        Settings declared with ``run_only`` (concurrency, timeouts, proxies) are left out: changing
        them must not make finished work stale.
        """
        decided: dict[str, str] = {}
        for name, field in type(self).model_fields.items():
            extra = field.json_schema_extra
            if isinstance(extra, dict) and extra.get("run_only"):
                continue
            value = getattr(self, name)
            if isinstance(value, Settings):
                decided |= value.deciding(f"{prefix}.{name}")
            else:
                decided[f"{prefix}.{name}"] = repr(value)
        return decided


def web_address(url: str | None) -> str | None:
    """A setting that is an address of the web; None where it is empty.

    Raises:
        ValueError: it is something else.
    """
    if url and not url.startswith(("https://", "http://")):
        raise ValueError("that is not an address (https://...)")
    return url or None


def run_only(default: Any, description: str, **limits: Any) -> Any:
    """A field that changes how a stage runs, never what it makes (see ``Settings.deciding``)."""
    return Field(
        default=default, description=description, json_schema_extra={"run_only": True}, **limits
    )

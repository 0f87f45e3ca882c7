"""Settings of the write stage."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipeline.settings.base import Settings


class WriteSettings(Settings):
    """``write:`` in config.yaml; the outline stage reads ``edition`` and ``language`` too."""

    edition: Literal["auto", "llm", "transcript"] = Field(
        "auto", description="auto: llm when a server is configured, else transcript"
    )
    language: str | None = Field(None, description="language of the chapter; null: the lecture's")
    detail: float = Field(
        0.65, ge=0.45, le=0.85, description="words written per word spoken (llm edition)"
    )
    instructions: str = Field("", description="free wishes for the writer (llm edition)")

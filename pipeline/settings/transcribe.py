"""Settings of the transcribe stage."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipeline.settings.base import Settings, run_only


class TranscribeSettings(Settings):
    """``transcribe:`` in config.yaml."""

    engine: Literal["auto", "captions", "whisper", "faster-whisper", "api"] = Field(
        "auto",
        description="auto: human captions if any, else the fastest installed Whisper, else "
        "automatic captions",
    )
    model: str = Field(
        "base", description="Whisper model name, or path of a checkpoint (.pt, CTranslate2 folder)"
    )
    device: Literal["auto", "cpu", "cuda"] = Field("auto", description="where the model runs")
    language: str | None = Field(
        None, description="language spoken, e.g. en; null: detected (the video's own if it is known)"
    )
    threads: int = run_only(0, "CPU threads; 0: all", ge=0, le=256)

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
        "automatic captions; api: an OpenAI-compatible server",
    )
    model: str = Field(
        "base",
        description="Whisper model name, path of a checkpoint (.pt, CTranslate2 folder), or the "
        "server's model (base then means whisper-1)",
    )
    device: Literal["auto", "cpu", "cuda"] = Field("auto", description="where the model runs")
    language: str | None = Field(
        None,
        description="language spoken, e.g. en; null: the video's own, else detected",
    )
    track: int | None = Field(
        None,
        ge=1,
        le=99,
        description="audio track to listen to, counted from 1; null: the one a player would play",
    )
    beam: int = Field(
        5, ge=1, le=20, description="texts a local Whisper follows at once; 1 is fastest"
    )
    prime: bool = Field(
        True, description="tell the model the title, names and chapters before it listens"
    )
    base_url: str | None = Field(
        None, description="server of engine api; null: OPENAI_BASE_URL, else api.openai.com"
    )
    threads: int = run_only(0, "CPU threads; 0: all", ge=0, le=256)
    timeout_s: float = run_only(120.0, "longest wait for one reply of the server, s", gt=0, le=3600)

"""Settings of the render stage."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipeline.settings.base import Settings


class RenderSettings(Settings):
    """``render:`` in config.yaml."""

    player: Literal["auto", "local", "embed", "none"] = Field(
        "auto",
        description="the video beside the text: the local file, else the site's embedded player; "
        "only the one or the other; or none",
    )
    thumbnail_width: int = Field(
        760, ge=160, le=3840, description="width of the pictures in the text, pixels"
    )
    picture_quality: int = Field(82, ge=30, le=100, description="quality of the pictures (WebP)")
    speaker_words: bool = Field(
        True, description="keep the speaker's own words one click away from each passage"
    )

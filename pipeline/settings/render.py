"""Settings of the render stage."""

from __future__ import annotations

from pydantic import Field

from pipeline.settings.base import Settings


class RenderSettings(Settings):
    """``render:`` in config.yaml."""

    player: bool = Field(True, description="put the video beside the text")

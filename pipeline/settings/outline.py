"""Settings of the outline stage."""

from __future__ import annotations

from pydantic import Field

from pipeline.settings.base import Settings


class OutlineSettings(Settings):
    """``outline:`` in config.yaml."""

    min_section_s: float = Field(
        60.0, ge=10, le=3600, description="shortest section of the transcript edition, s"
    )
    max_section_s: float = Field(
        270.0,
        ge=30,
        le=7200,
        description="longest section of the transcript edition without sub-headings, s",
    )
    heading_every_s: float = Field(
        140.0,
        ge=30,
        le=3600,
        description="distance of headings to aim for, where there are no chapters, s",
    )

"""Settings of the segment stage."""

from __future__ import annotations

from pydantic import Field, model_validator

from pipeline.settings.base import Settings


class SegmentSettings(Settings):
    """``segment:`` in config.yaml."""

    min_s: float = Field(
        15.0, ge=1, le=600, description="shortest segment, s (the last may be less)"
    )
    max_s: float = Field(60.0, ge=5, le=600, description="longest segment, s")

    @model_validator(mode="after")
    def _shortest_before_longest(self) -> SegmentSettings:
        if self.min_s * 2 > self.max_s:
            raise ValueError(f"max_s must be at least twice min_s ({self.min_s:g})")
        return self

"""Settings of the segment stage."""

from __future__ import annotations

from pydantic import Field, model_validator

from pipeline.settings.base import Settings, run_only


class SegmentSettings(Settings):
    """``segment:`` in config.yaml."""

    min_s: float = Field(
        15.0, ge=1, le=600, description="shortest segment, s (the last may be less)"
    )
    max_s: float = Field(60.0, ge=5, le=600, description="longest segment, s")
    ocr: bool = Field(True, description="read the text on the frames")
    quality: int = Field(85, ge=30, le=100, description="quality of the pictures, as of a JPEG")
    crops: bool = Field(
        False,
        description="keep a second picture of only the region that changed, where it is small",
    )
    workers: int = run_only(0, "threads that read text; 0: one per core", ge=0, le=64)

    @model_validator(mode="after")
    def _shortest_before_longest(self) -> SegmentSettings:
        if self.min_s * 2 > self.max_s:
            raise ValueError(f"max_s must be at least twice min_s ({self.min_s:g})")
        return self

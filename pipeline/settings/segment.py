"""Settings of the segment stage."""

from __future__ import annotations

from pydantic import Field

from pipeline.settings.base import Settings, run_only


class SegmentSettings(Settings):
    """``segment:`` in config.yaml."""

    min_s: float = Field(15.0, ge=1, le=600, description="shortest segment, s (the last may be less)")
    max_s: float = Field(60.0, ge=5, le=600, description="longest segment, s")
    ocr: bool = Field(True, description="read the text on the frames")
    workers: int = run_only(0, "processes that read text; 0: one per core", ge=0, le=64)

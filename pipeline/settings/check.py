"""Settings of the check stage."""

from __future__ import annotations

from pydantic import Field

from pipeline.settings.base import Settings


class CheckSettings(Settings):
    """``check:`` in config.yaml."""

    execute: bool = Field(True, description="run the cells (in the sandbox)")
    cell_timeout_s: float = Field(20.0, gt=0, le=3600, description="longest run of one cell, s")
    memory_mb: int = Field(2048, ge=64, le=1_048_576, description="memory of the cells, MiB")

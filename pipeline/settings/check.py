"""Settings of the check stage."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pipeline.settings.base import Settings, run_only


class CheckSettings(Settings):
    """``check:`` in config.yaml."""

    execute: bool = Field(True, description="run the cells (in the sandbox)")
    sandbox: Literal["auto", "bubblewrap", "sandbox-exec", "docker", "podman"] = Field(
        "auto", description="where cells run; auto: the first of these that works here"
    )
    image: str = Field(
        "python:3.11-slim",
        description="image for docker and podman, which must already be on this machine",
    )
    cell_timeout_s: float = Field(20.0, gt=0, le=3600, description="longest run of one cell, s")
    memory_mb: int = Field(2048, ge=64, le=1_048_576, description="memory of the cells, MiB")
    output_mb: int = Field(8, ge=1, le=1024, description="most output of one cell, MiB")
    files: tuple[str, ...] = Field(
        (), description="data files the lecture uses, readable by the cells under their own names"
    )
    fetch_vocabularies: bool = run_only(
        True,
        "download the vocabularies of GPT-2 and GPT-4 (3 MB, once) when the cells use them",
    )
    oracles: tuple[str, ...] = Field(
        ("minbpe",),
        description="what functions are held against: minbpe, or module:name of your own oracles",
    )
    repairs: int = Field(
        2, ge=0, le=5, description="how often a model is asked to repair a cell (llm edition)"
    )

"""The names of the stages, in order; light, so that ``--help`` can list them."""

from __future__ import annotations

from typing import Literal, get_args

StageName = Literal[
    "download", "screens", "transcribe", "segment", "outline", "write", "check", "render"
]
STAGE_NAMES: tuple[StageName, ...] = get_args(StageName)

"""Where the shared test material is; tests that need it skip, saying so, where it is absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared(name: str) -> Path:
    """The file or folder ``name`` of the shared material, or a skip with the reason."""
    folder = Path(os.environ.get("LECTURE_SHARED", ROOT.parent / "shared"))
    if not (folder / name).exists():
        pytest.skip(f"shared test material {name} is not on this machine (set LECTURE_SHARED)")
    return folder / name


def whisper_base(name: str) -> Path:
    """The real weights of Whisper base, or a skip with the reason.

    Args:
        name: ``ct2``, the folder that faster-whisper loads, or ``base.pt``, openai-whisper's file.
    """
    folder = os.environ.get("WHISPER_BASE")
    if not folder or not (Path(folder) / name).exists():
        pytest.skip(f"the weights of whisper base ({name}) are not on this machine (WHISPER_BASE)")
    return Path(folder) / name

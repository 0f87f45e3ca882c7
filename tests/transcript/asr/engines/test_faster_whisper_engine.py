"""How many windows are decoded together."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.transcript.asr.engines.faster_whisper_engine import windows_together


@pytest.mark.parametrize(
    ("megabytes", "device", "together"),
    [(145, "cpu", 8), (1530, "cpu", 4), (1530, "cuda", 16)],
)
def test_large_models_decode_fewer_windows_together(
    megabytes: int, device: str, together: int, tmp_path: Path
) -> None:
    with (tmp_path / "model.bin").open("wb") as file:
        file.truncate(megabytes * 2**20)  # sparse
    assert windows_together(tmp_path, device) == together

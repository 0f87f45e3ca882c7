"""A checkpoint that is converted decodes as the published conversion of it does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.transcript.asr.engines.checkpoint_conversion import convert
from tests.shared import whisper_base

pytest.importorskip("whisper")
pytest.importorskip("faster_whisper")
MICRO = Path(__file__).parents[3] / "data" / "micro-whisper" / "micro-en.pt"


def test_tokens_of_tasks_and_prompts_are_never_said(tmp_path: Path) -> None:
    folder = convert(MICRO, tmp_path / "micro")
    config = json.loads((folder / "config.json").read_text())
    vocabulary = json.loads((folder / "vocabulary.json").read_text())
    never = {vocabulary[token] for token in config["suppress_ids"]}
    assert {"<|startoftranscript|>", "<|startofprev|>", "<|startoflm|>"} <= never
    assert {"<|transcribe|>", "<|translate|>", "<|nospeech|>"} <= never


def test_base_has_the_settings_of_the_published_conversion(tmp_path: Path) -> None:
    made = json.loads(
        (convert(whisper_base("base.pt"), tmp_path / "b") / "config.json").read_text()
    )
    published = json.loads((whisper_base("ct2") / "config.json").read_text())
    for name in ("suppress_ids", "suppress_ids_begin", "lang_ids"):
        assert sorted(made[name]) == sorted(published[name])

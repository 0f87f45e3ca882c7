"""A checkpoint by anybody is read as weights or refused, and decodes the same when converted."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path

import pytest

from pipeline.errors import SpeechError
from pipeline.transcript.asr.engines import checkpoint
from pipeline.transcript.asr.engines.checkpoint import convert, load_weights
from tests.shared import whisper_base

MICRO = Path(__file__).parents[3] / "data" / "micro-whisper" / "micro-en.pt"


class Runs:
    """Unpickling it would make a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self._path),)


def test_a_hostile_checkpoint_is_refused_in_plain_words_and_runs_nothing(tmp_path: Path) -> None:
    whisper = pytest.importorskip("whisper", reason="openai-whisper is an extra")
    torch = pytest.importorskip("torch", reason="torch comes with openai-whisper")
    canary = tmp_path / "canary"
    plain, packed = tmp_path / "plain.pt", tmp_path / "packed.pt"
    plain.write_bytes(pickle.dumps(Runs(canary), protocol=2))
    torch.save({"dims": Runs(canary), "model_state_dict": {}}, packed)
    for path in (plain, packed):
        with pytest.raises(SpeechError, match="holds more than weights") as refused:
            load_weights(whisper, str(path), "cpu")
        said = str(refused.value)
        assert "\n" not in said
        for advice in ("weights_only", "safe_globals", "allowlist", "http"):
            assert advice not in said
    assert not canary.exists()


@pytest.mark.parametrize("installed", ["2.5.1+cu124", "1.13.1"])
def test_a_torch_that_runs_what_a_file_holds_loads_none(
    installed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "version", lambda _: installed)
    with pytest.raises(SpeechError, match=r"can run what such a file holds") as refused:
        load_weights(None, str(MICRO), "cpu")
    assert "torch>=2.6" in str(refused.value.hint)


@pytest.mark.parametrize(
    "data", [b"", b"no checkpoint", b"PK\x03\x04 half an archive", b"\x80\x02."]
)
def test_a_damaged_checkpoint_is_one_plain_error(data: bytes, tmp_path: Path) -> None:
    whisper = pytest.importorskip("whisper", reason="openai-whisper is an extra")
    path = tmp_path / "damaged.pt"
    path.write_bytes(data)
    with pytest.raises(SpeechError) as refused:
        load_weights(whisper, str(path), "cpu")
    assert "\n" not in str(refused.value)
    assert "weights_only" not in str(refused.value)


def test_weights_that_are_no_whisper_model_are_one_plain_error(tmp_path: Path) -> None:
    whisper = pytest.importorskip("whisper", reason="openai-whisper is an extra")
    torch = pytest.importorskip("torch", reason="torch comes with openai-whisper")
    path = tmp_path / "other.pt"
    for held in ({"a": 1}, [1], {"dims": {"n": 1}, "model_state_dict": {}}):
        torch.save(held, path)
        with pytest.raises(SpeechError, match="cannot be loaded"):
            load_weights(whisper, str(path), "cpu")


def needed() -> None:
    """Converting takes both packages."""
    pytest.importorskip("whisper", reason="openai-whisper is an extra")
    pytest.importorskip("faster_whisper", reason="faster-whisper is not installed")


def test_tokens_of_tasks_and_prompts_are_never_said(tmp_path: Path) -> None:
    needed()
    folder = convert(MICRO, tmp_path / "micro")
    config = json.loads((folder / "config.json").read_text())
    vocabulary = json.loads((folder / "vocabulary.json").read_text())
    never = {vocabulary[token] for token in config["suppress_ids"]}
    assert {"<|startoftranscript|>", "<|startofprev|>", "<|startoflm|>"} <= never
    assert {"<|transcribe|>", "<|translate|>", "<|nospeech|>"} <= never


def test_base_has_the_settings_of_the_published_conversion(tmp_path: Path) -> None:
    needed()
    made = json.loads(
        (convert(whisper_base("base.pt"), tmp_path / "b") / "config.json").read_text()
    )
    published = json.loads((whisper_base("ct2") / "config.json").read_text())
    for name in ("suppress_ids", "suppress_ids_begin", "lang_ids"):
        assert sorted(made[name]) == sorted(published[name])

"""Where models are found, and that damaged ones are noticed and fetched again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import SpeechError
from pipeline.transcript.asr.engines import models
from tests.shared import ROOT
from tests.transcript.asr.hub import Hub

pytest.importorskip("whisper")
pytest.importorskip("faster_whisper")

FILES = {
    "config.json": b"{}",
    "model.bin": bytes(range(256)) * 300,
    "tokenizer.json": b'{"a": 1}',
    "vocabulary.txt": b"a\nb\n",
}
# What a run does with a model by name, in a process of its own: the hub's package reads its
# settings from the environment once, when it is imported.
LOAD = """
import json
from pipeline.errors import SpeechError
from pipeline.engine.progress import Silent
from pipeline.transcript.asr.engines import models
local = models.local_model("faster-whisper", "base")
try:
    path = local or models.fetch_model("faster-whisper", "base", Silent())
    print(json.dumps({"local": bool(local), "path": str(path)}))
except SpeechError as error:
    print(json.dumps({"error": str(error)}))
"""


def load(home: Path, address: str) -> dict[str, str | bool]:
    environment = os.environ | {"HF_HOME": str(home), "HF_ENDPOINT": address}
    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answer: dict[str, str | bool] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_a_model_is_fetched_once_and_a_damaged_one_again(tmp_path: Path) -> None:
    with Hub(FILES) as hub:
        first = load(tmp_path, hub.url)
        assert first["local"] is False
        weights = Path(str(first["path"])) / "model.bin"
        assert weights.read_bytes() == FILES["model.bin"]
        assert load(tmp_path, hub.url) == {"local": True, "path": first["path"]}
        assert hub.got.count("model.bin") == 1

        data = bytearray(FILES["model.bin"])
        data[1000] ^= 1
        weights.resolve().write_bytes(data)
        assert load(tmp_path, hub.url)["local"] is False
        assert weights.read_bytes() == FILES["model.bin"]
        assert hub.got.count("model.bin") == 2


def test_a_model_that_cannot_be_fetched_says_which_where_and_how(tmp_path: Path) -> None:
    with Hub({}) as hub:
        address = hub.url
    message = str(load(tmp_path, address)["error"])
    assert "'base'" in message
    assert str(tmp_path) in message
    assert "https://huggingface.co/Systran/faster-whisper-base" in message


def test_a_damaged_openai_checkpoint_is_removed_so_that_it_is_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    checkpoint = tmp_path / "whisper" / "base.pt"
    checkpoint.parent.mkdir()
    checkpoint.write_bytes(b"half of it")
    assert models.local_model("whisper", "base") is None
    assert not checkpoint.exists()


def test_a_checkpoint_of_ones_own_is_taken_as_it_is(tmp_path: Path) -> None:
    checkpoint = tmp_path / "mine.pt"
    checkpoint.write_bytes(b"weights")
    assert models.local_model("whisper", str(checkpoint)) == checkpoint
    folder = tmp_path / "converted"
    folder.mkdir()
    (folder / "model.bin").write_bytes(b"weights")
    assert models.local_model("faster-whisper", str(folder)) == folder
    with pytest.raises(SpeechError, match="CTranslate2 folder, which openai-whisper cannot read"):
        models.local_model("whisper", str(folder))


@pytest.mark.parametrize("engine", ["whisper", "faster-whisper"])
def test_an_unknown_name_is_an_error_that_lists_the_known(engine: models.LocalEngine) -> None:
    with pytest.raises(SpeechError, match=r"no model 'gigantic'.*large-v3"):
        models.local_model(engine, "gigantic")

"""Doctor says what decides the result, and what to do about what is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.cli.doctor import ToolCheck, examine, examine_model
from pipeline.engine.progress import Silent
from pipeline.settings.config import Config, load_config
from pipeline.transcript.asr.engines import models
from tests.servers.chat import ChatServer, good_writer


def found(config: Config, tmp_path: Path, **environment: str) -> dict[str, ToolCheck]:
    return {one.name: one for one in examine(config, tmp_path, environment, wait_s=60)}


def with_settings(*overrides: str) -> Config:
    return load_config(None, overrides, {})


def test_every_finding_is_one_line_and_what_is_absent_says_what_to_do(tmp_path: Path) -> None:
    for one in examine(Config(), tmp_path, {}, wait_s=60):
        assert "\n" not in one.describe()
        assert one.state == "ok" or one.remedy or one.name == "fonts"


def test_a_model_that_is_not_there_is_told_with_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "found_model", lambda engine, model: None)
    whisper = found(with_settings("transcribe.model=small.en"), tmp_path)["Whisper model"]
    assert whisper.state == "optional" and "downloads it (484 MB)" in whisper.remedy


def test_a_model_in_a_folder_is_found_there(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "model.bin").touch()
    config = with_settings(f"transcribe.model={tmp_path / 'mine'}")
    whisper = found(config, tmp_path)["Whisper model"]
    assert whisper.state == "ok" and whisper.detail.endswith(f"at {tmp_path / 'mine'}")


def test_a_model_that_nobody_knows_is_missing(tmp_path: Path) -> None:
    whisper = found(with_settings("transcribe.model=bse"), tmp_path)["Whisper model"]
    assert whisper.state == "missing" and "has no model 'bse'" in whisper.detail


def test_a_model_without_key_and_server_means_the_transcript_edition(tmp_path: Path) -> None:
    model = found(with_settings("llm.model=gpt-4o"), tmp_path)["language model"]
    assert model.state == "optional" and "neither a key nor a server" in model.detail


def test_the_model_server_is_asked_whether_it_has_the_model(tmp_path: Path) -> None:
    with ChatServer(good_writer, models=("small",)) as server:
        address = f"llm.base_url={server.base_url}"
        good = found(with_settings(address, "llm.model=small"), tmp_path)["language model"]
        wrong = found(with_settings(address, "llm.model=large"), tmp_path)["language model"]
    gone = found(with_settings(address, "llm.model=small"), tmp_path)["language model"]
    assert good.state == "ok" and "answers and has the model" in good.detail
    assert wrong.state == "optional" and "it has: small" in wrong.detail
    assert gone.state == "missing" and "does not answer" in gone.detail


def test_the_model_is_tried_with_a_line_for_each_skill() -> None:
    with ChatServer(good_writer) as server:  # its replies suit other questions
        address = f"llm.base_url={server.base_url}"
        lines = examine_model(with_settings(address, "llm.model=small"), Silent())
    names = ["model: JSON", "model: plan", "model: cite", "model: account"]
    assert [one.name for one in lines] == names and lines[3].state == "ok"
    assert all(one.describe() for one in lines)
    assert lines[2].state == "ok" and lines[0].state == "missing" and lines[0].remedy


def test_scripts_without_a_font_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "fc-list"
    program.write_text('#!/bin/sh\ncase "$1" in *ja*|*hi*) ;; *) echo Some Font;; esac\n')
    program.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(program))
    fonts = found(Config(), tmp_path)["fonts"]
    assert fonts.state == "optional" and fonts.detail == "none for Japanese, Devanagari"

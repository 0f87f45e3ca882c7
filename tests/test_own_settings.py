"""The settings that a lecture keeps: those that its results were made with, and no secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.conversion import own_config
from pipeline.engine.stage import pick
from pipeline.engine.workspace import Manifest, Workspace
from pipeline.errors import WorkspaceError
from pipeline.own_settings import as_overrides, forget_own, keep_own, read_own
from pipeline.settings.config import load_config
from tests.recording import RecordingProgress


def made_with(root: Path, *overrides: str) -> Workspace:
    """A lecture whose transcribe stage was made with ``overrides``, which were then kept."""
    workspace = Workspace(root)
    config = load_config(overrides=overrides)
    manifest = Manifest(
        stage="transcribe", inputs=pick(config, "transcribe"), outputs={}, finished_at="",
        duration_ms=0,
    )  # fmt: skip
    workspace.folder("transcribe").finish(manifest)
    keep_own(workspace, overrides, config)
    return workspace


def test_what_a_result_was_made_with_is_kept_and_the_newest_value_wins(tmp_path: Path) -> None:
    made_with(tmp_path, "transcribe.engine=captions", "transcribe.language= 'no'")
    made_with(tmp_path, "transcribe.engine=auto")
    own = read_own(tmp_path)
    assert own == {"transcribe.language": "'no'", "transcribe.engine": "auto"}
    assert load_config(overrides=as_overrides(own)).transcribe.language == "no"
    forget_own(tmp_path)
    assert read_own(tmp_path) == {}


def test_settings_that_change_no_result_are_not_kept(tmp_path: Path) -> None:
    made_with(tmp_path, "transcribe.threads=2", "render.player=none", "serve.token=secret")
    assert read_own(tmp_path) == {}


def test_an_address_with_a_password_is_not_kept(tmp_path: Path) -> None:
    made_with(tmp_path, "transcribe.base_url=https://me:password@example.org/v1")
    assert read_own(tmp_path) == {}


FOREIGN = {
    "llm.base_url": "http://evil.example/v1",
    " llm.base_url ": "http://evil.example/v1",
    "llm.base_url=http://evil.example/v1#": "x",
    "llm.prices.scripted.longest_reply": "1",
    "llm.max_cost": "1000000",
    "transcribe.base_url": "http://evil.example/v1",
    "check.oracles": "[evil:oracle]",
    "check.files": "[/home/me/.ssh/id_rsa]",
    "download.proxy": "http://evil.example",
    "download.cookies_from_browser": "firefox",
    "download.private_addresses": "allow",
    "serve.token": "known",
    "ray.address": "evil.example:6379",
}


@pytest.mark.parametrize("name", sorted(FOREIGN))
def test_a_folder_from_elsewhere_sends_no_key_away_loads_no_code_and_reads_no_file(
    name: str, tmp_path: Path
) -> None:
    own = {name: FOREIGN[name], "write.detail": "0.5"}
    (tmp_path / "settings.json").write_text(json.dumps(own))
    assert read_own(tmp_path) == {"write.detail": "0.5"}
    progress = RecordingProgress()
    made = own_config(Workspace(tmp_path), Path("/dev/null"), [], progress)
    before = load_config(Path("/dev/null"), ["write.detail=0.5"])
    assert made == before
    assert any("not taken from the lecture's folder" in line for line in progress.warnings)


def test_what_may_not_come_from_a_folder_is_not_kept_in_it(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    overrides = ("check.files=[a.csv]", "check.memory_mb=512")
    config = load_config(overrides=overrides)
    manifest = Manifest(
        stage="check", inputs=pick(config, "check"), outputs={}, finished_at="", duration_ms=0
    )
    workspace.folder("check").finish(manifest)
    keep_own(workspace, overrides, config)
    assert json.loads((tmp_path / "settings.json").read_text()) == {"check.memory_mb": "512"}


@pytest.mark.parametrize("text", ["no json", "[" * 100_000, "[]", '{"segment.max_s": 3}'])
def test_a_damaged_file_is_an_error_that_says_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.json").write_text(text)
    with pytest.raises(WorkspaceError, match=r"settings\.json") as raised:
        read_own(tmp_path)
    assert "--reset" in raised.value.hint

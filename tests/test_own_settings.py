"""The settings that a lecture keeps: those that its results were made with, and no secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.engine.stage import pick
from pipeline.engine.workspace import Manifest, Workspace
from pipeline.errors import WorkspaceError
from pipeline.own_settings import as_overrides, forget_own, keep_own, read_own
from pipeline.settings.config import load_config


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


@pytest.mark.parametrize("text", ["no json", "[]", '{"segment.max_s": 3}'])
def test_a_damaged_file_is_an_error_that_says_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.json").write_text(text)
    with pytest.raises(WorkspaceError, match=r"settings\.json") as raised:
        read_own(tmp_path)
    assert "--reset" in raised.value.hint

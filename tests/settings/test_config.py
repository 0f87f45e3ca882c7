import os
import sys
from pathlib import Path

import pytest

from pipeline.cli.config_file import default_config_text
from pipeline.errors import ConfigError
from pipeline.settings import config
from pipeline.settings.config import Config, load_config
from pipeline.settings.screens import ScreensSettings
from tests.shared import ROOT


def load(text: str, tmp_path: Path, *overrides: str, **environment: str) -> Config:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return load_config(path, overrides, environment)


def test_an_override_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    text = "download:\n  max_height: 480\n  retries: 9\n"
    config = load(text, tmp_path, "download.max_height=360")
    assert (config.download.max_height, config.download.retries) == (360, 9)
    assert config.segment == Config().segment


def test_every_problem_is_reported_at_once_by_its_name(tmp_path: Path) -> None:
    text = "download: {max_height: tall}\nlisten: {}\nsegment: {min_s: -3, mni_s: 4}\n"
    with pytest.raises(ConfigError) as caught:
        load(text, tmp_path, "transcribe.engine=ears", "nonsense")
    message = str(caught.value)
    for name in ("download.max_height", "listen", "segment.min_s", "segment.mni_s"):
        assert name in message
    assert "transcribe.engine" in message
    assert "expected section.key=value" in message
    assert caught.value.exit_status == 2
    assert len(caught.value.problems) == 6


def test_a_file_that_is_not_yaml_or_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"config\.yaml is not YAML"):
        load("a: [1", tmp_path)
    with pytest.raises(ConfigError, match=r"config\.yaml must hold sections"):
        load("- a\n- b\n", tmp_path)
    with pytest.raises(ConfigError, match=r"absent\.yaml cannot be read"):
        load_config(tmp_path / "absent.yaml")


def test_a_wrong_setting_names_its_file_and_what_it_was_meant_to_be(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load("segment: {mni_s: 4}\ntranscribe: {max_height: 3}\nscrens: {}\n", tmp_path)
    told = caught.value.problems
    assert f"{tmp_path}/config.yaml: segment.mni_s: no such setting" in "; ".join(told)
    assert any("did you mean segment.min_s?" in line for line in told)
    assert any("did you mean download.max_height?" in line for line in told)
    assert any("did you mean screens?" in line for line in told)


def test_the_file_of_another_program_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.yaml").write_text("baseURL: /\ntheme: plain\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="seems to be another program's: it has baseURL, theme"):
        load_config()
    assert load_config(Path("/dev/null")) == Config()


def test_the_users_file_lies_under_the_projects_which_is_found_upwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = tmp_path / "home" / "lecture-chapter"
    inside = tmp_path / "project" / "talks" / "week1"
    inside.mkdir(parents=True)
    user.mkdir(parents=True)
    (user / "config.yaml").write_text("segment: {max_s: 33, min_s: 11}\nwrite: {detail: 0.5}\n")
    (tmp_path / "project" / "config.yaml").write_text("segment: {max_s: 44}\n")
    (tmp_path / "project" / "talks" / "config.yaml").write_text("theme: plain\n")  # not ours
    monkeypatch.setattr(config, "user_file", lambda: user / "config.yaml")
    monkeypatch.chdir(inside)
    found = load_config(None, ["write.detail=0.8"])
    assert (found.segment.max_s, found.segment.min_s, found.write.detail) == (44, 11, 0.8)
    assert load_config(Path("/dev/null")) == Config()


def test_a_file_above_that_belongs_to_somebody_else_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "config.yaml").write_text("check: {oracles: ['evil:code']}\n")
    monkeypatch.setattr(config, "_is_trusted", lambda path: False)
    assert config.project_file(tmp_path / "inside", lambda path: True) is None
    assert config.project_file(tmp_path, lambda path: True) == tmp_path / "config.yaml"


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no such owner")
def test_a_file_above_is_trusted_by_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inside").mkdir()
    file = tmp_path / "config.yaml"
    file.touch()
    if os.getuid() == 0:
        os.chown(file, 1000, -1)  # root's own would be trusted by everybody
    owner = file.stat().st_uid
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    assert config.project_file(tmp_path / "inside", lambda path: True) is None
    monkeypatch.setattr(os, "getuid", lambda: owner)
    assert config.project_file(tmp_path / "inside", lambda path: True) == file


def test_the_users_file_is_in_the_place_of_the_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_CONFIG_HOME", "/somewhere")
        assert config.user_file() == Path("/somewhere/lecture-chapter/config.yaml")
    assert config.user_file().parts[-2:] == ("lecture-chapter", "config.yaml")


def test_empty_files_and_empty_sections_mean_the_defaults(tmp_path: Path) -> None:
    assert load("", tmp_path) == Config()
    assert load("serve:\nsegment:\n", tmp_path) == Config()


def test_the_server_address_comes_from_the_environment_unless_it_is_set(tmp_path: Path) -> None:
    address = "http://127.0.0.1:9/v1"
    assert load("", tmp_path, OPENAI_BASE_URL=address).llm.base_url == address
    config = load("llm: {base_url: 'http://other/v1'}", tmp_path, OPENAI_BASE_URL=address)
    assert config.llm.base_url == "http://other/v1"


def test_settings_that_only_change_how_it_runs_do_not_decide_the_result() -> None:
    deciding = Config().llm.deciding("llm")
    assert "llm.model" in deciding
    assert "llm.concurrency" not in deciding


def test_the_committed_config_file_is_the_generated_one_and_loads_to_the_defaults() -> None:
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    assert text == default_config_text(), "run: make config"
    assert load_config(ROOT / "config.yaml", (), {}) == Config()


def test_every_setting_says_what_it_is() -> None:
    for section_name, section in Config.model_fields.items():
        for name, field in type(section.get_default()).model_fields.items():
            assert field.description, f"{section_name}.{name} has no description"


def test_settings_keep_working_under_their_former_names_with_one_warning(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    given = ["segment.ocr=false", "segment.workers=3", "transcribe.screen_terms=false"]
    config = load_config(None, given, {})
    assert config.screens == ScreensSettings(ocr=False, workers=3, names=False)
    (warning,) = [record.getMessage() for record in caplog.records]
    assert "segment.ocr is now screens.ocr" in warning
    assert "transcribe.screen_terms is now screens.names" in warning
    (tmp_path / "old.yaml").write_text("segment: {quality: 50, min_s: 20}\nscreens: {}\n")
    old = load_config(tmp_path / "old.yaml", (), {})
    assert (old.screens.quality, old.segment.min_s) == (50, 20)

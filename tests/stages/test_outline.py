"""The outline stage."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.settings.config import load_config
from pipeline.settings.write import WriteSettings
from pipeline.stages import outline
from tests.stages.written import plan, run, segmented


def test_the_outline_covers_the_lecture(tmp_path: Path) -> None:
    workspace = segmented(tmp_path / "lecture")
    run(outline.STAGE, workspace)
    sections = plan(workspace).sections
    assert [section.title for section in sections] == ["Bytes", "Pairs"]
    assert (sections[0].first_segment, sections[-1].last_segment) == ("s0001", "s0004")
    assert plan(workspace).edition == "transcript"


def test_a_model_that_is_asked_for_and_not_set_is_an_error(tmp_path: Path) -> None:
    workspace = segmented(tmp_path / "lecture")
    with pytest.raises(ConfigError, match=r"llm\.model"):
        run(outline.STAGE, workspace, write=WriteSettings(edition="llm"))


def test_the_transcript_edition_does_not_depend_on_the_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    before = outline.STAGE.depends(load_config(overrides=["write.edition=transcript"]))
    overrides = ["write.edition=transcript", "llm.model=other", "llm.vision=false"]
    assert outline.STAGE.depends(load_config(overrides=overrides)) == before
    overrides = ["write.edition=transcript", "outline.min_section_s=30"]
    assert outline.STAGE.depends(load_config(overrides=overrides)) != before

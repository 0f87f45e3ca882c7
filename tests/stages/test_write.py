"""The write stage."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.artifacts import FIDELITY, WRITTEN
from pipeline.document.article import Article
from pipeline.document.blocks import Figure
from pipeline.document.passage_times import own_citations
from pipeline.document.walk import walk
from pipeline.engine.stage import Request
from pipeline.engine.workspace import Workspace
from pipeline.errors import OutlineError
from pipeline.settings.write import WriteSettings
from pipeline.stages import outline, write
from tests.stages.written import Listener, plan, run, segmented


@pytest.fixture
def planned(tmp_path: Path) -> Workspace:
    workspace = segmented(tmp_path / "lecture")
    run(outline.STAGE, workspace)
    return workspace


def article(workspace: Workspace) -> Article:
    return workspace.read(WRITTEN)


def test_every_section_is_in_the_article_and_in_a_file_of_its_own(planned: Workspace) -> None:
    run(write.STAGE, planned)
    sections = article(planned).sections
    assert [section.title for section in sections] == ["Bytes", "Pairs"]
    for name, section in zip(["01-bytes.md", "02-pairs.md"], sections, strict=True):
        text = (planned.root / "write/sections" / name).read_text(encoding="utf-8")
        assert text == section.markdown
    assert sections[0].figures == ("f0001",)


def test_the_fidelity_report_finds_nothing_missing(planned: Workspace) -> None:
    run(write.STAGE, planned)
    sections = planned.read(FIDELITY).sections
    assert [section.not_covered for section in sections] == [(), ()]
    assert [section.problems for section in sections] == [(), ()]
    assert sum(section.words_in for section in sections) > 50


def test_passages_and_figures_lead_to_moments_that_never_step_back(planned: Workspace) -> None:
    run(write.STAGE, planned)
    moments = [
        block.moment_ms
        for section in article(planned).sections
        for block in walk(section.blocks)
        if own_citations(block) or isinstance(block, Figure)
    ]
    assert moments and None not in moments
    assert moments == sorted(moments, key=lambda ms: ms or 0)


def test_an_edited_section_gets_its_moments_too(planned: Workspace) -> None:
    run(write.STAGE, planned, edited={"sections/01-bytes.md": "My own words. [[s0001]]\n"})
    assert article(planned).sections[0].blocks[0].moment_ms is not None


def test_the_text_of_an_edited_section_goes_into_the_article(planned: Workspace) -> None:
    run(write.STAGE, planned)
    text = "My own words. [[s0001-s0002]]\n"
    run(write.STAGE, planned, edited={"sections/01-bytes.md": text})
    assert article(planned).sections[0].markdown == text


def test_one_section_that_is_forced_leaves_the_edits_of_the_others() -> None:
    second = Request("talk.mp4", only_section=2)
    assert write.overwrites(second, "sections/02-pairs.md")
    assert not write.overwrites(second, "sections/01-bytes.md")
    assert write.overwrites(Request("talk.mp4"), "sections/01-bytes.md")


def test_without_a_model_a_wished_translation_is_said_to_be_impossible(planned: Workspace) -> None:
    listener = Listener()
    wished = WriteSettings(edition="transcript", language="de")
    run(write.STAGE, planned, write=wished, listener=listener)
    assert any("nothing is translated" in warning for warning in listener.warnings)
    quiet = Listener()
    run(write.STAGE, planned, listener=quiet)
    assert not any("translated" in warning for warning in quiet.warnings)


def test_an_edit_of_a_section_that_is_gone_is_mentioned(planned: Workspace) -> None:
    listener = Listener()
    run(write.STAGE, planned, edited={"sections/09-old.md": "old"}, listener=listener)
    assert any("09-old.md" in warning for warning in listener.warnings)


def test_an_outline_edited_into_a_gap_is_refused(planned: Workspace) -> None:
    whole = plan(planned)
    planned.folder("outline").write_json(
        "outline.json", whole.model_copy(update={"sections": whole.sections[1:]})
    )
    with pytest.raises(OutlineError, match="Pairs"):
        run(write.STAGE, planned)

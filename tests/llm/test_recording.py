"""The recorded replies of the bundled lecture are whole."""

from __future__ import annotations

from pipeline.document.parse import parse
from pipeline.document.serialise import serialise
from pipeline.document.walk import cells, cited
from pipeline.llm import structured
from pipeline.llm.reply_store import read_all
from pipeline.writing.outline.reply import Plan
from tests.shared import ROOT

REPLAY = ROOT / "tests/data/replay"


def test_the_recorded_outline_is_a_plan() -> None:
    (record,) = read_all(REPLAY / "outline")
    plan = structured.parse(record.answer.text, Plan)
    assert len(plan.sections) == 2
    assert record.label == "outline"


def test_every_recorded_chunk_is_whole_and_cited() -> None:
    records = read_all(REPLAY / "write")
    assert {record.label for record in records} == {
        "section 1, part 1, draft",
        "section 2, part 1, draft",
    }
    for record in records:
        blocks = parse(record.answer.text)
        assert any(cited(block) for block in blocks)
        assert not any("[[s" in cell.source for cell in cells(blocks))
        assert parse(serialise(blocks)) == blocks
        assert record.answer.finish == "stop"

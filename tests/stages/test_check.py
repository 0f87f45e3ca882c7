"""The check stage, from ``write/article.json`` to its artifacts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.artifacts import CHECKED, WRITTEN
from pipeline.cells.report import REPORT
from pipeline.cells.sandbox import bubblewrap
from pipeline.document.article import Article, Section
from pipeline.document.walk import cells
from pipeline.engine.progress import Silent
from pipeline.engine.stage import Context, Request
from pipeline.engine.workspace import Workspace, to_json
from pipeline.models import Frame, Segment, Segments
from pipeline.settings.config import Config, load_config
from pipeline.stages import check
from tests.shared import shared

needs_sandbox = pytest.mark.skipif(
    bubblewrap.installed() is None, reason="bubblewrap is not installed (apt install bubblewrap)"
)

MARKDOWN = """We count pairs. [[s0001]]

```python
def get_stats(ids):
    counts = {}
    for pair in zip(ids, ids[1:]):
        counts[pair] = counts.get(pair, 0) + 1
    return counts
```

Now on a string. [[s0002]]

![The editor](frame:f0003)

```python
get_stats([1, 2, 1, 2])
```

```text
{(1, 2): 1}
```
"""


class Recorder(Silent):
    def __init__(self) -> None:
        self.notes: list[str] = []
        self.warnings: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)

    def warn(self, text: str) -> None:
        self.warnings.append(text)


def context_for(folder: Path, markdown: str, trust_code: bool = False) -> Context:
    """A workspace in which the stages before check have run."""
    workspace = Workspace(folder)
    frame = Frame(
        id="f0003", at_ms=42_500, start_ms=41_000, end_ms=50_000, path="f.png", width=4, height=3
    )
    segments = Segments(
        segments=(
            Segment(
                id="s0001", start_ms=10_000, end_ms=20_000, text="one", first_word=0, last_word=0
            ),
            Segment(
                id="s0002", start_ms=40_000, end_ms=60_000, text="two", first_word=1, last_word=1
            ),
        ),
        frames=(frame,),
    )
    section = Section(
        id="sec01",
        title="Pairs",
        start_ms=10_000,
        end_ms=60_000,
        markdown=markdown,
        segments=("s0001", "s0002"),
    )
    article = Article(title="T", edition="transcript", sections=(section,))
    for name, model in (("segment/segments.json", segments), ("write/article.json", article)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(to_json(model))
    return Context(
        workspace, workspace.folder("check"), Recorder(), Request("x", trust_code=trust_code)
    )


def run(context: Context, *settings: str) -> Config:
    config = load_config(overrides=settings, environment={})
    check.STAGE.run(context, config)
    return config


@needs_sandbox
def test_it_writes_the_report_the_article_and_the_cells(tmp_path: Path) -> None:
    context = context_for(tmp_path, MARKDOWN)
    run(context)
    report = json.loads((tmp_path / "check/report.json").read_text())
    assert [cell["status"] for cell in report["cells"]] == ["passed", "mismatch"]
    assert report["summary"] == {
        "passed": 1,
        "failed": 0,
        "mismatch": 1,
        "skipped": 0,
        "timeout": 0,
        "blocked": 0,
        "shown": 0,
    }
    assert report["oracles"][0]["name"] == "get_stats"
    article = context.workspace.read(CHECKED)
    assert "```text output\n{(1, 2): 2, (2, 1): 1}\n```" in article.sections[0].markdown
    assert "[[s0002]]" in article.sections[0].markdown
    assert (tmp_path / "check/cells/002.py").read_text() == "get_stats([1, 2, 1, 2])\n"
    assert set(context.folder.written) == {
        *("cells/001.py", "cells/002.py", "article.json", "report.json")
    }


@needs_sandbox
def test_each_cell_has_the_fields_of_the_contract(tmp_path: Path) -> None:
    run(context_for(tmp_path, MARKDOWN))
    cell = json.loads((tmp_path / "check/report.json").read_text())["cells"][1]
    contract = "index section language source status reason claimed stdout error duration_ms at_ms"
    assert set(contract.split()) <= set(cell)
    assert (cell["index"], cell["section"], cell["language"]) == (2, "sec01", "python")
    assert (cell["claimed"], cell["stdout"]) == ("{(1, 2): 1}", "{(1, 2): 2, (2, 1): 1}\n")


@needs_sandbox
def test_a_report_finds_its_cells_by_the_ids_of_the_checked_article(tmp_path: Path) -> None:
    context = context_for(tmp_path, MARKDOWN)
    run(context)
    (section,) = context.workspace.read(CHECKED).sections
    report = context.workspace.read(REPORT)
    found = [report.by_id[cell.id].index for cell in cells(section.blocks)]
    assert found == [1, 2]


@needs_sandbox
def test_a_cell_stands_for_the_time_of_what_stands_before_it(tmp_path: Path) -> None:
    run(context_for(tmp_path, MARKDOWN))
    report = json.loads((tmp_path / "check/report.json").read_text())
    assert [cell["at_ms"] for cell in report["cells"]] == [10_000, 42_500]


def test_without_execution_the_article_is_as_it_was(tmp_path: Path) -> None:
    context = context_for(tmp_path, MARKDOWN)
    run(context, "check.execute=false")
    before = context.workspace.read(WRITTEN)
    assert context.workspace.read(CHECKED) == before


def test_where_no_sandbox_works_cells_do_not_run_and_the_run_says_so(tmp_path: Path) -> None:
    context = context_for(tmp_path, "```python\nopen('evil', 'w')\n```\n")
    run(context, "check.sandbox=podman", "check.image=no-such-image-anywhere")
    report = json.loads((tmp_path / "check/report.json").read_text())
    assert report["cells"][0]["status"] == "skipped"
    assert report["cells"][0]["reason"].startswith("not executed: no sandbox works here")
    assert isinstance(context.progress, Recorder)
    assert "pass --trust-code" in context.progress.warnings[0]


def test_trusted_code_runs_without_a_sandbox(tmp_path: Path) -> None:
    context = context_for(tmp_path, "```python\nprint(6 * 7)\n```\n", trust_code=True)
    run(context, "check.sandbox=podman", "check.image=no-such-image-anywhere")
    report = json.loads((tmp_path / "check/report.json").read_text())
    assert report["cells"][0]["stdout"] == "42\n"
    assert report["sandbox"].startswith("none: the code is trusted")


def test_it_depends_on_the_data_files_and_on_trust(tmp_path: Path) -> None:
    data = tmp_path / "data.txt"
    data.write_text("one")
    config = load_config(overrides=[f"check.files=[{data}]"], environment={})
    before = check.depends(config)
    data.write_text("two")
    assert check.depends(config) != before
    assert check.observes(Request("x")) != check.observes(Request("x", trust_code=True))


@needs_sandbox
def test_the_cells_of_the_mini_lecture_print_what_its_truth_says(tmp_path: Path) -> None:
    truth = json.loads(shared("media/bpe-mini-lecture/truth.json").read_text())
    cells = truth["code_cells"]
    markdown = "\n\n".join(f"```python\n{cell['source']}\n```" for cell in cells)
    run(context_for(tmp_path, markdown))
    report = json.loads((tmp_path / "check/report.json").read_text())
    assert [cell["status"] for cell in report["cells"]] == ["passed"] * len(cells)
    assert [cell["stdout"].strip() for cell in report["cells"]] == [
        cell["output"].strip() for cell in cells
    ]

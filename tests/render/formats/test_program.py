"""The code of a chapter as one program: it runs, and says what does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.cells.report import CellReport, Report, summary_of
from pipeline.document.walk import cells
from pipeline.engine.workspace import Workspace
from pipeline.errors import RenderError
from pipeline.render.files import render_chapter
from pipeline.render.formats.export import export
from pipeline.render.formats.program import program
from pipeline.render.load import sources_of
from pipeline.settings.render import RenderSettings
from tests.render.chapters import article_of, chapter_of
from tests.render.sample import sample_workspace

FIRST = """```python
from __future__ import annotations
pairs = {}
```

```python
import no_such_package
```

1. In a list:

   ```python
   >>> pairs["a"] = 1
   >>> len(pairs)
   1
   ```
"""
SECOND = """```python
print("pairs:", pairs)
```

```python raises-exception
1 / 0
```

```sh
ls
```
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return sample_workspace(tmp_path_factory.mktemp("program") / "sample")


def report(*verdicts: dict[str, Any]) -> Report:
    article = article_of(FIRST, SECOND)
    found = [cell for section in article.sections for cell in cells(section.blocks)]
    made = tuple(
        CellReport(
            id=cell.id, index=n, section="", language="python", source=cell.source, **verdict
        )
        for n, (cell, verdict) in enumerate(zip(found, verdicts, strict=False), 1)
    )
    return Report(cells=made, summary=summary_of(made))


VERDICTS: tuple[dict[str, Any], ...] = (
    {"status": "passed"},
    {"status": "failed", "reason": "ModuleNotFoundError:\nno_such_package\rprint('escaped')"},
    {"status": "passed"},
    {"status": "mismatch"},
    {"status": "passed", "error": "ZeroDivisionError"},
)


def test_the_program_runs_all_that_ran(sample: Workspace, tmp_path: Path) -> None:
    text = program(chapter_of(sample, FIRST, SECOND, report=report(*VERDICTS)))
    path = tmp_path / "chapter.py"
    path.write_text(text, encoding="utf-8")
    ran = subprocess.run([sys.executable, path], capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stdout) == (0, "pairs: {'a': 1}\n"), ran.stderr


def test_what_did_not_run_is_a_comment_with_the_reason(sample: Workspace) -> None:
    text = program(chapter_of(sample, FIRST, SECOND, report=report(*VERDICTS)))
    assert (
        "# failed: ModuleNotFoundError: no_such_package print('escaped')\n# import no_such" in text
    )
    assert "# raises an exception on purpose\n# 1 / 0" in text
    assert "# 1. Section 1\n" in text and "# 2. Section 2\n" in text and "ls" not in text


def test_without_a_report_nothing_runs(sample: Workspace) -> None:
    lines = program(chapter_of(sample, FIRST)).splitlines()
    assert all(line.startswith("#") for line in lines if line)


def test_a_chapter_without_code_has_no_program(sample: Workspace, tmp_path: Path) -> None:
    bare = chapter_of(sample, "Words.").sources
    assert "chapter.py" not in render_chapter(bare, RenderSettings()).files


def test_the_page_offers_it_and_export_writes_it(sample: Workspace, tmp_path: Path) -> None:
    files = render_chapter(sources_of(sample), RenderSettings()).files
    assert b'href="chapter.py" download' in files["index.html"]
    written = export(sample, "py", tmp_path / "code.py").read_bytes()
    compile(written, "code.py", "exec")
    assert written == files["chapter.py"]


def test_no_code_is_no_export(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "bare")
    for stage in ("write", "check"):
        path = workspace.root / stage / "article.json"
        if path.is_file():
            path.write_text(article_of("Words.").model_dump_json(), encoding="utf-8")
    with pytest.raises(RenderError, match="no Python code"):
        export(workspace, "py", tmp_path / "code.py")

"""The notebook is valid, holds the executed outputs, and runs anywhere with the same ones."""

from __future__ import annotations

import base64
import json
import re
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given

from pipeline.cells.report import CellReport, Report, summary_of
from pipeline.document.blocks import AnyBlock, Cell
from pipeline.document.parse import numbered, parse
from pipeline.document.serialise import serialise
from pipeline.document.walk import cells, prose_of
from pipeline.engine.workspace import Workspace
from pipeline.render.chapter import ChapterPage
from pipeline.render.formats.notebook import minbpe_archive, notebook, parts
from pipeline.render.pictures import Drawing
from tests.document.documents import ALIKE, DOCUMENTS
from tests.render.chapters import chapter_of

LIBRARY = """from minbpe import BasicTokenizer
t = BasicTokenizer()
t.train("aaabdaaabac", 259)
print(len(t.vocab))
t.encode("aaabdaaabac")
"""
MARKDOWN = f"""Words with a [link](https://example.org/watch?v=x&t=12s), for $5. [[s0002]]

![A slide](frame:f0001)

```python
{LIBRARY}```

```text output
259
[258, 100, 258, 97, 99]
```

[[s0009]]

More words.

```bash
ls
```

```python raises-exception
1 / 0
```

```python
import no_such_package
```

The end.
"""


def report() -> Report:
    cells = (
        CellReport(
            id="sec01-1",
            index=1,
            section="s1",
            language="python",
            source=LIBRARY,
            status="passed",
            stdout="259\n[258, 100, 258, 97, 99]\n",
            result="[258, 100, 258, 97, 99]",
            at_ms=83_000,
        ),
        CellReport(
            id="sec01-2", index=2, section="s1", language="bash", source="ls\n", status="skipped"
        ),
        CellReport(
            id="sec01-3",
            index=3,
            section="s1",
            language="python",
            source="1 / 0\n",
            status="passed",
            error='Traceback (most recent call last):\n  File "<cell 3>", line 1\n'
            "ZeroDivisionError: division by zero\n",
        ),
        CellReport(
            id="sec01-4",
            index=4,
            section="s1",
            language="python",
            source="import no_such_package\n",
            status="skipped",
            reason="needs the package no_such_package, which is not installed",
        ),
    )
    return Report(cells=cells, summary=summary_of(cells))


def read(chapter: ChapterPage) -> Any:
    return nbformat.reads(notebook(chapter).decode(), as_version=4)


@pytest.fixture(scope="module")
def chapter(sample: Workspace) -> ChapterPage:
    return chapter_of(sample, MARKDOWN, report=report())


@pytest.fixture(scope="module")
def book(chapter: ChapterPage) -> Any:
    return read(chapter)


def test_it_is_valid(book: Any) -> None:
    nbformat.validate(book)


def test_text_and_code_are_in_the_order_of_the_chapter(book: Any) -> None:
    kinds = [cell.cell_type for cell in book.cells]
    assert kinds == ["code", "markdown", "code", "markdown", "code", "code", "markdown"]


def test_links_and_other_code_are_kept_as_text(book: Any) -> None:
    assert "[link](https://example.org/watch?v=x&t=12s), for \\$5." in book.cells[1].source
    assert re.search(r"\[0:17\]\(\.\./download/[^)]*#t=17\)", book.cells[1].source)
    assert re.match(r"\[2:\d\d\]\(", book.cells[3].source)
    assert "```bash\nls\n```" in book.cells[3].source
    assert "lang:" not in book.cells[1].source


def test_figures_are_attached_to_the_cells_that_show_them(book: Any) -> None:
    cell = book.cells[1]
    assert "![A slide](attachment:f0001.png)" in cell.source
    (content,) = cell.attachments["f0001.png"].values()
    assert base64.b64decode(content)[8:12] == b"WEBP"
    assert all("attachments" not in other for other in book.cells[2:])


def test_outputs_are_those_of_the_run_and_not_repeated_as_text(book: Any) -> None:
    outputs = book.cells[2].outputs
    assert [one.output_type for one in outputs] == ["stream", "execute_result"]
    assert outputs[0].text == "259\n"
    assert outputs[1].data["text/plain"] == "[258, 100, 258, 97, 99]"
    assert not any("258, 100" in cell.source for cell in book.cells)


def test_an_exception_is_an_error_output(book: Any) -> None:
    error = book.cells[4].outputs[0]
    assert (error.ename, error.evalue) == ("ZeroDivisionError", "division by zero")
    assert "raises-exception" in book.cells[4].metadata.tags


def test_a_cell_that_did_not_run_says_why_and_is_not_run_by_others(book: Any) -> None:
    cell = book.cells[5]
    assert cell.outputs == []
    assert "skip-execution" in cell.metadata.tags
    assert "no_such_package" in cell.metadata.check.reason


def test_an_output_seen_in_the_lecture_stands_below_a_cell_that_did_not_run(
    sample: Workspace,
) -> None:
    cell = CellReport(
        id="sec01-1", index=1, section="", language="python", source="f()\n", status="shown"
    )
    text = "```python\nf()\n```\n\n```text output\n42\n```\n"
    made = chapter_of(sample, text, report=Report(cells=(cell,), summary=summary_of((cell,))))
    (code,) = [one for one in read(made).cells if one.cell_type == "code"]
    assert code.outputs[0].text == "42\n"
    assert "skip-execution" in code.metadata.tags
    other = cell.model_copy(update={"other_data": True})
    made = chapter_of(sample, text, report=Report(cells=(other,), summary=summary_of((other,))))
    (code,) = [one for one in read(made).cells if one.cell_type == "code"]
    assert code.outputs[0].text == "42\n"
    assert "tags" not in code.metadata  # the cells below it need what it defines


def test_the_same_chapter_gives_the_same_bytes(chapter: ChapterPage) -> None:
    assert notebook(chapter) == notebook(chapter)


def test_a_drawn_picture_is_an_output(sample: Workspace) -> None:
    picture = b"\x89PNG\r\n\x1a\nrest"
    cell = CellReport(
        id="sec01-1",
        index=1,
        section="",
        language="python",
        source="draw()\n",
        status="passed",
        pictures=("pictures/cell-001-1.png",),
    )
    image = "![Picture drawn by the code above](pictures/cell-001-1.png)"
    text = f"```python\ndraw()\n```\n\n{image}\n\nEnd."
    made = chapter_of(sample, text, report=Report(cells=(cell,), summary=summary_of((cell,))))
    drawing = Drawing("assets/drawn-001.png", 1, 1, picture)
    pieces = replace(made.pieces, drawings={"pictures/cell-001-1.png": drawing})
    book = read(replace(made, pieces=pieces))
    code, end = book.cells[1:]
    assert base64.b64decode(code.outputs[0].data["image/png"]) == picture
    assert end.source == "End."


def test_the_package_comes_along_only_where_a_cell_imports_it(sample: Workspace) -> None:
    plain = read(chapter_of(sample, "```python\nx = 'minbpe'\n```"))
    assert [cell.cell_type for cell in plain.cells] == ["markdown", "code"]
    wanted = read(chapter_of(sample, "1. So:\n\n   ```python\n   import json, minbpe\n   ```"))
    assert "minbpe.zip" in wanted.cells[0].source


def test_an_interactive_session_is_code_without_its_prompts(sample: Workspace) -> None:
    book = read(chapter_of(sample, "```pycon\n>>> x = 1\n>>> x\n1\n```"))
    assert book.cells[1].source == "x = 1\nx"


def test_a_cell_in_a_list_is_a_code_cell_and_the_list_goes_on(sample: Workspace) -> None:
    text = (
        "1. First:\n\n   ```python\n   x = 1\n   ```\n\n   So.\n"
        "2. Second.\n3. Third:\n   - ```python\n     y = 2\n     ```\n"
    )
    found = list(parts(parse(text, numbered("c-"))))
    assert [one.source if isinstance(one, Cell) else serialise(one) for one in found] == [
        "1. First:\n",
        "x = 1\n",
        "So.\n\n2. Second.\n\n3. Third:\n\n   -\n",
        "y = 2\n",
    ]


def test_a_cell_in_a_quotation_or_note_is_a_code_cell_between_its_parts() -> None:
    text = (
        "> A.\n>\n> ```python\n> x = 1\n> ```\n>\n> B.\n\n> [!TIP]\n> C.\n>\n> ```py\n> y\n> ```\n"
    )
    found = list(parts(parse(text, numbered("c-"))))
    assert [one.source if isinstance(one, Cell) else serialise(one) for one in found] == [
        "> A.\n", "x = 1\n", "> B.\n\n> [!TIP]\n> C.\n", "y\n",
    ]  # fmt: skip


@ALIKE
@given(DOCUMENTS)
def test_no_word_is_lost_between_the_cells(blocks: Sequence[AnyBlock]) -> None:
    pieces = [one for part in parts(blocks) for one in ([part] if isinstance(part, Cell) else part)]
    assert prose_of(pieces) == prose_of(blocks)
    assert [cell.source for cell in cells(pieces)] == [cell.source for cell in cells(blocks)]


def test_the_package_that_comes_with_it_is_whole() -> None:
    names = zipfile.ZipFile(BytesIO(minbpe_archive())).namelist()
    assert {"minbpe/__init__.py", "minbpe/basic.py", "minbpe/regex.py"} <= set(names)


def test_run_elsewhere_it_gives_the_same_outputs(
    book: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    # The kernel must not find the project, so that minbpe comes from the notebook itself.
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    spec = tmp_path / "kernels" / "bare"
    spec.mkdir(parents=True)
    blocked = (
        "import os, sys; sys.meta_path = [f for f in sys.meta_path if 'editable' not in str(f)]; "
        "sys.path = [path for path in sys.path if not os.path.isdir(os.path.join(path, 'minbpe'))]"
    )
    launch = f"{blocked}; from ipykernel.kernelapp import launch_new_instance as run; run()"
    argv = [sys.executable, "-P", "-c", launch, "-f", "{connection_file}"]
    kernel = {"argv": argv, "display_name": "bare", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(kernel))
    client = nbclient.NotebookClient(
        nbformat.from_dict(book),
        timeout=60,
        kernel_name="bare",
        resources={"metadata": {"path": str(tmp_path)}},
    )
    client.nb.cells.insert(1, nbformat.v4.new_code_cell("import minbpe; print(minbpe.__file__)"))
    ran = client.execute()
    assert "minbpe.zip" in ran.cells[1].outputs[0].text
    assert ran.cells[3].outputs[0].text == "259\n"
    assert ran.cells[3].outputs[1].data["text/plain"] == "[258, 100, 258, 97, 99]"

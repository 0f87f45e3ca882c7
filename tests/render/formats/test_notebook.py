"""The notebook is valid, holds the executed outputs, and runs anywhere with the same ones."""

from __future__ import annotations

import base64
import json
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import nbformat
import pytest

from pipeline.cells.report import CellReport, Report, summary_of
from pipeline.render.formats.notebook import minbpe_archive, notebook

MARKDOWN = """---
title: "A chapter"
---

# A chapter

Words with a [link](https://example.org/watch?v=x&t=12s).

![A slide](assets/frame-1.webp)

```python
from minbpe import BasicTokenizer
t = BasicTokenizer()
t.train("aaabdaaabac", 259)
print(len(t.vocab))
t.encode("aaabdaaabac")
```

```text output
259
[258, 100, 258, 97, 99]
```

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
            index=1,
            section="s1",
            language="python",
            source=MARKDOWN.split("```python\n")[1].split("```")[0],
            status="passed",
            stdout="259\n[258, 100, 258, 97, 99]\n",
            result="[258, 100, 258, 97, 99]",
            at_ms=83_000,
        ),
        CellReport(index=2, section="s1", language="bash", source="ls\n", status="skipped"),
        CellReport(
            index=3,
            section="s1",
            language="python",
            source="1 / 0\n",
            status="passed",
            error='Traceback (most recent call last):\n  File "<cell 3>", line 1\n'
            "ZeroDivisionError: division by zero\n",
        ),
        CellReport(
            index=4,
            section="s1",
            language="python",
            source="import no_such_package\n",
            status="skipped",
            reason="needs the package no_such_package, which is not installed",
        ),
    )
    return Report(cells=cells, summary=summary_of(cells))


@pytest.fixture(scope="module")
def book() -> Any:
    return nbformat.reads(notebook(MARKDOWN, report()).decode(), as_version=4)


def test_it_is_valid(book: Any) -> None:
    nbformat.validate(book)


def test_text_and_code_are_in_the_order_of_the_chapter(book: Any) -> None:
    kinds = [cell.cell_type for cell in book.cells]
    assert kinds == ["code", "markdown", "code", "markdown", "code", "code", "markdown"]


def test_links_figures_and_other_code_are_kept_as_text(book: Any) -> None:
    assert "[link](https://example.org/watch?v=x&t=12s)" in book.cells[1].source
    assert "![A slide](assets/frame-1.webp)" in book.cells[1].source
    assert "```bash\nls\n```" in book.cells[3].source
    assert "title:" not in book.cells[1].source


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


def test_the_same_chapter_gives_the_same_bytes() -> None:
    assert notebook(MARKDOWN, report()) == notebook(MARKDOWN, report())


def test_a_drawn_picture_is_an_output() -> None:
    picture = b"\x89PNG\r\n\x1a\nrest"
    cell = CellReport(
        index=1,
        section="",
        language="python",
        source="draw()\n",
        status="passed",
        pictures=("pictures/cell-001-1.png",),
    )
    image = "![Picture drawn by the code above](assets/cell-001-1.png)"
    text = f"```python\ndraw()\n```\n\n{image}\n\nEnd."
    made = notebook(
        text,
        Report(cells=(cell,), summary=summary_of((cell,))),
        {"pictures/cell-001-1.png": picture},
    )
    book = nbformat.reads(made.decode(), as_version=4)
    assert base64.b64decode(book.cells[1].outputs[0].data["image/png"]) == picture
    assert [cell.source for cell in book.cells if cell.cell_type == "markdown"] == ["End."]


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
    blocked = "import sys; sys.meta_path = [f for f in sys.meta_path if 'editable' not in str(f)]"
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

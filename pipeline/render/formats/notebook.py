"""``chapter.ipynb``: the chapter as a Jupyter notebook with its executed outputs.

It is made from ``chapter.md``, so that links and figures are the same; the folder of the figures
lies beside both. Format: nbformat 4.5, https://nbformat.readthedocs.io.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import minbpe
from pipeline.cells.extract import ExtractedCell, extract
from pipeline.cells.report import CellReport, Report, is_python

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_PICTURE = re.compile(r"\s*!\[Picture[^\]]*drawn by the code above\]\([^)]*\)")
_SKIPPED = ("skipped", "blocked", "timeout")
# The first date a zip file can have: the same package must give the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)

_SETUP = """\
# Makes `minbpe` importable: installed, or else the copy that comes with this notebook.
import importlib.util

for needed in ("regex", "numpy"):
    if importlib.util.find_spec(needed) is None:
        get_ipython().run_line_magic("pip", f"install -q {needed}")
if importlib.util.find_spec("minbpe") is None:
    import base64, pathlib, sys, tempfile

    archive = pathlib.Path(tempfile.mkdtemp()) / "minbpe.zip"
    archive.write_bytes(base64.b64decode("{archive}"))
    sys.path.insert(0, str(archive))
"""


def notebook(markdown: str, report: Report, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The notebook of a chapter.

    Args:
        markdown: ``chapter.md``; its Python fences become code cells, all else text.
        report: the check's report; its cells are matched in order by their source.
        pictures: the pictures the cells drew, by the paths in the report.

    Returns:
        The ``.ipynb`` file; the same for the same input. A cell without a report has no output.
    """
    import nbformat

    made: list[Any] = [_setup_cell()]
    text = _FRONT_MATTER.sub("", markdown)
    lines = text.split("\n")
    reports = _Reports(report.cells)
    at = 0
    for cell in extract(text):
        if not cell.is_python:
            continue
        _add_text(made, lines[at : cell.fence.start])
        found = reports.take(cell)
        made.append(_code_cell(len(made), cell, found, pictures or {}))
        at = cell.output.end if cell.output else cell.fence.end
        while found and found.pictures and (past := _past_picture(lines, at)):
            at = past
    _add_text(made, lines[at:])
    book = nbformat.v4.new_notebook(
        cells=made,
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python", "file_extension": ".py"},
        },
    )
    nbformat.validate(book)
    return (str(nbformat.writes(book)) + "\n").encode("utf-8", "replace")


class _Reports:
    """The reports of Python cells, handed out in order to the fences with their source."""

    def __init__(self, cells: Sequence[CellReport]) -> None:
        self._cells = [cell for cell in cells if is_python(cell.language)]
        self._next = 0

    def take(self, cell: ExtractedCell) -> CellReport | None:
        wanted = cell.fence.body.strip()
        for at in range(self._next, len(self._cells)):
            if self._cells[at].source.strip() == wanted:
                self._next = at + 1
                return self._cells[at]
        return None


def _add_text(made: list[Any], lines: list[str]) -> None:
    import nbformat

    if text := "\n".join(lines).strip():
        made.append(nbformat.v4.new_markdown_cell(text, id=_id(len(made))))


def _past_picture(lines: list[str], at: int) -> int | None:
    """The line after the picture that follows line ``at``; None when there is none."""
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at + 1 if at < len(lines) and _PICTURE.match(lines[at]) else None


def _id(number: int) -> str:
    return f"cell-{number}"


def _setup_cell() -> Any:
    import nbformat

    return nbformat.v4.new_code_cell(
        _SETUP.replace("{archive}", base64.b64encode(minbpe_archive()).decode("ascii")),
        id="setup",
        metadata={"tags": ["hide-input"], "jupyter": {"source_hidden": True}},
    )


def minbpe_archive() -> bytes:
    """The package ``minbpe`` as a zip file to import from; the same bytes for the same package."""
    assert minbpe.__file__
    folder = Path(minbpe.__file__).parent
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.glob("*.py")):
            entry = zipfile.ZipInfo(f"minbpe/{file.name}", _EPOCH)
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _code_cell(
    number: int, cell: ExtractedCell, report: CellReport | None, pictures: Mapping[str, bytes]
) -> Any:
    import nbformat

    tags = list(cell.tags)
    if report and report.status in _SKIPPED and "skip-execution" not in tags:
        tags.append("skip-execution")
    if report and report.status == "failed" and "raises-exception" not in tags:
        tags.append("raises-exception")
    metadata: dict[str, Any] = {"tags": tags} if tags else {}
    if report:
        metadata["check"] = {"status": report.status, "reason": report.reason}
        if report.at_ms is not None:
            metadata["check"]["at_ms"] = report.at_ms
    ran = report is not None and report.status not in _SKIPPED
    return nbformat.v4.new_code_cell(
        cell.source.removesuffix("\n"),
        id=_id(number),
        metadata=metadata,
        execution_count=report.index if report and ran else None,
        outputs=_outputs(report, pictures) if report and ran else [],
    )


def _outputs(report: CellReport, pictures: Mapping[str, bytes]) -> list[Any]:
    from nbformat.v4 import new_output

    made = []
    printed = report.stdout
    if report.result is not None:
        printed = printed.removesuffix(f"{report.result}\n")
    if printed:
        made.append(new_output("stream", name="stdout", text=printed))
    if report.stderr:
        made.append(new_output("stream", name="stderr", text=report.stderr))
    for path in report.pictures:
        if data := pictures.get(path):
            kind = "image/png" if path.endswith("png") else "image/jpeg"
            content = base64.b64encode(data).decode("ascii")
            made.append(new_output("display_data", data={kind: content}))
    if report.result is not None:
        made.append(
            new_output(
                "execute_result", data={"text/plain": report.result}, execution_count=report.index
            )
        )
    if report.error:
        name, _, value = report.error.strip().rpartition("\n")[2].partition(": ")
        trace = report.error.splitlines()
        made.append(new_output("error", ename=name, evalue=value, traceback=trace))
    return made

"""``chapter.ipynb``: the chapter as a Jupyter notebook with its executed outputs.

It needs no file beside it: pictures are attachments, and where a cell imports ``minbpe``, the
package comes along. Format: nbformat 4.5, https://nbformat.readthedocs.io.
"""

from __future__ import annotations

import base64
import doctest
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import minbpe
from pipeline.cells.report import CellReport
from pipeline.document.blocks import AnyBlock, Cell, Figure, List, Note, Quote
from pipeline.document.inline import portable
from pipeline.document.inline_writer import FOR_NOTEBOOKS
from pipeline.document.serialise import serialise
from pipeline.document.walk import cells
from pipeline.render.chapter import ChapterPage
from pipeline.render.formats.markdown import ChapterForms, chapter_blocks

_SKIPPED = ("skipped", "shown", "blocked", "timeout")
# The first date a zip file can have: the same package must give the same bytes.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_USES_MINBPE = re.compile(r"^[ \t]*(?:from\s+minbpe\b|import\s[^#\n]*\bminbpe\b)", re.MULTILINE)

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


def notebook(chapter: ChapterPage) -> bytes:
    """The notebook of a chapter: its Python cells with the outputs of their run, all else text.

    Returns:
        The ``.ipynb`` file; the same for the same input. A cell without a report has no output.
    """
    import nbformat

    blocks = chapter_blocks(chapter)
    made: list[Any] = []
    if any(cell.is_python and _USES_MINBPE.search(cell.source) for cell in cells(blocks)):
        made.append(_setup_cell())
    reports = chapter.sources.report.by_id
    drawings = {path: one.data for path, one in chapter.pieces.drawings.items()}
    for part in parts(blocks):
        number = len(made) + 1
        if isinstance(part, Cell):
            made.append(_code_cell(number, part, reports.get(part.id), drawings))
        else:
            made.append(_text_cell(number, part, chapter))
    book = nbformat.v4.new_notebook(
        cells=made,
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python", "file_extension": ".py"},
        },
    )
    nbformat.validate(book)
    return (str(nbformat.writes(book)) + "\n").encode("utf-8", "replace")


def parts(blocks: Iterable[AnyBlock]) -> Iterator[Cell | tuple[AnyBlock, ...]]:
    """The Python cells, at whatever depth, and all that stands between them.

    A list or quotation that holds one is split there: the rest of the item stands alone, and the
    list goes on with the next number. Footnotes stay whole.
    """
    pending: list[AnyBlock] = []
    for block in blocks:
        for part in _split(block):
            if not isinstance(part, Cell):
                pending += part
                continue
            if pending:
                yield tuple(pending)
            pending = []
            yield part
    if pending:
        yield tuple(pending)


def _split(block: AnyBlock) -> Iterator[Cell | tuple[AnyBlock, ...]]:
    if isinstance(block, Cell) and block.is_python:
        yield block
    elif isinstance(block, List) and _has_cells([block]):
        yield from _split_list(block)
    elif isinstance(block, (Quote, Note)) and _has_cells([block]):
        if isinstance(block, Note) and block.label:
            yield (block,)
            return
        for part in parts(block.blocks):
            within = block.model_copy(update={"blocks": part})
            yield part if isinstance(part, Cell) else (within,)
    else:
        yield (block,)


def _split_list(block: List) -> Iterator[Cell | tuple[AnyBlock, ...]]:
    items: list[tuple[AnyBlock, ...]] = []
    start = block.start
    for number, item in enumerate(block.items, block.start):
        if not _has_cells(item):
            items.append(item)
            continue
        first, *rest = parts(item)
        items.append(() if isinstance(first, Cell) else first)
        yield (block.model_copy(update={"items": tuple(items), "start": start}),)
        yield from [first, *rest] if isinstance(first, Cell) else rest
        items, start = [], number + 1 if block.ordered else 1
    if items:
        yield (block.model_copy(update={"items": tuple(items), "start": start}),)


def _has_cells(blocks: Iterable[AnyBlock]) -> bool:
    return any(cell.is_python for cell in cells(blocks))


class _AttachedPictures(ChapterForms):
    """Pictures as attachments of the cell that shows them."""

    def __init__(self, chapter: ChapterPage) -> None:
        super().__init__(chapter, lambda src: f"attachment:{PurePosixPath(src).name}")
        self.attachments: dict[str, dict[str, str]] = {}

    def text(self, text: str) -> str:
        """As Jupyter reads it, which looks for formulas itself."""
        return portable(text, FOR_NOTEBOOKS)

    def figure(self, figure: Figure, caption: str) -> str:
        """The picture in the size of the text."""
        if picture := self._chapter.pictures.get(figure.picture):
            self._attach(picture.src, picture.files[picture.small_src])
        return super().figure(figure, caption)

    def drawing(self, path: str, words: str) -> str:
        """What a cell drew that is no code cell here."""
        if drawn := self._chapter.pieces.drawings.get(path):
            self._attach(drawn.src, drawn.data)
        return super().drawing(path, words)

    def _attach(self, src: str, data: bytes) -> None:
        content = base64.b64encode(data).decode("ascii")
        self.attachments[PurePosixPath(src).name] = {_kind(data): content}


def _kind(data: bytes) -> str:
    """The type of a picture, by its first bytes."""
    if data[8:12] == b"WEBP":
        return "image/webp"
    signs = {b"\x89PNG": "image/png", b"GIF8": "image/gif"}
    return signs.get(data[:4], "image/jpeg")


def _text_cell(number: int, blocks: Sequence[AnyBlock], chapter: ChapterPage) -> Any:
    import nbformat

    forms = _AttachedPictures(chapter)
    text = serialise(blocks, forms).strip()
    cell = nbformat.v4.new_markdown_cell(text, id=_id(number))
    if forms.attachments:
        cell["attachments"] = forms.attachments
    return cell


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
    number: int, cell: Cell, report: CellReport | None, pictures: Mapping[str, bytes]
) -> Any:
    import nbformat

    tags = list(cell.tags)
    skipped = report is not None and report.status in _SKIPPED and not report.other_data
    if skipped and "skip-execution" not in tags:
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
        _without_prompts(cell.source).removesuffix("\n"),
        id=_id(number),
        metadata=metadata,
        execution_count=report.index if report and ran else None,
        outputs=_outputs(report, pictures) if report and ran else _seen(cell, report),
    )


def _seen(cell: Cell, report: CellReport | None) -> list[Any]:
    """The output that the lecture shows of a cell that could not run."""
    from nbformat.v4 import new_output

    if report is None or report.status != "shown" or cell.output is None:
        return []
    return [new_output("stream", name="stdout", text=cell.output)]


def _without_prompts(source: str) -> str:
    """The code of an interactive session; other code as it is."""
    if not re.search(r"^[^\S\n]*>>> ", source, re.MULTILINE):
        return source
    try:
        examples = doctest.DocTestParser().get_examples(source)
    except ValueError:
        return source
    return "".join(example.source for example in examples)


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

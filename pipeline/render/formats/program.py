"""``chapter.py``: the code of the chapter as one program, and as the listing at its end.

The cells that ran stand in their order; each other one stands as a comment, with the reason, so
that the program runs. What a cell draws or prints comes anew when it does.
"""

from __future__ import annotations

import ast

from pipeline.cells.program import prepared
from pipeline.cells.report import CellReport
from pipeline.document.blocks import Cell
from pipeline.document.walk import cells
from pipeline.render.chapter import ChapterPage
from pipeline.render.links import is_web

_RECONSTRUCTED = "reconstructed from what is said"
_ENCODING = "# coding: utf-8"


def has_program(chapter: ChapterPage) -> bool:
    """Whether the chapter has code in Python."""
    return any(cell.is_python for page in chapter.sections for cell in cells(page.section.blocks))


def listing(chapter: ChapterPage) -> str | None:
    """The program where it tells more than the cells do: at least two, one of which ran.

    Else None.
    """
    reports = chapter.sources.report.by_id
    found = [
        reports.get(cell.id)
        for page in chapter.sections
        for cell in cells(page.section.blocks)
        if cell.is_python
    ]
    some_ran = any(report is not None and report.ran for report in found)
    return program(chapter) if len(found) > 1 and some_ran else None


def program(chapter: ChapterPage) -> str:
    """The program: a comment for each section that has code, then its cells.

    Imports from ``__future__`` stand first, where Python wants them.
    """
    reports = chapter.sources.report.by_id
    pieces: list[str] = []
    features: list[str] = []
    for page in chapter.sections:
        own = [cell for cell in cells(page.section.blocks) if cell.is_python]
        if own:
            pieces.append(_comment(f"{page.number}. {page.section.title}"))
        for cell in own:
            wanted, rest = _without_future(_piece(cell, reports.get(cell.id)))
            features += wanted
            pieces.append(rest)
    body = "\n\n".join(piece.strip("\n") for piece in pieces)
    future = "".join(f"from __future__ import {name}\n" for name in dict.fromkeys(features))
    text = "\n".join(filter(None, [_head(chapter), future, body])).rstrip("\n") + "\n"
    return f"{_ENCODING}\n{text}" if _names_an_encoding(text) else text


def _head(chapter: ChapterPage) -> str:
    video = chapter.sources.video
    lines = [chapter.sources.article.title]
    if is_web(video.url):
        lines.append(str(video.url))
    return _comment("\n".join(lines)) + "\n"


def _names_an_encoding(text: str) -> bool:
    """Whether Python would take a title or an address for the name of the file's encoding.

    It looks for one in comments of the first two lines (PEP 263): "Live coding: a talk" is no
    program then, and in UTF-7 a comment can hold lines of code. The first line that names one wins.
    """
    return any("coding:" in line or "coding=" in line for line in text.splitlines()[:2])


def _piece(cell: Cell, report: CellReport | None) -> str:
    source = prepared(cell).source
    mark = f"{_comment(_RECONSTRUCTED)}\n" if cell.is_reconstructed else ""
    if report is None or not report.ran:
        status = report.status if report else "not run"
        reason = f": {' '.join(report.reason.split())}" if report and report.reason else ""
        return f"{mark}{_comment(f'{status}{reason}')}\n{_comment(source)}"
    if report.error or "raises-exception" in cell.tags:
        return f"{mark}{_comment('raises an exception on purpose')}\n{_comment(source)}"
    if report.other_data and report.reason:
        mark += f"{_comment(' '.join(report.reason.split()))}\n"
    return f"{mark}{source}"


def _without_future(code: str) -> tuple[list[str], str]:
    """The features of ``__future__`` that the code imports, and the code without these imports."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [], code
    lines = code.encode().split(b"\n")  # places in the tree are counted in bytes
    features: list[str] = []
    for node in reversed(tree.body):
        if not isinstance(node, ast.ImportFrom) or node.module != "__future__":
            continue
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        before, behind = lines[first][: node.col_offset], lines[last][node.end_col_offset :]
        is_alone = not before.strip() and not behind.strip()
        lines[first : last + 1] = [] if is_alone else [before + b"pass" + behind]
        features = [alias.name for alias in node.names] + features
    return features, b"\n".join(lines).decode()


def _comment(text: str) -> str:
    """``text`` as comment lines; no line in it can become code.

    >>> _comment("a\\n\\nb")
    '# a\\n#\\n# b'
    """
    return "\n".join(f"# {line}".rstrip() for line in text.rstrip("\n").splitlines())

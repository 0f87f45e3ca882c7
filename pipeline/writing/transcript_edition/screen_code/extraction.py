"""Code on the screen: what parses as Python becomes cells, grown code only once at its fullest."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.models import Frame
from pipeline.text.window_lines import is_menu
from pipeline.writing.transcript_edition.screen_code.cell_areas import cut_to_cells
from pipeline.writing.transcript_edition.screen_code.cut_ends import (
    SCREEN_BEGINS,
    begins_above,
    without_halves,
)
from pipeline.writing.transcript_edition.screen_code.documents import Document, SeenRow, documents
from pipeline.writing.transcript_edition.screen_code.lines import line_shape, repeated_lines
from pipeline.writing.transcript_edition.screen_code.lost_ends import ELLIPSIS
from pipeline.writing.transcript_edition.screen_code.names import (
    put_right,
    read_names,
)
from pipeline.writing.transcript_edition.screen_code.repeats import (
    Statement,
    bound_names,
    without_repeats,
)
from pipeline.writing.transcript_edition.screen_code.rows import Row, panes
from pipeline.writing.transcript_edition.screen_code.statements import code_blocks
from pipeline.writing.transcript_edition.screen_code.whole_runs import CodeBlock
from pipeline.writing.transcript_edition.screen_code.whole_statements import parsed
from pipeline.writing.transcript_edition.screen_code.window_heads import WindowHeads
from pipeline.writing.transcript_edition.window_chrome import WindowChrome

_LEAST_EXCERPT, _LEAST_LINES = 3, 2
# "torch,ones(" where "torch." stands elsewhere: a point read as a comma.
_MODULE_COMMA = re.compile(r"\b([A-Za-z_]\w*),(?=[A-Za-z_]\w*\()")
_METHOD = re.compile(r"(\n(?![^\S\n]*(?:class\b|@|#))[^\n]+\n)(    (?:def|async def|@))")
# What a cell needs from outside: a file, the network, a user. It is shown and not run.
_OUTSIDE = re.compile(
    r"\b(?:open|input|urlopen|urlretrieve)\(|\brequests\.|\bsubprocess\b|\.read_csv\(|\bsocket\b"
)


@dataclass(frozen=True)
class ScreenCell:
    """Python from the screen.

    Args:
        frame: the frame it was read from.
        source: whole statements, ending in a newline.
        output: what its output area shows (``outputs``), "" when none is known.
        excerpt: it cannot run by itself: names are missing, it needs a file or the network, or a
            part of it was not read.
        unread: the frames that show what was not read; ``...`` stands for it.
        shortened: it runs, but a text in it goes on beyond the edge of the screen.
    """

    frame: Frame
    source: str
    output: str
    excerpt: bool
    unread: tuple[Frame, ...] = ()
    shortened: bool = False


def screen_cells(frames: Sequence[Frame]) -> list[ScreenCell]:
    """The cells of a lecture, in order of time; none where no screen shows Python.

    What scrolls or grows is put together from its frames (``documents``). A statement that is shown
    again is left out; a definition that grows is taken where it is fullest. A cell stands where its
    last line is shown first.
    """
    shown = [f for f in sorted(frames, key=lambda f: (f.at_ms, f.id)) if f.same_as is None]
    shown = [frame for frame in shown if frame.kind != "talking head"]
    chrome = WindowChrome(frames)
    statements: list[Statement] = []
    blocks = sorted(_blocks(shown, chrome), key=lambda found: found[0].rows[0].first_frame)
    for number, (block, listing) in enumerate(blocks):
        statements += _statements(number, block, listing)
    for statement, source in zip(
        statements, put_right([one.source for one in statements]), strict=True
    ):
        statement.source = source
    kept = without_repeats(statements)
    return _cells(shown, kept)


def _blocks(shown: Sequence[Frame], chrome: WindowChrome) -> Iterator[tuple[CodeBlock, bool]]:
    """The runs of code on all screens, and whether each is but sample text."""
    repeated = repeated_lines([frame.text for frame in shown])
    heads = WindowHeads(shown)
    # A web page shows code, hardly ever its output; a notebook in the browser does.
    pages = [chrome.web_page(frame) is not None for frame in shown]
    for page in (False, True):
        views = [
            (number, [row for row in pane if _is_content(row, repeated)])
            for number, frame in enumerate(shown)
            if pages[number] == page
            for pane in panes(frame, heads.below(frame), heads.above(frame))
        ]
        for rows in documents(views):
            frames = {reading.frame for row in rows for reading in row.readings}
            from_code = any(shown[number].kind == "code" for number in frames)
            yield from _blocks_of(without_halves(rows), from_code, page)


def _blocks_of(rows: Document, from_code: bool, page: bool) -> Iterator[tuple[CodeBlock, bool]]:
    for cell in cut_to_cells(rows):
        found = code_blocks(cell.rows, from_code, cell.numbered, cell.followed)
        for block in found:
            printed = cell.output if block is found[-1] else ""
            output = "" if page else block.output or printed
            yield replace(block, output=output), page or cell.sample


def _is_content(row: Row, repeated: frozenset[str]) -> bool:
    return line_shape(row.text) not in repeated and not is_menu(row.text)


def _statements(number: int, block: CodeBlock, listing: bool) -> list[Statement]:
    tree = parsed(block.source)
    lines = block.source.splitlines()
    result = []
    begin = 0
    for node in tree.body if tree else ():
        # Comments above a statement go with it.
        end = node.end_lineno or node.lineno
        name = getattr(node, "name", None)
        text = "\n".join(lines[begin:end])
        frame = max(row.first_frame for row in block.rows[begin:end])
        name = name if isinstance(name, str) else None
        gaps = [row for line, rows in block.unread.items() if begin <= line < end for row in rows]
        cut = any(row.row.mark == "end" for row in gaps)
        gaps = [row for row in gaps if row.row.mark != "end"]
        unread = frozenset(row.first_frame for row in gaps)
        shortened = bool(gaps) and not name and all(_is_shortened(row) for row in gaps)
        seen_on = {one.frame for row in block.rows[begin:end] for one in row.readings}
        one = Statement(frame, number, text, name, listing, unread, shortened, cut)
        one.seen_on = frozenset(seen_on)
        one.begins_above = begin == 0 and begins_above(block.rows[0], node)
        result.append(one)
        begin = end
    if result:
        result[-1].output = block.output
    return result


def _is_shortened(row: SeenRow) -> bool:
    """Whether all that is unread of it is the end of a string, with an ellipsis in its place."""
    return row.row.cut and ELLIPSIS in row.row.text


def _cells(frames: Sequence[Frame], statements: Sequence[Statement]) -> list[ScreenCell]:
    """Statements of one block together, in order of time.

    What cannot run for want of a name or a file is a cell of its own where definitions stand beside
    it: they run, and later cells need them.
    """
    cells: list[ScreenCell] = []
    known: set[str] = set(dir(builtins)) | {"__name__", "__file__"}
    groups: dict[int, list[Statement]] = {}
    for statement in sorted(statements, key=lambda one: one.block):
        groups.setdefault(statement.block, []).append(statement)
    for group in groups.values():
        for part in _parts(group, known):
            if cell := _cell(frames, part, known):
                cells.append(cell)
    return sorted(cells, key=lambda cell: (cell.frame.at_ms, cell.frame.id))


def _parts(group: Sequence[Statement], known: set[str]) -> list[list[Statement]]:
    """The group in one piece, or cut between what runs and what does not."""
    here = set(known)
    runs = []
    for statement in group:
        tree = parsed(statement.source)
        complete = tree is not None and statement.is_whole
        runs.append(tree is not None and complete and _runs(tree, statement.source, here))
        if tree is not None and runs[-1]:
            here |= bound_names(tree)
    if all(runs) or not any(run and one.name for run, one in zip(runs, group, strict=True)):
        return [list(group)]
    parts: list[list[Statement]] = []
    for number, (run, statement) in enumerate(zip(runs, group, strict=True)):
        if number == 0 or run != runs[number - 1]:
            parts.append([])
        parts[-1].append(statement)
    return parts


def _runs(tree: ast.Module, source: str, known: set[str]) -> bool:
    return not missing_names(tree, known) and not _OUTSIDE.search(source)


def _cell(
    frames: Sequence[Frame], group: Sequence[Statement], known: set[str]
) -> ScreenCell | None:
    """One cell; None when it is too short to say anything. What it defines is known from then."""
    source = _spaced(group)
    tree = parsed(source)
    if tree is None:
        return None
    lines = [line for line in source.splitlines() if line and not line.startswith("#")]
    unread = sorted({number for one in group for number in one.unread})
    excerpt = (
        any(one.listing for one in group)
        or not _runs(tree, source, known)
        or not all(one.is_whole for one in group)
    )
    if excerpt and group[0].begins_above:
        source = f"# ... {SCREEN_BEGINS}\n{source}"
    output = group[-1].output
    if len(lines) < (_LEAST_EXCERPT if excerpt else 1 if output else _LEAST_LINES):
        return None
    if not excerpt:
        known |= bound_names(tree)
    frame = frames[max(one.frame for one in group)]
    shows = tuple(frames[number] for number in unread)
    return ScreenCell(frame, source, output, excerpt, shows, bool(unread) and not excerpt)


def _spaced(group: Sequence[Statement]) -> str:
    """The statements below each other, blank lines around definitions."""
    text = ""
    for number, statement in enumerate(group):
        if number:
            text += "\n\n" if statement.name or group[number - 1].name else ""
        text += statement.source.strip("\n") + "\n"
    text = _MODULE_COMMA.sub(lambda m: m[0].replace(",", ".") if f"{m[1]}." in text else m[0], text)
    return _METHOD.sub(r"\1\n\2", text)


def missing_names(tree: ast.Module, known: set[str]) -> set[str]:
    """Names that the code reads and neither it nor ``known`` defines.

    Scopes are not told apart: a name bound anywhere counts as known, so that the answer is short
    rather than exact.
    """
    return set(read_names(tree)) - bound_names(tree) - known

"""Code on the screen: what parses as Python becomes cells, grown code only once at its fullest."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from pipeline.models import Frame
from pipeline.text.window_lines import is_menu
from pipeline.writing.transcript_edition.screen_code.cell_areas import cut_to_cells
from pipeline.writing.transcript_edition.screen_code.documents import Document, documents
from pipeline.writing.transcript_edition.screen_code.lines import line_shape, repeated_lines
from pipeline.writing.transcript_edition.screen_code.names import (
    defined_names,
    put_right,
    read_names,
)
from pipeline.writing.transcript_edition.screen_code.rows import Row, panes
from pipeline.writing.transcript_edition.screen_code.statements import CodeBlock, code_blocks
from pipeline.writing.transcript_edition.screen_code.whole_statements import parsed
from pipeline.writing.transcript_edition.screen_code.window_heads import WindowHeads
from pipeline.writing.transcript_edition.window_chrome import WindowChrome

_LEAST_EXCERPT, _LEAST_LINES = 3, 2
_ALIKE = 0.92
_DIGITS = re.compile(r"\d+")
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
    """

    frame: Frame
    source: str
    output: str
    excerpt: bool
    unread: tuple[Frame, ...] = ()


@dataclass
class _Statement:
    frame: int
    block: int
    source: str
    name: str | None
    listing: bool
    unread: frozenset[int] = frozenset()  # frames
    output: str = ""


def screen_cells(frames: Sequence[Frame]) -> list[ScreenCell]:
    """The cells of a lecture, in order of time; none where no screen shows Python.

    What scrolls or grows is put together from its frames (``documents``). A statement that is shown
    again is left out; a definition that grows is taken where it is fullest. A cell stands where its
    last line is shown first.
    """
    shown = [f for f in sorted(frames, key=lambda f: (f.at_ms, f.id)) if f.same_as is None]
    shown = [frame for frame in shown if frame.kind != "talking head"]
    chrome = WindowChrome(frames)
    statements: list[_Statement] = []
    blocks = sorted(_blocks(shown, chrome), key=lambda found: found[0].rows[0].first_frame)
    for number, (block, listing) in enumerate(blocks):
        statements += _statements(number, block, listing)
    for statement, source in zip(
        statements, put_right([one.source for one in statements]), strict=True
    ):
        statement.source = source
    kept = _without_repeats(statements)
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
            yield from _blocks_of(rows, from_code, page)


def _blocks_of(rows: Document, from_code: bool, page: bool) -> Iterator[tuple[CodeBlock, bool]]:
    for cell in cut_to_cells(rows):
        found = code_blocks(cell.rows, from_code, cell.numbered, cell.followed)
        for block in found:
            printed = cell.output if block is found[-1] else ""
            output = "" if page else block.output or printed
            yield replace(block, output=output), page or cell.sample


def _is_content(row: Row, repeated: frozenset[str]) -> bool:
    return line_shape(row.text) not in repeated and not is_menu(row.text)


def _statements(number: int, block: CodeBlock, listing: bool) -> list[_Statement]:
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
        unread = frozenset(row.first_frame for row in gaps)
        result.append(_Statement(frame, number, text, name, listing, unread))
        begin = end
    if result:
        result[-1].output = block.output
    return result


def _without_repeats(statements: Sequence[_Statement]) -> list[_Statement]:
    kept: list[_Statement] = []
    again = [
        next((one for one in statements[:n] if _same(one, s)), None) is not None
        for n, s in enumerate(statements)
    ]
    moved: set[tuple[int, int]] = set()  # blocks of which a definition stands in a later one
    for number, statement in enumerate(statements):
        earlier = next((one for one in kept if _same(one, statement)), None)
        if earlier is None or not _is_repeat(statements, again, number):
            kept.append(statement)
            continue
        blocks = (earlier.block, statement.block)
        is_fuller = statement.name is not None and _is_fuller(earlier, statement)
        if is_fuller or (blocks in moved and not statement.name):
            # What stands below a definition goes where it goes.
            moved.add(blocks)
            kept.remove(earlier)
            kept.append(statement)
            statement.output = statement.output or ("" if is_fuller else earlier.output)
        elif statement.output and not earlier.output and not earlier.listing:
            earlier.output = statement.output
    return kept


def _is_fuller(earlier: _Statement, later: _Statement) -> bool:
    if bool(earlier.unread) != bool(later.unread):
        return bool(earlier.unread)
    return _has_grown(earlier.source, later.source)


def _has_grown(before: str, after: str) -> bool:
    """Whether a definition is longer now: clearly, or each line of it was being typed before."""
    if len(after) > 1.1 * len(before):
        return True
    lines = iter(after.splitlines())
    typed = all(any(line.startswith(old) for line in lines) for old in before.splitlines())
    return typed and len(after) > len(before)


def _is_repeat(statements: Sequence[_Statement], again: Sequence[bool], number: int) -> bool:
    """A definition shown before; or any statement shown before together with its neighbour.

    ``print(ids)`` may well be meant twice, when it follows other lines.
    """
    if not again[number] or statements[number].name:
        return again[number]
    block = [n for n, one in enumerate(statements) if one.block == statements[number].block]
    place = block.index(number)
    neighbour = block[place - 1] if place else block[1] if len(block) > 1 else None
    return neighbour is None or again[neighbour]


def _same(earlier: _Statement, later: _Statement) -> bool:
    """The same statement, read twice; or a definition and what it grew into."""
    if earlier.name != later.name:
        return False
    a, b = _squeezed(earlier.source), _squeezed(later.source)
    if a == b:
        return True
    if earlier.name:
        return _alike(a, b[: len(a)], 0.6) or _alike(a[: len(b)], b, 0.6)
    # Other numbers are another statement: ``tokens2`` is no misreading of ``tokens``.
    return len(a) > 12 and _DIGITS.findall(a) == _DIGITS.findall(b) and _alike(a, b, _ALIKE)


def _alike(a: str, b: str, least: float) -> bool:
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return (
        matcher.real_quick_ratio() >= least
        and matcher.quick_ratio() >= least
        and matcher.ratio() >= least
    )


def _squeezed(source: str) -> str:
    return re.sub(r"\s+|#.*", "", source)


def _cells(frames: Sequence[Frame], statements: Sequence[_Statement]) -> list[ScreenCell]:
    """Statements of one block together, in order of time.

    What cannot run for want of a name or a file is a cell of its own where definitions stand beside
    it: they run, and later cells need them.
    """
    cells: list[ScreenCell] = []
    known: set[str] = set(dir(builtins)) | {"__name__", "__file__"}
    groups: dict[int, list[_Statement]] = {}
    for statement in sorted(statements, key=lambda one: one.block):
        groups.setdefault(statement.block, []).append(statement)
    for group in groups.values():
        for part in _parts(group, known):
            if cell := _cell(frames, part, known):
                cells.append(cell)
    return sorted(cells, key=lambda cell: (cell.frame.at_ms, cell.frame.id))


def _parts(group: Sequence[_Statement], known: set[str]) -> list[list[_Statement]]:
    """The group in one piece, or cut between what runs and what does not."""
    here = set(known)
    runs = []
    for statement in group:
        tree = parsed(statement.source)
        complete = tree is not None and not statement.unread
        runs.append(tree is not None and complete and _runs(tree, statement.source, here))
        if tree is not None and runs[-1]:
            here |= _bound(tree)
    if all(runs) or not any(run and one.name for run, one in zip(runs, group, strict=True)):
        return [list(group)]
    parts: list[list[_Statement]] = []
    for number, (run, statement) in enumerate(zip(runs, group, strict=True)):
        if number == 0 or run != runs[number - 1]:
            parts.append([])
        parts[-1].append(statement)
    return parts


def _runs(tree: ast.Module, source: str, known: set[str]) -> bool:
    return not missing_names(tree, known) and not _OUTSIDE.search(source)


def _cell(
    frames: Sequence[Frame], group: Sequence[_Statement], known: set[str]
) -> ScreenCell | None:
    """One cell; None when it is too short to say anything. What it defines is known from then."""
    source = _spaced(group)
    tree = parsed(source)
    if tree is None:
        return None
    lines = [line for line in source.splitlines() if line and not line.startswith("#")]
    unread = sorted({number for one in group for number in one.unread})
    excerpt = any(one.listing for one in group) or not _runs(tree, source, known) or bool(unread)
    output = group[-1].output
    if len(lines) < (_LEAST_EXCERPT if excerpt else 1 if output else _LEAST_LINES):
        return None
    if not excerpt:
        known |= _bound(tree)
    frame = frames[max(one.frame for one in group)]
    return ScreenCell(frame, source, output, excerpt, tuple(frames[number] for number in unread))


def _spaced(group: Sequence[_Statement]) -> str:
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
    return set(read_names(tree)) - _bound(tree) - known


def _bound(tree: ast.Module) -> set[str]:
    caught = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name
    }
    return caught | set(defined_names(tree))

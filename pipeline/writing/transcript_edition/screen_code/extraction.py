"""Code on the screen: what parses as Python becomes cells, grown code only once at its fullest."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.models import Frame
from pipeline.writing.transcript_edition.screen_code.lines import furniture_lines
from pipeline.writing.transcript_edition.screen_code.statements import code_blocks, parsed
from pipeline.writing.transcript_edition.window_chrome import WindowChrome

_LEAST_EXCERPT, _LEAST_LINES = 3, 2
_ALIKE = 0.92
# "torch,ones(" where "torch." stands elsewhere: a point read as a comma.
_MODULE_COMMA = re.compile(r"\b([A-Za-z_]\w*),(?=[A-Za-z_]\w*\()")
_METHOD = re.compile(r"(\n(?![^\S\n]*(?:class\b|@|#))[^\n]+\n)(    (?:def|async def|@))")
# What a cell needs from outside: a file, the network, a person. It is shown and not run.
_OUTSIDE = re.compile(
    r"\b(?:open|input|urlopen|urlretrieve)\(|\brequests\.|\bsubprocess\b|\.read_csv\(|\bsocket\b"
)


@dataclass(frozen=True)
class ScreenCell:
    """Python from the screen.

    Args:
        frame: the frame it was read from.
        source: whole statements, ending in a newline.
        output: the lines shown directly below it, "" when there are none.
        excerpt: it cannot run by itself: names are missing, or it needs a file or the network.
    """

    frame: Frame
    source: str
    output: str
    excerpt: bool


@dataclass
class _Statement:
    frame: int
    block: int
    source: str
    name: str | None
    output: str = ""


def screen_cells(frames: Sequence[Frame]) -> list[ScreenCell]:
    """The cells of a lecture, in order of time; none where no screen shows Python.

    A statement that is shown again is left out; a definition that grows is taken where it is
    fullest.
    """
    shown = [f for f in sorted(frames, key=lambda f: (f.at_ms, f.id)) if f.same_as is None]
    repeated = furniture_lines([frame.text for frame in shown])
    chrome = WindowChrome(frames)
    statements: list[_Statement] = []
    blocks = 0
    for number, frame in enumerate(shown):
        if frame.kind == "talking head":
            continue
        host = chrome.host(frame)
        # A web page shows code, hardly ever its output; a notebook in the browser does.
        page = host is not None and "colab" not in host
        for source, output in code_blocks(frame, repeated):
            output = "" if page else output
            statements += _statements(number, blocks, source, output)
            blocks += 1
    kept = _without_repeats(statements)
    return _cells(shown, kept)


def _statements(frame: int, block: int, source: str, output: str) -> list[_Statement]:
    tree = parsed(source)
    lines = source.splitlines()
    body = tree.body if tree else []
    result = []
    begin = 0
    for node in body:
        # Comments above a statement go with it.
        end = node.end_lineno or node.lineno
        name = getattr(node, "name", None)
        text = "\n".join(lines[begin:end])
        result.append(_Statement(frame, block, text, name if isinstance(name, str) else None))
        begin = end
    if result:
        result[-1].output = output
    return result


def _without_repeats(statements: Sequence[_Statement]) -> list[_Statement]:
    kept: list[_Statement] = []
    again = [
        next((one for one in statements[:n] if _same(one, s)), None) is not None
        for n, s in enumerate(statements)
    ]
    for number, statement in enumerate(statements):
        earlier = next((one for one in kept if _same(one, statement)), None)
        if earlier is None or not _is_repeat(statements, again, number):
            kept.append(statement)
        elif statement.name and len(statement.source) > 1.1 * len(earlier.source):
            kept.remove(earlier)
            kept.append(statement)
        elif statement.output and not earlier.output:
            earlier.output = statement.output
    return kept


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
    return len(a) > 12 and _alike(a, b, _ALIKE)


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
    """Statements of one block together, in order of time."""
    cells: list[ScreenCell] = []
    known: set[str] = set(dir(builtins)) | {"__name__", "__file__"}
    groups: dict[int, list[_Statement]] = {}
    for statement in sorted(statements, key=lambda one: (one.frame, one.block)):
        groups.setdefault(statement.block, []).append(statement)
    for group in groups.values():
        source = _spaced(group)
        tree = parsed(source)
        if tree is None:
            continue
        lines = [line for line in source.splitlines() if line and not line.startswith("#")]
        excerpt = bool(missing_names(tree, known)) or bool(_OUTSIDE.search(source))
        output = group[-1].output
        if len(lines) < (_LEAST_EXCERPT if excerpt else 1 if output else _LEAST_LINES):
            continue
        if not excerpt:
            known |= _bound(tree)
        cells.append(ScreenCell(frames[group[0].frame], source, output, excerpt))
    return cells


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
    bound = _bound(tree) | known
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in bound
    }


def _bound(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
    return names

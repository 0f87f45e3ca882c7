"""Code on the screen: what parses as Python becomes cells, grown code only once at its fullest."""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.article.screen_lines import code_lines, furniture_lines, line_shape, reindented
from pipeline.model import Frame

_LONGEST_BLOCK = 80
_LONGEST_OUTPUT = 12
_ALIKE = 0.82
_STEPS = (4, 2, 3, 8)
# What a cell needs from outside: a file, the network, a person. It is shown and not run.
_OUTSIDE = re.compile(
    r"\b(?:open|input|urlopen|urlretrieve)\(|\brequests\.|\bsubprocess\b|\.read_csv\(|\bsocket\b"
)
_TELLING = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Import,
    ast.ImportFrom,
    ast.For,
    ast.While,
    ast.With,
    ast.If,
    ast.Try,
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
    statements: list[_Statement] = []
    blocks = 0
    for number, frame in enumerate(shown):
        if frame.kind == "talking head":
            continue
        for source, output in _blocks(frame, repeated):
            statements += _statements(number, blocks, source, output)
            blocks += 1
    kept = _without_repeats(statements)
    return _cells(shown, kept)


def _blocks(frame: Frame, repeated: frozenset[str]) -> list[tuple[str, str]]:
    """(source, output) of every run of lines that parses and is more than a stray word."""
    lines = [line for line in code_lines(frame.text) if line_shape(line) not in repeated]
    found: list[tuple[str, str]] = []
    start = 0
    while start < len(lines):
        hit = _longest(lines, start)
        if hit is None:
            start += 1
            continue
        source, end = hit
        output: list[str] = []
        while end < len(lines) and _longest(lines, end) is None and len(output) < _LONGEST_OUTPUT:
            output.append(lines[end])
            end += 1
        if _is_telling(source, frame.kind == "code"):
            found.append((source, _output(source, output)))
        start = end
    return found


def _longest(lines: Sequence[str], start: int) -> tuple[str, int] | None:
    """The longest run of lines from ``start`` that is code, and its end; None when none is."""
    if not _may_begin(lines[start]):
        return None
    for end in range(min(len(lines), start + _LONGEST_BLOCK), start, -1):
        if not _may_end(lines[end - 1]):
            continue
        for step in _STEPS:
            source = "\n".join(reindented(lines[start:end], step)) + "\n"
            tree = _parsed(source)
            if tree is not None and not _trails_off(tree) and _is_code(tree.body[0]):
                return source, end
    return None


def _may_begin(line: str) -> bool:
    return bool(re.match(r"\s*(?:[A-Za-z_@#(\[]|\"\"\")", line)) and "  " not in line.strip()[:12]


def _may_end(line: str) -> bool:
    return not line.rstrip().endswith((":", ",", "(", "[", "{", "\\", "="))


def _parsed(source: str) -> ast.Module | None:
    """The tree of ``source``; None when it does not compile (a ``return`` outside a function)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes are the lecturer's business
            tree = ast.parse(source)
            compile(tree, "<screen>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if tree.body else None


def _trails_off(tree: ast.Module) -> bool:
    """The last statement is a bare word or a literal: that is output, or a caption."""
    last = tree.body[-1]
    return isinstance(last, ast.Expr) and not _is_code(last)


def _is_code(statement: ast.stmt) -> bool:
    """Not what plain words and printed values parse as."""
    if not isinstance(statement, ast.Expr):
        return not isinstance(statement, ast.AnnAssign)
    value = statement.value
    if isinstance(value, ast.Call):
        return True
    return isinstance(value, (ast.Await, ast.ListComp, ast.DictComp, ast.Subscript))


def _is_telling(source: str, from_code: bool) -> bool:
    tree = _parsed(source)
    if tree is None:
        return False
    if any(isinstance(node, _TELLING) for node in tree.body):
        return len(source.splitlines()) > 1 or from_code
    calls = any(isinstance(node, ast.Call) for node in ast.walk(tree))
    assigns = any(isinstance(node, (ast.Assign, ast.AugAssign)) for node in tree.body)
    return (calls or assigns) if from_code else (calls and assigns and len(tree.body) > 1)


def _output(source: str, lines: Sequence[str]) -> str:
    """The lines below, when the code ends in something that shows a value."""
    tree = _parsed(source)
    shows = tree is not None and (
        "print(" in source or (tree.body and isinstance(tree.body[-1], ast.Expr))
    )
    if not shows:
        return ""
    kept = []
    for line in lines:
        if not re.search(r"[\w\[({'\"<-]", line):
            break
        kept.append(line.strip())
    return "\n".join(kept)


def _statements(frame: int, block: int, source: str, output: str) -> list[_Statement]:
    tree = _parsed(source)
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
    if earlier.name and SequenceMatcher(None, a, b[: len(a)], autojunk=False).ratio() > 0.6:
        return True
    return len(a) > 12 and SequenceMatcher(None, a, b, autojunk=False).ratio() > _ALIKE + 0.1


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
        tree = _parsed(source)
        if tree is None:
            continue
        excerpt = bool(missing_names(tree, known)) or bool(_OUTSIDE.search(source))
        if not excerpt:
            known |= _bound(tree)
        output = group[-1].output
        cells.append(ScreenCell(frames[group[0].frame], source, output, excerpt))
    return cells


def _spaced(group: Sequence[_Statement]) -> str:
    """The statements below each other, blank lines around definitions."""
    text = ""
    for number, statement in enumerate(group):
        if number:
            text += "\n\n" if statement.name or group[number - 1].name else ""
        text += statement.source.strip("\n") + "\n"
    return text


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

"""Code on the screen: what parses as Python becomes cells, grown code only once at its fullest."""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.article.code_shape import Shaped, shaped
from pipeline.article.screen_lines import code_lines, furniture_lines, line_shape
from pipeline.model import Frame

_LONGEST_BLOCK = 80
_LONGEST_OUTPUT = 12
_LEAST_EXCERPT, _LEAST_LINES = 3, 2
_ALIKE = 0.92
# A line seen further than this from where it would have to stand is not to be trusted, columns.
_FURTHEST_OFF = 1.2
_CODE_LIKE = re.compile(
    r"^\s*(?:(?:def|class|if|elif|else|for|while|with|try|except|finally|import|from|return|print"
    r"|assert|raise|pass|break|continue|yield|del|global|async|await)\b|#|@\w)"
    r"|^\s*[A-Za-z_][\w.]*(?:\[[^\]]*\])?(?:\s*,\s*[A-Za-z_][\w.]*)*\s*[-+*/%|&]?=(?!=)\s*\S"
    r"|^\s*[\w.]+\(.*\)\s*(?:#.*)?$|^\s*[\w.]+\($"
)
_OUT = re.compile(r"^\s*Out\s*\[\s*\d+\s*\]:")
_WORD = re.compile(r"[A-Za-z]{2,}")
_PROSE_WORDS = 8
_CLAUSE = re.compile(r"(?:else|elif|except|finally)\b")
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
    """(source, output) of every run of statements that parse, top to bottom."""
    lines = [line for line in code_lines(frame.text) if line_shape(line) not in repeated]
    found: list[tuple[str, str]] = []
    start = 0
    while start < len(lines):
        end = _region_end(lines, start)
        if end == start:
            start += 1
            continue
        below = end
        while below < len(lines) and _region_end(lines, below) == below:
            below += 1
        found += _whole_runs(lines[start:end], lines[end:below], frame.kind == "code")
        start = below
    return found


def _region_end(lines: Sequence[str], start: int) -> int:
    """The end of the lines that look like code from ``start`` on; ``start`` when none does."""
    end = start
    brackets = 0
    while end < len(lines) and (brackets > 0 or _CODE_LIKE.match(lines[end])):
        bare = re.sub(r"(\"[^\"]*\"|'[^']*'|#.*)", "", lines[end])
        brackets += sum(bare.count(c) for c in "([{") - sum(bare.count(c) for c in ")]}")
        end += 1
        if end - start > _LONGEST_BLOCK:
            break
    return end


def _whole_runs(
    lines: Sequence[str], below: Sequence[str], from_code: bool
) -> list[tuple[str, str]]:
    """Runs of whole statements in a region; what follows one that does not parse begins anew."""
    runs: list[list[str]] = [[]]
    statement: list[Shaped] = []
    for line in [*shaped(lines), None]:
        begins = line is None or (
            line.level == 0 and not line.continues and not _CLAUSE.match(line.text)
        )
        if begins and statement:
            source = "\n".join(one.source for one in statement)
            sure = all(abs(one.off) <= _FURTHEST_OFF for one in statement)
            if sure and _is_whole(source):
                runs[-1].append(source)
            elif not all(one.text.startswith("#") for one in statement):
                runs.append([])
            statement = []
        if line is not None:
            statement.append(line)
    found = []
    for number, run in enumerate(runs):
        source = "\n".join(run) + "\n"
        if run and _is_telling(source, from_code):
            last = number == len(runs) - 1
            found.append((source, _output(source, below) if last else ""))
    return found


def _is_whole(source: str) -> bool:
    """It parses, and is more than a word or a value."""
    tree = _parsed(source)
    if tree is None or re.sub(r"#.*", "", source).rstrip().endswith(","):
        return False
    return all(_is_code(node) for node in ast.walk(tree) if isinstance(node, ast.stmt))


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


def _is_code(statement: ast.stmt) -> bool:
    """Not what plain words and printed values parse as."""
    if isinstance(statement, ast.Expr):
        value = statement.value
        docstring = isinstance(value, ast.Constant) and isinstance(value.value, str)
        return docstring or isinstance(value, (ast.Call, ast.Await, ast.Yield))
    return not isinstance(statement, ast.AnnAssign)


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
    if len(lines) > _LONGEST_OUTPUT:
        return ""  # cut off, or no output but the text below the cell
    kept = [_OUT.sub("", line).strip() for line in lines]
    if any(len(_WORD.findall(line)) >= _PROSE_WORDS for line in kept):
        return ""
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
        tree = _parsed(source)
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

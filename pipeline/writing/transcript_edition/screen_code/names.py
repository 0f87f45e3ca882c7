"""Names in code that were misread: held against the names that the code defines and Python knows.

A name that nothing defines, and that differs by one letter (or only in letters that look alike)
from one that is defined, is that one. A call of what is known to be a list or a dictionary is a
subscript.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.transcript.phonetics import distance
from pipeline.writing.transcript_edition.screen_code.alike import look

_LEAST = 6  # letters: shorter names are too near to each other
_NAME = re.compile(r"(?<![\w\"'])[A-Za-z_]\w*")
# Keyword arguments and their values that lectures use, by what takes them.
_ARGUMENTS = (
    "reverse key default start end sep file flush encoding errors mode newline maxsplit keepends"
    " strict indent sort_keys axis dim dtype shape size device index columns inplace figsize"
    " label title color alpha bins kind"
)
_VALUES = ("replace", "strict", "ignore", "backslashreplace", "utf-8", "utf-16", "utf-32", "ascii")
_SAME_SHAPE = "cijklopsuvwxz"  # capital or small
_ZERO = ("e", "o", "O")  # what a nought, with a stroke or without, is read as
_MUTABLE = (ast.Dict, ast.DictComp, ast.List, ast.ListComp)


@cache
def _known_arguments() -> frozenset[str]:
    return frozenset(_ARGUMENTS.split())


def put_right(sources: Sequence[str]) -> list[str]:
    """The pieces of a lecture's code, in order, with misread names as they are defined."""
    trees = [_tree(source) for source in sources]
    known = _Known.of([tree for tree in trees if tree])
    return [
        _put_right(source, tree, known) if tree else source
        for source, tree in zip(sources, trees, strict=True)
    ]


@dataclass(frozen=True)
class _Known:
    """The names of a lecture's code.

    ``misread`` are those that have to be others; ``tables`` are only ever lists or dictionaries.
    """

    defined: frozenset[str]
    misread: Mapping[str, str]
    tables: frozenset[str]

    @classmethod
    def of(cls, trees: Sequence[ast.Module]) -> _Known:
        defined = Counter(name for tree in trees for name in defined_names(tree))
        read = Counter(name for tree in trees for name in read_names(tree))
        misread: dict[str, str] = {}
        for name in read:
            if name in defined or hasattr(builtins, name) or keyword.iskeyword(name):
                continue
            other = _meant(name, frozenset(defined))
            # Where a name is read again and again, its definition is what was misread.
            if other and read[name] > defined[other] + read[other]:
                misread[other] = name
            elif other:
                misread[name] = other
        tables = frozenset(name for tree in trees for name in _tables(tree))
        return cls(frozenset(defined), misread, tables)


def _put_right(source: str, tree: ast.Module, known: _Known) -> str:
    edits: list[tuple[int, int, int, str]] = []  # line, column, length, text
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and (other := known.misread.get(node.id)):
            edits.append((node.lineno, node.col_offset, len(node.id), other))
        elif isinstance(node, ast.keyword) and node.arg and node.arg not in known.defined:
            if other := _nearest(node.arg, _known_arguments()):
                edits.append((node.lineno, node.col_offset, len(node.arg), other))
            edits += _value_edits(node)
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Name):
            index = node.slice
            if index.id in _ZERO and index.id not in known.defined:
                edits.append((index.lineno, index.col_offset, 1, "0"))
        if isinstance(node, ast.Call):
            edits += _subscript_edits(node, known.tables, source)
    lines = source.split("\n")
    for line, column, length, text in sorted(set(edits), reverse=True):
        # Offsets are in bytes of UTF-8.
        raw = lines[line - 1].encode()
        lines[line - 1] = (raw[:column] + text.encode() + raw[column + length :]).decode()
    changed = "\n".join(lines)
    return changed if _tree(changed) else source


def _meant(name: str, defined: frozenset[str]) -> str | None:
    """The one name that ``name``, which nothing defines, has to be; None when there is none."""
    alike = [one for one in defined if look(one) == look(name) and len(one) == len(name)]
    alike = [one for one in alike if not _is_another(one, name)]
    if len(alike) == 1:
        return alike[0]
    builtin = frozenset(one for one in dir(builtins) if one.islower())
    return _nearest(name, builtin) or _nearest(name, defined)


def _nearest(name: str, known: frozenset[str]) -> str | None:
    """The one name of ``known`` that is a letter away."""
    if len(name) < _LEAST or name in known:
        return None
    near = {one for one in known if abs(len(one) - len(name)) <= 1 and len(one) >= _LEAST}
    # Names in pairs (row and rows, test1 and test2) are no misreadings of each other.
    near = {one for one in near if distance(one, name) == 1 and not _in_series(one, name)}
    near = {one for one in near if not _is_another(one, name)}
    return near.pop() if len(near) == 1 else None


def _is_another(one: str, other: str) -> bool:
    """Whether the two differ in what is never misread: an underscore around them, or a capital
    letter that has another shape than the small one."""
    if one.strip("_") == other.strip("_"):
        return one != other
    return len(one) == len(other) and any(
        a != b and a.lower() == b.lower() and a.lower() not in _SAME_SHAPE
        for a, b in zip(one, other, strict=True)
    )


def _in_series(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    differ = set(one) ^ set(other)
    return long == short + long[-1] or any(letter.isdigit() for letter in differ)


def _value_edits(argument: ast.keyword) -> list[tuple[int, int, int, str]]:
    value = argument.value
    if argument.arg not in ("errors", "encoding") or not isinstance(value, ast.Constant):
        return []
    if not isinstance(value.value, str) or not value.value.isascii():
        return []
    other = _nearest(value.value, frozenset(_VALUES))
    return [(value.lineno, value.col_offset + 1, len(value.value), other)] if other else []


def _subscript_edits(
    call: ast.Call, tables: frozenset[str], source: str
) -> list[tuple[int, int, int, str]]:
    """``stoi(c)`` where ``stoi`` is a dictionary."""
    simple = (
        isinstance(call.func, ast.Name)
        and call.func.id in tables
        and len(call.args) == 1
        and not call.keywords
    )
    if not simple or call.end_lineno != call.lineno or call.func.end_col_offset is None:
        return []
    raw = source.split("\n")[call.lineno - 1].encode()
    opening, closing = call.func.end_col_offset, (call.end_col_offset or 0) - 1
    if raw[opening : opening + 1] != b"(" or raw[closing : closing + 1] != b")":
        return []
    return [(call.lineno, opening, 1, "["), (call.lineno, closing, 1, "]")]


def _tables(tree: ast.Module) -> set[str]:
    """Names that are only ever bound to lists and dictionaries."""
    bound: dict[str, bool] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    table = isinstance(node.value, _MUTABLE)
                    bound[target.id] = bound.get(target.id, True) and table
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            bound[node.name] = False
        elif isinstance(node, ast.arg):
            bound[node.arg] = False
    return {name for name, table in bound.items() if table}


def defined_names(tree: ast.Module) -> list[str]:
    """What the code defines, imports, assigns and takes as arguments, as often as it does."""
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.append(node.name)
        elif isinstance(node, ast.arg):
            names.append(node.arg)
        elif isinstance(node, ast.alias):
            names.append((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.append(node.id)
    return names


def read_names(tree: ast.Module) -> list[str]:
    """The names that the code reads, as often as it does."""
    return [
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    ]


def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None

"""Asking the functions of a chapter, each question in a process that no cell ran in.

A cell can change the program that runs it, and with it what later functions seem to answer. So an
oracle's question goes to a fresh process that is given the definitions which the question needs,
as they stand in the chapter, and the data that they use, as it is in the chapter's process now.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.cells.interpreter import Interpreter
from pipeline.cells.sandbox.session import SandboxSession
from pipeline.errors import SandboxError

_DATA_S = 5.0  # as a question of an oracle has
_DATA = frozenset({"int", "float", "bool", "str", "bytes", "list", "dict", "tuple", "set"})
_Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class FreshCaller:
    """Calls functions of a chapter in copies of a process that no cell ran in.

    What cannot be told apart from the chapter is asked in its own process; then ``doubtful`` is
    set, because cells can have changed what that process answers.

    Args:
        chapter: the chapter's own process.
        start: starts a session without cells.
    """

    def __init__(self, chapter: Interpreter, start: Callable[[], SandboxSession]) -> None:
        self._chapter = chapter
        self._start = start
        self._blank: SandboxSession | None = None
        self.doubtful = False

    def call(self, function: str, inputs: str, seconds: float) -> bytes | None:
        """What the function gives for each input, unread; None when it took too long or died."""
        names = self._chapter.names
        part = part_for(function, self._chapter.sources, names)
        if part is not None:
            if not part.source:  # it is about data only
                return self._chapter.call(function, inputs, seconds)
            answer = self._ask(part, function, inputs, seconds)
            if answer != b"":
                return answer
        self.doubtful = True
        return self._chapter.call(function, inputs, seconds)

    def close(self) -> None:
        """End the process. May be called twice."""
        if self._blank:
            self._blank.close()
            self._blank = None

    def _ask(self, part: FunctionPart, function: str, inputs: str, seconds: float) -> bytes | None:
        """As ``call``; empty when the part does not stand alone."""
        data = self._values(part.data)
        if data is None:
            return b""
        if self._blank is None or not self._blank.alive:
            self.close()
            try:
                self._blank = self._start()
            except SandboxError:
                return b""
        return self._blank.call(function, inputs, seconds, part.source, data)

    def _values(self, names: Sequence[str]) -> Mapping[str, str] | None:
        """The values of data, as they come out of the sandbox, unread; None where one does not."""
        values: dict[str, str] = {}
        for name in names:
            value = self._chapter.call(f"lambda: {name}", "[()]", _DATA_S)
            if value is None:
                return None
            values[name] = value.decode("ascii", "replace")
        return values


@dataclass(frozen=True)
class FunctionPart:
    """A part of a chapter.

    Args:
        source: the definitions, in their order.
        data: the names of the globals that they use, whose values are plain data.
    """

    source: str
    data: tuple[str, ...]


@dataclass
class _Name:
    """How a name gets its value: the last statement that is all of it, and if others do too."""

    place: int = -1
    whole: ast.stmt | None = None
    also: bool = False


@dataclass
class _Chapter:
    """The statements of all cells, and what they do to names."""

    statements: list[ast.stmt] = field(default_factory=list)
    names: dict[str, _Name] = field(default_factory=dict)
    always: set[int] = field(default_factory=set)

    def add(self, statement: ast.stmt) -> None:
        place = len(self.statements)
        self.statements.append(statement)
        if isinstance(statement, ast.ImportFrom) and (
            statement.module == "__future__" or statement.names[0].name == "*"
        ):
            self.always.add(place)
            return
        bound = _bound_by(statement)
        for name in bound:
            before = self.names.get(name)
            redefined = isinstance(statement, (*_Definition, ast.Import, ast.ImportFrom))
            self.names[name] = _Name(place, statement, bool(before) and not redefined)
        if not bound:
            for name in _touched_by(statement):
                self.names.setdefault(name, _Name()).also = True


def part_for(question: str, cells: Iterable[str], types: Mapping[str, str]) -> FunctionPart | None:
    """The part of a chapter that a question needs; None when it cannot be told apart.

    Args:
        question: an expression over the chapter's names.
        cells: the sources of the cells that ran, in order.
        types: the public names there are now, each with the name of its type.

    >>> part_for("f(1)", ["x = [1]", "def g(): pass", "def f(n): return x[n]"], {"x": "list"})
    FunctionPart(source='def f(n):\\n    return x[n]', data=('x',))
    """
    chapter = _Chapter()
    try:
        for cell in cells:
            for statement in ast.parse(cell).body:
                chapter.add(statement)
        pending = list(_used_by(ast.parse(question, mode="eval")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    places, data, seen = set(chapter.always), set(), set(pending)
    while pending:
        name = pending.pop()
        if types.get(name) in _DATA:
            data.add(name)
            continue
        known = chapter.names.get(name)
        if known is None:
            continue  # a built-in name, or none
        if known.whole is None or known.also:
            return None
        places.add(known.place)
        new = set(_used_by(known.whole)) - seen
        seen |= new
        pending += new
    source = "\n".join(ast.unparse(chapter.statements[place]) for place in sorted(places))
    return FunctionPart(source, tuple(sorted(data)))


def _bound_by(statement: ast.stmt) -> Sequence[str]:
    """The names that a statement alone gives their values; none where it is not that simple."""
    if isinstance(statement, _Definition):
        return [statement.name]
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return [(alias.asname or alias.name).split(".")[0] for alias in statement.names]
    if isinstance(statement, ast.AnnAssign) and statement.value:
        targets: list[ast.expr] = [statement.target]
    elif isinstance(statement, ast.Assign):
        targets = statement.targets
    else:
        return []
    if all(isinstance(target, ast.Name) for target in targets):
        return [target.id for target in targets if isinstance(target, ast.Name)]
    return []


def _touched_by(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement binds or changes somehow: in a loop, by an item, an attribute."""
    for node in ast.walk(statement):
        if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            base: ast.expr = node
            while isinstance(base, (ast.Attribute, ast.Subscript)):
                base = base.value
            if isinstance(base, ast.Name):
                yield base.id
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, _Definition):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).split(".")[0]


def _used_by(tree: ast.AST) -> Iterator[str]:
    """Every name that is read anywhere in a tree, its own parameters among them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id

"""Values in the session that are not the lecture's: a later cell gives the name a new one, and that
cell could not run; or the text that a cell sets is not whole on any screen.

What is computed from such a value is right code on other data: its output is not the lecture's.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from pipeline.cells.program import names_defined_by, statements

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass
class StaleValues:
    """Which names of the session hold another value than in the lecture, and the cell that is why.

    Followed are the names of the session, through the functions that read them; not what functions
    change.
    """

    _held: set[str] = field(default_factory=set)
    _reads: dict[str, frozenset[str]] = field(default_factory=dict)
    _stale: dict[str, int] = field(default_factory=dict)

    def used_by(self, source: str) -> tuple[str, int] | None:
        """The first stale name that running ``source`` reads, and the cell that should have set
        it; None when there is none, or ``source`` does not parse."""
        later = StaleValues(set(self._held), dict(self._reads), dict(self._stale))
        return later.ran(source)

    def ran(self, source: str) -> tuple[str, int] | None:
        """A cell ran: what it sets is as in the lecture, unless it was made of what is not. The
        first stale name that it read is returned as by ``used_by``."""
        first = None
        for one in statements(source):
            if isinstance(one, _Function):
                self._reads[one.name] = _reads_of(one)
                self._stale.pop(one.name, None)
                continue
            used = self._reached(_loaded(one))
            first = first or used
            for name in names_defined_by([one]):
                self._held.add(name)
                self._reads.pop(name, None)
                self._stale.pop(name, None)
            if used:
                self._stale |= dict.fromkeys(_changed(one), used[1])
        return first

    def ran_on_part(self, source: str, index: int) -> None:
        """Cell ``index`` ran, and a text in it is but a part of the lecture's."""
        self.ran(source)
        for one in statements(source):
            if not isinstance(one, _Function):
                self._stale |= dict.fromkeys(_changed(one), index)

    def left_out(self, source: str, index: int) -> None:
        """Cell ``index`` did not run: what it would have set anew is from before. Functions, which
        are often shown in part, are not meant."""
        for one in statements(source):
            if not isinstance(one, _Function):
                names = names_defined_by([one]) & self._held
                self._stale |= dict.fromkeys(names, index)

    def _reached(self, names: frozenset[str]) -> tuple[str, int] | None:
        """The first stale one of ``names`` and of what their functions read."""
        seen: set[str] = set()
        pending = sorted(names)
        while pending:
            name = pending.pop(0)
            if name in self._stale:
                return name, self._stale[name]
            seen.add(name)
            pending += sorted(self._reads.get(name, frozenset()) - seen)
        return None


def _reads_of(function: _Function) -> frozenset[str]:
    """The names of the session that a function reads when it is called."""
    stored = (one for one in ast.walk(function) if isinstance(one, ast.Name))
    return _loaded(function) - {one.id for one in stored if not isinstance(one.ctx, ast.Load)}


def _loaded(node: ast.AST) -> frozenset[str]:
    """The names that a statement reads, but for those that it gives their values by itself: of
    loops, comprehensions and parameters."""
    own: set[str] = set()
    read: set[str] = set()
    for one in ast.walk(node):
        if isinstance(one, ast.arg):
            own.add(one.arg)
        elif isinstance(one, (ast.For, ast.AsyncFor, ast.comprehension)):
            own |= {name.id for name in ast.walk(one.target) if isinstance(name, ast.Name)}
        elif isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load):
            read.add(one.id)
    return frozenset(read - own)


def _changed(statement: ast.stmt) -> frozenset[str]:
    """The names that a statement sets, and those whose items, attributes or contents it changes:
    ``merges[pair] = 256``, ``found.append(one)``."""
    changed = set(names_defined_by([statement]))
    for one in ast.walk(statement):
        target: ast.expr | None = None
        if isinstance(one, (ast.Subscript, ast.Attribute)) and isinstance(one.ctx, ast.Store):
            target = one.value
        elif isinstance(one, ast.Expr) and isinstance(one.value, ast.Call):
            method = one.value.func
            target = method.value if isinstance(method, ast.Attribute) else None
        if isinstance(target, ast.Name):
            changed.add(target.id)
    return frozenset(changed)

"""Running the statements of a cell in the chapter's namespace."""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Callable
from typing import Any

from .values import repr_of

_FUTURES = 0x1FE0000  # every flag that a `from __future__ import` sets in compiled code
_COROUTINE = 0x80  # inspect.CO_COROUTINE
_LONGEST = 100_000  # letters of a value that are told; all of it is printed


class Namespace:
    """The names of the chapter.

    Args:
        names: the dictionary that holds them.
        send: is told where the output of a marked statement begins and ends.
    """

    def __init__(self, names: dict[str, Any], send: Callable[[dict[str, Any]], None]) -> None:
        self._names = names
        self._send = send
        self._flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._loop: Any = None

    def execute(self, source: str, name: str, marks: set[int], every: bool) -> str | None:
        """Run a cell; returns the ``repr`` of what its last expression shows.

        A cell with ``await`` outside functions runs in an event loop, as it does in a notebook;
        the loop is the same for all such cells. Others do not, so that they can call
        ``asyncio.run``.
        """
        tree = ast.parse(source, name)
        run = self._statements(tree, name, marks, every)
        flags = compile(tree, name, "exec", self._flags, dont_inherit=True).co_flags
        if flags & _COROUTINE:
            if self._loop is None:
                import asyncio  # few chapters need it, and it is slow to load

                self._loop = asyncio.new_event_loop()
            return self._loop.run_until_complete(run)  # type: ignore[no-any-return]
        try:
            run.send(None)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        raise RuntimeError("a cell without await waits")

    async def _statements(
        self, tree: ast.Module, name: str, marks: set[int], every: bool
    ) -> str | None:
        shown: str | None = None
        pending: list[ast.stmt] = []
        for index, node in enumerate(tree.body):
            is_last = index == len(tree.body) - 1
            shows = isinstance(node, ast.Expr) and (is_last or every)
            if not (shows or index in marks):
                pending.append(node)
                continue
            await self._run(pending, name)
            pending = []
            if index in marks:
                self._send({"event": "begin", "statement": index})
            value = await self._run_one(node, name)
            if shows:
                shown = _show(value)
            if index in marks:
                text = None if value is None else repr_of(value)
                self._send({"event": "end", "statement": index, "value": text})
        await self._run(pending, name)
        return shown

    async def _run(self, nodes: list[ast.stmt], name: str) -> None:
        if nodes:
            await self._evaluate(ast.Module(body=nodes, type_ignores=[]), name, "exec")

    async def _run_one(self, node: ast.stmt, name: str) -> Any:
        if not isinstance(node, ast.Expr):
            await self._run([node], name)
            return None
        return await self._evaluate(ast.Expression(body=node.value), name, "eval")

    async def _evaluate(self, tree: ast.Module | ast.Expression, name: str, mode: str) -> Any:
        """Run compiled code; a ``from __future__ import`` holds for the later cells too."""
        code: types.CodeType = compile(tree, name, mode, self._flags, dont_inherit=True)
        self._flags |= code.co_flags & _FUTURES
        value = eval(code, self._names)
        return await value if code.co_flags & _COROUTINE else value


def _show(value: object) -> str | None:
    """Print a value as the interactive interpreter does; None is not shown."""
    if value is None:
        return None
    text = repr(value)
    sys.stdout.write(text + "\n")
    return text[:_LONGEST]

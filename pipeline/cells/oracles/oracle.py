"""Oracles: trusted implementations that the functions of a chapter are held against.

An oracle looks at what a cell just defined and says, for what it knows, whether it does the same as
the trusted one. The chapter's functions are called in the sandbox; only plain data comes back, and
the comparison is made outside, in the judge's process: an oracle may raise anything, or never end.
Another field adds its own oracles with ``check.oracles``.
"""

from __future__ import annotations

import importlib
import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pipeline.cells.oracles.answers import CallResult
from pipeline.cells.oracles.findings import (
    OracleFinding as OracleFinding,  # oracles of other fields take it from here
)
from pipeline.errors import ConfigError

_SECONDS = 5.0  # for small inputs: code that needs longer cannot be held against anything
_SIGNATURE = (
    "lambda: [(p.name, p.default is not p.empty) for p in "
    "__import__('inspect').signature({name}).parameters.values()]"
)


class Caller(Protocol):
    """What can call a function of the chapter."""

    def call(
        self, function: str, inputs: list[tuple[Any, ...]], seconds: float
    ) -> CallResult | None:
        """What the function gives for each input; None when it took too long or died.

        Raises:
            ValueError: what it gives cannot be read.
        """


@dataclass(frozen=True)
class Scope:
    """The namespace after a cell.

    Args:
        defined: the names that the cell defined.
        names: all public names, each with the name of its type.
        caller: calls functions of the namespace.
        ranks: published vocabulary files on this machine, by their file names.
    """

    defined: frozenset[str]
    names: Mapping[str, str]
    caller: Caller
    ranks: Mapping[str, Path]

    def call(self, function: str, inputs: Sequence[tuple[Any, ...]]) -> CallResult | None:
        """What ``function``, an expression, gives for each input."""
        return self.caller.call(function, list(inputs), _SECONDS)

    def value(self, expression: str) -> Any:
        """The value of an expression, as literals; None when it has none."""
        answer = self.call(f"lambda: {expression}", [()])
        if answer is None or not answer.results or answer.results[0][0] != "value":
            return None
        return answer.results[0][1]

    def is_own(self, name: str) -> bool:
        """Whether a function or class is the chapter's, not imported."""
        return bool(self.value(f"{name}.__module__") == "__main__")

    def parameters(self, name: str) -> list[tuple[str, bool]] | None:
        """The parameters of a function, each with whether it may be left out; None: unknown."""
        answer = self.call(_SIGNATURE.format(name=name), [()])
        if answer is None or answer.results[0][0] != "value":
            return None
        return [(str(one), bool(other)) for one, other in answer.results[0][1]]

    def callable_with(self, name: str, count: int) -> str | None:
        """An expression for ``name`` as a function of ``count`` arguments.

        Further parameters that cannot be left out are given the global of the same name, as in
        ``encode(text, merges)``. None when that is not possible.
        """
        parameters = self.parameters(name)
        if parameters is None or len(parameters) < count:
            return None
        more = [one for one, optional in parameters[count:] if not optional]
        if any(one not in self.names for one in more):
            return None
        own = ", ".join(f"x{number}" for number in range(count))
        return f"lambda {own}: {name}({', '.join([own, *(f'{one}={one}' for one in more)])})"


class Oracle(Protocol):
    """Knows the truth about some functions, or about some claims in prose."""

    def examine(self, scope: Scope) -> Iterable[OracleFinding]:
        """What it finds about the names a cell defined; nothing when it knows none of them."""

    def read(
        self, prose: str, codes: Sequence[str], ranks: Mapping[str, Path]
    ) -> Iterable[OracleFinding]:
        """What it finds about the claims in a text; nothing when there are none it knows.

        Args:
            prose: the words of the text, an empty line between paragraphs; only code has marks,
                which are backticks around it.
            codes: the sources of its cells and listings.
            ranks: as in ``Scope``.
        """


def hold(
    name: str,
    answer: CallResult | None,
    inputs: Sequence[tuple[Any, ...]],
    expected: Sequence[Any],
    against: str,
    same: Callable[[Any, Any], object] = operator.eq,
) -> OracleFinding:
    """Compare what a function gave with what it should have.

    The detail of a failure names the shortest input for which they differ.
    """
    if answer is None or len(answer.results) != len(inputs):
        return OracleFinding(name, "skipped", f"took longer than {_SECONDS:g} s to answer")
    wrong = []
    for arguments, (kind, value), right in zip(inputs, answer.results, expected, strict=True):
        if kind == "error" or not same(value, right):
            wrong.append((len(repr(arguments)), arguments, kind, value, right))
    if not wrong:
        return OracleFinding(name, "passed", f"agrees with {against} on {len(inputs)} inputs")
    _, arguments, kind, value, right = min(wrong, key=lambda item: item[0])
    call = f"{name}({', '.join(map(short, arguments))})"
    gives = f"raises {value}" if kind == "error" else f"gives {short(value)}"
    return OracleFinding(
        name,
        "failed",
        f"{call} {gives}, {against} gives {short(right)} "
        f"({len(wrong)} of {len(inputs)} inputs differ)",
    )


def short(value: object) -> str:
    """``repr`` of a value, cut to a readable length."""
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."


_BUILT_IN = {"minbpe": "pipeline.cells.oracles.bpe:ORACLES"}


def load_oracles(names: Sequence[str]) -> tuple[Oracle, ...]:
    """The oracles of ``check.oracles``.

    Args:
        names: ``minbpe``, or ``module:name`` of an oracle, or of a tuple of them, to import.

    Raises:
        ConfigError: a name is neither.
    """
    found: list[Oracle] = []
    problems = []
    for name in names:
        try:
            module, _, attribute = _BUILT_IN.get(name, name).partition(":")
            loaded = getattr(importlib.import_module(module), attribute)
        except (ImportError, AttributeError, ValueError) as error:
            problems.append(f"check.oracles: {name!r} cannot be imported: {error}")
            continue
        found += loaded if isinstance(loaded, tuple) else (loaded,)
    if problems:
        raise ConfigError(problems)
    return tuple(found)

"""An oracle as another field would add it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from pipeline.cells.oracles.oracle import OracleFinding, Scope


class _AnswerOracle:
    def examine(self, scope: Scope) -> Iterable[OracleFinding]:
        if "answer" in scope.defined:
            value = scope.value("answer")
            yield OracleFinding(
                "answer", "passed" if value == 42 else "failed", f"answer is {value}"
            )

    def read(
        self, prose: str, codes: Sequence[str], ranks: Mapping[str, Path]
    ) -> Iterable[OracleFinding]:
        return ()


AnswerOracle = _AnswerOracle()


class RaisingOracle(_AnswerOracle):
    """One that has a mistake."""

    def examine(self, scope: Scope) -> Iterable[OracleFinding]:
        return [OracleFinding("answer", "failed", str(1 // (len(scope.defined) - 1)))]


class EndlessOracle(_AnswerOracle):
    """One that never comes to an end."""

    def examine(self, scope: Scope) -> Iterable[OracleFinding]:
        while True:
            pass


class HungryOracle(_AnswerOracle):
    """One that needs more and more memory."""

    def examine(self, scope: Scope) -> Iterable[OracleFinding]:
        taken = [bytearray(1 << 20)]
        while True:
            taken += [bytearray(64 << 20)]


Raising, Endless, Hungry = RaisingOracle(), EndlessOracle(), HungryOracle()

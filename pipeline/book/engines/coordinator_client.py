"""The book's coordinator as a step sees it from another process: each call is a message."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from pipeline.llm.spending.account import Verdict
from pipeline.llm.spending.limits import Amount, Hold


class CoordinatorClient(ABC):
    """An ``Office`` over any way to the coordinator: an engine says how a question travels."""

    @abstractmethod
    def _ask(self, name: str, *arguments: object) -> Any:
        """What the coordinator's method ``name`` answers."""

    @abstractmethod
    def tell(self, number: int, step: str, kind: str, text: str, done: float, total: float) -> None:
        """See ``Office``; nothing is waited for."""

    def reserve(self, holder: str, hold: Hold) -> Verdict:
        """See ``Account``."""
        verdict: Verdict = self._ask("reserve", holder, hold)
        return verdict

    def settle(self, holder: str, hold: Hold, paid: Amount) -> None:
        """See ``Account``."""
        self._ask("settle", holder, hold, paid)

    def admit(self, tokens: int) -> float:
        """See ``Account``."""
        return float(self._ask("admit", tokens))

    def pause(self, seconds: float) -> None:
        """See ``Account``."""
        self._ask("pause", seconds)

    def release(self, holder: str) -> None:
        """See ``Office``."""
        self._ask("release", holder)

"""Whether one more call fits under a limit, whatever the server makes of the calls under way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Amount(NamedTuple):
    """Tokens sent and received together, and their cost in the currency of the prices."""

    tokens: int = 0
    cost: float = 0.0

    def plus(self, other: Amount) -> Amount:
        """Both together."""
        return Amount(self.tokens + other.tokens, self.cost + other.cost)

    def minus(self, other: Amount) -> Amount:
        """The difference."""
        return Amount(self.tokens - other.tokens, self.cost - other.cost)


class Hold(NamedTuple):
    """What is set aside for one call: ``worst`` if the server keeps to the length limit it is
    given, ``most`` if it does not (the longest reply of which the model is capable)."""

    worst: Amount
    most: Amount


class Elsewhere(NamedTuple):
    """What all others spend on a lecture, now or in earlier runs: ``spent``, of which ``unknown``
    is the most that calls without an account can have cost, and what is under way (``holds``)."""

    spent: Amount = Amount()
    unknown: Amount = Amount()
    holds: tuple[Hold, ...] = ()


def fits(limit: tuple[int | None, float | None], spent: Amount, holds: Sequence[Hold]) -> bool:
    """Whether the calls in ``holds`` can all be under way at once.

    Their worst cases fit, and so does what all but one of them may take beyond it: a server that
    ignores its length limits in every call at once passes the limit by one call's excess at most.
    Near a limit, calls therefore go one at a time.

    Args:
        limit: tokens and cost, None for no limit.
        spent: what was paid before.

    >>> call = Hold(Amount(10, 0.0), Amount(50, 0.0))
    >>> [fits((100, None), Amount(20, 0.0), [call] * n) for n in (1, 2, 3)]
    [True, True, False]
    """
    return all(
        most is None or _within(most, used, [(h.worst[n], h.most[n]) for h in holds])
        for n, (most, used) in enumerate(zip(limit, spent, strict=True))
    )


def _within(limit: float, spent: float, holds: Sequence[tuple[float, float]]) -> bool:
    excess = [max(0.0, most - worst) for worst, most in holds]
    return spent + sum(w for w, _ in holds) + sum(excess) - max(excess, default=0.0) <= limit

"""What is raised when several calls at once have failed."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.errors import BudgetError, LLMError


def raise_failures(results: Iterable[object]) -> None:
    """Raise what went wrong among the results of ``gather``, if anything did.

    A fault of the program first, then a limit, then the first call's trouble, which names the
    others.
    """
    failures = [result for result in results if isinstance(result, BaseException)]
    for failure in failures:
        if not isinstance(failure, LLMError):
            raise failure
    for failure in failures:
        if isinstance(failure, BudgetError):
            raise failure
    troubles = {str(failure): failure for failure in failures if isinstance(failure, LLMError)}
    if len(troubles) == 1:
        raise next(iter(troubles.values()))
    if troubles:
        first, *others = troubles.values()
        more = "; ".join(failure.message for failure in others[:4])
        kind = type(first)
        raise kind(f"{first.message}; and: {more}", first.hint) from first

"""What a misspelt name was meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

# difflib's own default; `max_hight` and `max_height` have 0.95, `rn` and `run` 0.8.
_LIKE = 0.6


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`` (did you mean segment.min_s?)``, or nothing where no known name is like it.

    >>> did_you_mean("rnu", ["run", "stage"])
    ' (did you mean run?)'
    >>> did_you_mean("rnu", ["stage"])
    ''
    """
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=_LIKE)
    return f" (did you mean {found[0]}?)" if found else ""

"""Names of the places in a page, each given once."""

from __future__ import annotations

import re

# What the page's own parts are called (see the templates).
_TAKEN = ("top", "text", "contents", "player", "strings")


class Anchors:
    """Hands out the names of one page."""

    def __init__(self) -> None:
        self._last: dict[str, int] = dict.fromkeys(_TAKEN, 1)

    def take(self, wanted: str) -> str:
        """``wanted``, or with the first number from 2 on that makes it new.

        >>> anchors = Anchors()
        >>> anchors.take("s0012"), anchors.take("s0012"), anchors.take("text")
        ('s0012', 's0012-2', 'text-2')
        """
        anchor, number = wanted, self._last.get(wanted, 1)
        while anchor in self._last:
            number += 1
            anchor = f"{wanted}-{number}"
        self._last[wanted] = number
        self._last.setdefault(anchor, 1)
        return anchor


def slug(text: str) -> str:
    """A name made of a title: its letters and digits in lower case, joined by hyphens.

    >>> slug("What is `BPE`? 字节对")
    'what-is-bpe-字节对'
    """
    return re.sub(r"[\W_]+", "-", text.lower()).strip("-")[:60] or "part"

"""Which entries of a playlist or folder belong to the book."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.errors import UsageError

_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")


@dataclass(frozen=True)
class Filters:
    """``limit``: the first so many; ``match``: a regular expression that the title holds (case does
    not count); ``after`` and ``before``: days of publication, YYYY-MM-DD, both included."""

    limit: int | None = None
    match: str | None = None
    after: str | None = None
    before: str | None = None

    @property
    def by_date(self) -> bool:
        """Whether days matter."""
        return bool(self.after or self.before)

    def takes_title(self, title: str) -> bool:
        """Whether the title matches."""
        return self.match is None or re.search(self.match, title, re.IGNORECASE) is not None

    def refuse_date(self, day: str | None) -> str | None:
        """Why an entry of this day (None: unknown) is left out; None when it is not."""
        if day is None or not self.by_date:
            return None
        if self.after and day < self.after:
            return f"published {day}, before {self.after}"
        if self.before and day > self.before:
            return f"published {day}, after {self.before}"
        return None


def filters(limit: int | None, match: str | None, after: str | None, before: str | None) -> Filters:
    """The filters as typed.

    Raises:
        UsageError: a date is not one, the expression is not one, the limit is not positive.
    """
    if limit is not None and limit < 1:
        raise UsageError(f"--limit {limit}: at least 1")
    try:
        re.compile(match or "")
    except re.error as error:
        raise UsageError(f"--match {match!r} is not a regular expression: {error}") from error
    return Filters(limit, match, _day("--after", after), _day("--before", before))


def _day(option: str, text: str | None) -> str | None:
    if text is None:
        return None
    if not (match := _DATE.fullmatch(text.strip())):
        raise UsageError(f"{option} {text!r} is not a date", "write it as 2024-09-30")
    return "-".join(match.groups())

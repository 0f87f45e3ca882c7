"""No regular expression of the product can be made to take quadratic time."""

from __future__ import annotations

import re

import pytest

from tests.fuzz.patterns import Used, hard_texts, product_patterns, seconds

_SHORT, _LONG = 600, 12_000
# Twenty times the text may take twenty times as long, and four times more on a bad day; a quadratic
# pattern takes 400 times as long. Below this time nothing can be told, nor does it matter.
_MOST_TIMES = 80
_TELLING_S = 0.005
_HOPELESS_S = 0.25


def is_slow(used: Used, short: str, long: str) -> bool:
    """Whether the longer text takes out of all proportion longer, again and again."""
    if seconds(used, short) > _HOPELESS_S:
        return True
    for _ in range(3):
        took = seconds(used, long)
        if took < _TELLING_S or took < _MOST_TIMES * max(seconds(used, short), 1e-5):
            return False
    return True


@pytest.mark.parametrize("used", product_patterns(), ids=lambda used: used.place)
def test_a_pattern_takes_time_in_proportion_to_the_text(used: Used) -> None:
    pairs = zip(hard_texts(used.pattern, _SHORT), hard_texts(used.pattern, _LONG), strict=True)
    assert not next((short[:60] for short, long in pairs if is_slow(used, short, long)), None)


def test_a_slow_pattern_is_found() -> None:
    slow = Used("here", re.compile(r"!\[[^\]]*\]\(frame:"), frozenset({"search"}))
    pairs = zip(hard_texts(slow.pattern, _SHORT), hard_texts(slow.pattern, _LONG), strict=True)
    assert any(is_slow(slow, short, long) for short, long in pairs)

"""Whether two readings are of the same line: OCR takes letters for others that look like them."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

# Letters that look alike in the fonts of editors; spaces and underscores get lost.
_LOOKS = str.maketrans(
    {
        **dict.fromkeys("lI|!i", "1"),
        **dict.fromkeys("Oo", "0"),
        **dict.fromkeys("[{", "("),
        **dict.fromkeys("]}", ")"),
        **dict.fromkeys('“”‘’`"', "'"),
        **dict.fromkeys(";:", ","),
        **dict.fromkeys("–—−", "-"),
        ".": ",",
        "_": "",
    }
)
_NEAR = 0.8
_LEAST_PREFIX = 4


@lru_cache(maxsize=1 << 16)
def look(text: str) -> str:
    """What readings of one line have in common, whatever was taken for what.

    >>> look("stoi(c) for l") == look("stoi[c] for I")
    True
    """
    return re.sub(r"\s+", "", text).translate(_LOOKS).lower()


@lru_cache(maxsize=1 << 17)
def likeness(one: str, other: str) -> float:
    """1.0 for two looks of the same line, down to 0 for others.

    A line that was begun in one and finished in the other counts 0.5.
    """
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) >= _LEAST_PREFIX and long.startswith(short):
        return 0.5
    if len(short) < _LEAST_PREFIX or len(short) < 0.6 * len(long):
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _NEAR or matcher.quick_ratio() < _NEAR:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= _NEAR else 0.0

"""Words put together to a text, with the space that their script has between words."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from pipeline.text.scripts import UNSPACED

_GAP = regex.compile(f"(?<={UNSPACED}) (?={UNSPACED})")


def joined(words: Iterable[str]) -> str:
    """``words`` with spaces between them, save in scripts that have none.

    >>> joined(["two", "words"]), joined(["你", "好"]), joined(["用", "BPE"])
    ('two words', '你好', '用 BPE')
    """
    return _GAP.sub("", " ".join(words))

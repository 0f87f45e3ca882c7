"""Characters that no reader sees: shown in code and output, taken out of prose.

Among them are those that make code look like other code by turning the direction of text (Trojan
Source, CVE-2021-42574), and those that hide whole messages. What scripts and emoji are written with
stays: joiners, variation selectors, marks of direction that turn nothing, the tags of flags.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_HALVES = re.compile("[\ud800-\udfff]")
_TAGS = "\U000e0020-\U000e007f"
# In this order: the flags that are made of tags, which stay; control characters but tab and line
# feed; what turns the direction; what has no width and joins nothing; letters without a form;
# tags and the variation selectors that no character has. Unicode 15.0, chapters 9 and 23.
_UNSEEN = re.compile(
    f"(?P<flag>\U0001f3f4[{_TAGS}]+)|"
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u202a-\u202e\u2066-\u2069"
    "\u00ad\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"
    "\u115f\u1160\u3164\uffa0"
    "\U000e0000-\U000e001f" + _TAGS + "\U000e0080-\U000e00ff\U000e01f0-\U000e0fff]"
)


def whole(text: str) -> str:
    """``text`` with a sign in place of each half of a surrogate pair.

    >>> whole("a" + chr(0xD800)) == "a" + chr(0xFFFD)
    True
    """
    return _HALVES.sub("\ufffd", text)


def shown(text: str) -> str:
    """``text``, code or output, with what cannot be seen written as Python writes it.

    In a string literal that changes nothing.

    >>> print(shown("a" + chr(0x202E) + "b" + chr(0)))
    a\\u202eb\\x00
    """
    return _replaced(text, _written)


def unhidden(text: str) -> str:
    """``text``, prose, without what cannot be seen.

    >>> unhidden("a" + chr(0x202E) + "b")
    'ab'
    """
    return _replaced(text, lambda character: "")


def _replaced(text: str, write: Callable[[str], str]) -> str:
    return _UNSEEN.sub(lambda found: found["flag"] or write(found[0]), whole(text))


def _written(character: str) -> str:
    code = ord(character)
    return (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"
    )

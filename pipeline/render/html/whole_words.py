"""Names with a hyphen that no line ends within: "UTF-8", "GPT-2", "x-axis".

Browsers break a line behind every hyphen between a letter and a digit (other hyphens are the text's
own: "non-breaking" may be broken). A hyphen that does not break (U+2011) would be another letter
for whoever copies or searches the text, so that a style keeps these together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# A hyphen before a number, or behind a single letter; in all short enough for a phone's line.
NAME = r"[A-Za-z0-9_]{1,12}(?:-[0-9][A-Za-z0-9_.]{0,6}){1,2}|[A-Za-z]-[A-Za-z0-9_]{1,12}"
_NAME = re.compile(rf"(?<![\w&#-])(?:{NAME})(?![\w-])")
_TAG = re.compile(r"<[^<>]*>")
_OF_TAG = re.compile(r"</?([a-z][a-z0-9]*)")
_OPEN, _CLOSE = '<span class="whole">', "</span>"
_WRAPPED = re.compile(rf"{re.escape(_OPEN)}([^<>]*){re.escape(_CLOSE)}")
# Their text is no running text, or may hold no element.
_LEFT = frozenset({"math", "option", "pre", "samp", "script", "style", "svg", "textarea", "title"})


def keep_whole(html: str) -> str:
    """``html`` with an element around each such name in its text.

    >>> keep_whole('<p title="UTF-8">UTF-8, non-English</p>')
    '<p title="UTF-8"><span class="whole">UTF-8</span>, non-English</p>'
    """
    return "".join(
        text if is_tag or is_left else _NAME.sub(rf"{_OPEN}\g<0>{_CLOSE}", text)
        for text, is_tag, is_left in _pieces(html)
    )


def without_whole(html: str) -> str:
    """``html`` as it was before ``keep_whole``."""
    return _WRAPPED.sub(r"\1", html)


def _pieces(html: str) -> Iterator[tuple[str, bool, bool]]:
    """Tags and the texts between them; whether it is a tag, and whether it stands in what is
    left as it is."""
    inside, at = "", 0
    for tag in _TAG.finditer(html):
        yield html[at : tag.start()], False, bool(inside)
        yield tag[0], True, bool(inside)
        name = _OF_TAG.match(tag[0])
        if name and not inside and name[1] in _LEFT and tag[0][1] != "/":
            inside = name[1]
        elif name and inside == name[1] and tag[0][1] == "/":
            inside = ""
        at = tag.end()
    yield html[at:], False, bool(inside)

"""Plain words as Markdown that shows exactly these words."""

from __future__ import annotations

import re

_SPECIAL_TOKEN = re.compile(r"<\|[^|<>\s]{1,40}\|>")
_IDENTIFIER = re.compile(
    r"(?<![\w`.])(?:[A-Za-z_]\w*\.)*(?:\w*[A-Za-z0-9]_\w+|_\w+|\w+(?=\(\)))(?:\(\))?"
)
_SPECIALS = re.compile(r"[\\`*_{}\[\]<>|$&]|~~|\#(?=\s|$)")
# What Markdown knows no backslash for is written as an entity.
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "$": "&#36;", "|": "&#124;", "~~": "&#126;~"}
_BLOCK_START = re.compile(r"^(\s*)([-+:=!#~]|\d{1,9}[.)](?=\s|$))")


def escaped(text: str) -> str:
    r"""``text`` (one line) so that no Markdown or HTML is read into it.

    Special tokens and identifiers become inline code, in which nothing needs escaping.

    >>> escaped("the <|endoftext|> token")
    'the `<|endoftext|>` token'
    >>> escaped("call get_stats on a*b")
    'call `get_stats` on a\\*b'
    """
    pieces: list[str] = []
    position = 0
    for match in _code_spans(text):
        if pieces and match.start() == position:  # two spans that touch are one
            pieces[-1] = f"{pieces[-1][:-1]}{match[0]}`"
        else:
            pieces.append(_plain(text[position : match.start()]))
            pieces.append(f"`{match[0]}`")
        position = match.end()
    pieces.append(_plain(text[position:]))
    return _BLOCK_START.sub(_shielded, "".join(pieces))


def caption(text: str) -> str:
    """``text`` for the square brackets of a figure: escaped, one line, without brackets."""
    line = " ".join(text.split()).replace("[", "(").replace("]", ")")
    return _plain(line)


def _code_spans(text: str) -> list[re.Match[str]]:
    spans = [*_SPECIAL_TOKEN.finditer(text)]
    taken = [(span.start(), span.end()) for span in spans]
    for match in _IDENTIFIER.finditer(text):
        if "`" not in match[0] and all(match.end() <= a or match.start() >= b for a, b in taken):
            spans.append(match)
    return sorted(spans, key=lambda match: match.start())


def _plain(text: str) -> str:
    return _SPECIALS.sub(lambda match: _ENTITIES.get(match[0], "\\" + match[0]), text)


def _shielded(match: re.Match[str]) -> str:
    """The first character of a line, so that it opens no list, heading or definition."""
    mark = match[2]
    if mark[0].isdigit():
        return match[1] + mark[:-1] + "\\" + mark[-1]
    return match[1] + (f"&#{ord(mark)};" if mark in ":=~" else "\\" + mark)

"""Code that is spoken of: special tokens and identifiers within the lecturer's words."""

from __future__ import annotations

import re

from pipeline.document.runs import Run

_SPECIAL_TOKEN = re.compile(r"<\|[^|<>\s]{1,40}\|>")
# https://a.b/c_d, www.a.b/c_d, a_b@c.de: a part of an address is no identifier.
_ADDRESS = re.compile(
    r"(?:\b[a-z]+://|\bwww\.)\S+|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+", re.IGNORECASE
)
_IDENTIFIER = re.compile(
    r"(?<![\w`.])(?:[A-Za-z_]\w*\.)*(?:\w*[A-Za-z0-9]_\w+|_\w+|\w+(?=\(\)))(?:\(\))?"
)


def spoken_runs(text: str) -> tuple[Run, ...]:
    """The words as runs that show exactly these words, special tokens and identifiers as code.

    >>> [(one.kind, one.text) for one in spoken_runs("call get_stats on <|endoftext|>")]
    [('text', 'call '), ('code', 'get_stats'), ('text', ' on '), ('code', '<|endoftext|>')]
    """
    found: list[Run] = []
    position = 0
    for match in _code_spans(text):
        found += [Run("text", text[position : match.start()]), Run("code", match[0])]
        position = match.end()
    found.append(Run("text", text[position:]))
    return tuple(one for one in found if one.text)


def _code_spans(text: str) -> list[re.Match[str]]:
    spans = [*_SPECIAL_TOKEN.finditer(text)]
    taken = [(span.start(), span.end()) for span in [*spans, *_ADDRESS.finditer(text)]]
    for match in _IDENTIFIER.finditer(text):
        if all(match.end() <= start or match.start() >= end for start, end in taken):
            spans.append(match)
    return sorted(spans, key=lambda match: match.start())

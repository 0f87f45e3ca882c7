"""The outputs that people write into code: comments after a print or an expression, doctests."""

from __future__ import annotations

import ast
import doctest
import io
import re
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass

_MARK = re.compile(
    r"^#\s*(?:=>|->|→|⇒|==>|>>>|>(?=\s)|(?:out(?:put)?|prints?|returns?|gives|result)\s*:)\s*",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"^-?\d[\d_]*(?:\.\d+)?(?:[ ,]+-?\d[\d_]*(?:\.\d+)?)*$")


@dataclass(frozen=True)
class Claim:
    """One claimed output.

    Args:
        statement: the index of the top-level statement it is for; None: for the whole cell.
        text: what is claimed.
        place: line (from 1), first and last column of the comment to correct; None: no comment.
    """

    statement: int | None
    text: str
    place: tuple[int, int, int] | None


def comment_claims(source: str) -> tuple[Claim, ...]:
    """Claims in comments after a ``print`` or an expression, in order; ``source`` must parse.

    A comment counts when it is a Python value (``# 65``, ``# [46, 47]``), several numbers, or
    begins with ``=>``, ``->`` or ``Output:``. Other comments are prose.
    """
    comments = _comments(source)
    claims = []
    for index, node in enumerate(ast.parse(source).body):
        if not isinstance(node, ast.Expr) or node.end_lineno is None:
            continue
        last = node.end_lineno
        below = comments.get(last + 1)
        claim = _claim(index, last, comments.get(last))
        if claim is None and below and below[2]:
            claim = _claim(index, last + 1, below)
        if claim:
            claims.append(claim)
    return tuple(claims)


def _comments(source: str) -> dict[int, tuple[str, int, bool]]:
    """Each line's comment: its text, its column, and whether it has the line for itself."""
    found = {}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            alone = not token.line[: token.start[1]].strip()
            found[token.start[0]] = (token.string, token.start[1], alone)
    return found


def _claim(index: int, line: int, comment: tuple[str, int, bool] | None) -> Claim | None:
    if comment is None:
        return None
    text, column, _ = comment
    place = (line, column, column + len(text))
    if marked := _MARK.match(text):
        rest = text[marked.end() :].strip()
        return Claim(index, rest, place) if rest else None
    said = text.lstrip("#").strip()
    if _NUMBERS.match(said) or _is_value(said):
        return Claim(index, said, place)
    return None


def _is_value(text: str) -> bool:
    if not text or text[0] not in "[({'\"b-0123456789TFN.":
        return False
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False
    return True


def doctest_claims(examples: Sequence[doctest.Example]) -> tuple[Claim, ...]:
    """The outputs that an interactive session shows, by the index of the statement."""
    claims = []
    index = 0
    for example in examples:
        try:
            count = len(ast.parse(example.source).body)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            count = 1
        if example.want and example.exc_msg is None:
            last = index + count - 1
            claims.append(Claim(last, example.want.removesuffix("\n"), None))
        index += count
    return tuple(claims)

"""Code that does not parse because a letter was taken for another: the one change that repairs it.

Few changes are tried, and only where Python says that the code breaks; each undoes a mistake that
OCR is known to make. Code that parses after one of them is what was typed; else it is left to the
picture.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence

_OPENED = re.compile(r"(?:def|class|if|elif|else|for|while|with|try|except|finally)\b")
_SPACED_DOUBLE = re.compile(r"(?<=[=!<>*/+-]) (?==)")
_STRAY = re.compile(r"^(\s*(?:def|class))\s+\w\s+(?=_*\w+\s*\()")
_DEF_LOST = re.compile(r"^(\s*)(\w+\((?:self|cls)\b.*\)(?:\s*->\s*\S{1,80})?:)$")
_SMUDGE = re.compile(r"(?<=\w)[~`·](?=[-+*/]?= )")
_LOW_LINE = re.compile(r"(?<=\w) (?=\w+ = )")  # the edge of a view hides it first
_CLOSERS = {"(": ")", "[": "]", "{": "}"}
# Of one statement: more wrong lines are not a slip of the reader.
MOST_LINES, MOST_SHARE = 2, 0.05


def repaired(lines: Sequence[str]) -> list[str] | None:
    """``lines`` of one statement with what was misread put right; as they are where they parse;
    None when no such change makes them parse."""
    fixed = list(lines)
    for _ in range(MOST_LINES + 1):
        at = broken_line(fixed)
        if at is None:
            return fixed
        better = repaired_line(fixed, at)
        if better is None:
            return None
        fixed = better
    return None


def repaired_line(lines: Sequence[str], at: int) -> list[str] | None:
    """``lines``, which break at ``at``, with one change after which they break later, if at all;
    None when there is none."""
    return next((one for one in _attempts(lines, at) if _goes_further(one, at)), None)


def broken_line(lines: Sequence[str]) -> int | None:
    """The index of the line at which the code breaks; None when it parses."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse("\n".join(lines) + "\n")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or len(lines)
        return min(max(line - 1, 0), len(lines) - 1)
    return None


def _goes_further(lines: Sequence[str], before: int) -> bool:
    at = broken_line(lines)
    return at is None or at > before


def _attempts(lines: Sequence[str], at: int) -> Iterator[list[str]]:
    """``lines`` with one change in the line at which they break, or in the one above it."""
    for place in (at, at - 1):
        if place >= 0:
            for other in _readings(lines[place]):
                yield [*lines[:place], other, *lines[place + 1 :]]


def _readings(line: str) -> Iterator[str]:
    """What may have been typed where ``line`` was read, the likeliest first."""
    bare = line.rstrip()
    if _OPENED.match(bare.lstrip()):
        if not bare.endswith(":"):
            yield bare + ":"
        if bare.endswith((";", ".", ",")):
            yield bare[:-1] + ":"
    for pattern, other in (
        (_STRAY, r"\1 "),
        (_DEF_LOST, r"\1def \2"),
        (_SPACED_DOUBLE, ""),
        (_SMUDGE, " "),
        (_LOW_LINE, "_"),
        (re.compile(r",(?=[A-Za-z_]\w*\()"), "."),
        (re.compile(r"^(\s*\w+),(?=\w+\s*=[^=])"), r"\1."),
        (re.compile(r"(?<=\w)' '(?=[,)\]])"), "'"),
    ):
        if (read := pattern.sub(other, bare)) != bare:
            yield read
    yield from _bracketed(bare)
    yield from _quoted(bare)
    if bare[-1:] in "|I.,;'`-_" and bare[:-1].strip():
        yield bare[:-1].rstrip()


def _bracketed(line: str) -> Iterator[str]:
    """The line with one bracket of another kind, or one more at its end."""
    opened: list[tuple[str, int]] = []
    for place, char in enumerate(line):
        if char in _CLOSERS:
            opened.append((char, place))
        elif char in ")]}":
            if not opened:
                yield line[:place] + line[place + 1 :]
                return
            opener, at = opened.pop()
            if _CLOSERS[opener] != char:
                yield line[:place] + _CLOSERS[opener] + line[place + 1 :]
                matching = next(o for o, c in _CLOSERS.items() if c == char)
                yield line[:at] + matching + line[at + 1 :]
                return
    if opened:
        closers = "".join(_CLOSERS[opener] for opener, _ in reversed(opened))
        yield line + closers
        if line.endswith(":"):
            yield line[:-1] + closers + ":"


def _quoted(line: str) -> Iterator[str]:
    """The line with the quotes of an empty string, or of its two ends, as they have to be."""
    for before in (".join(", ".split(", ".replace("):
        if line.count('"') % 2 and before in line:
            yield line.replace('"' + before, '""' + before, 1)
        if line.count("'") % 2 and before in line:
            yield line.replace("'" + before, "''" + before, 1)
    for quote in "'\"":
        if line.count(quote) % 2:
            yield re.sub(rf"(?<=[\s(\[{{=])(\w+){quote}(?=[,)\]}}])", rf"{quote}\1{quote}", line)
            if not line.endswith(quote):  # else what stood between the two was not read
                yield line + quote
            yield from _bracketed(line + quote)
    if line.count('"') == 1 and line.count("'") == 1:
        yield line.replace("'", '"')
        yield line.replace('"', "'")

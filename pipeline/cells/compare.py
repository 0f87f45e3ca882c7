"""Whether a claimed output and the real one say the same."""

from __future__ import annotations

import ast
import math
import re

_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{5,16}\b")
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_CLOCK = re.compile(r"\b\d{1,2}:\d\d:\d\d(?:\.\d+)?\b")
_DURATION = re.compile(
    r"(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?\s?(?:ns|µs|us|ms|s|sec|secs|seconds?|minutes?|min)\b"
)
_FLOAT = re.compile(r"(?<![\w.])-?\d+\.\d+(?:[eE][+-]?\d+)?(?![\w.])|(?<![\w.])-?\d+[eE]-\d+\b")
_ELISION = re.compile(r"(?:,\s*)?(?:\[?\.\.\.\]?|…)(?:\s*,)?")
_TOLERANCE = 1e-4  # NumPy prints 8 digits, PyTorch 4; a lecturer's machine differs in the last one
# An integer beyond it is no float.
_HUGE = 1e300
# Another spelling of the same value is not longer than this many times; a float that a claim gives
# with one digit has up to 17.
_SPELLINGS = 20


def agree(claimed: str, real: str) -> bool:
    """Whether ``claimed`` is what ``real`` shows.

    Ignored: addresses, dates and durations, the order of a dict or set, digits of floats beyond
    those given, space at line ends and around the whole. ``...`` in the claim stands for anything.

    >>> agree("{'a': 1, 'b': 2}", "{'b': 2, 'a': 1}"), agree("[1, 2, ...]", "[1, 2, 3, 4]")
    (True, True)
    >>> agree("0.33", "0.3333333"), agree("258", "259")
    (True, False)
    """
    left, right = normalise(claimed), normalise(real)
    if left == right or _same_value(left, right):
        return True
    if _ELISION.search(left) and _matches_elided(left, right):
        return True
    left_lines, right_lines = left.split("\n"), right.split("\n")
    return len(left_lines) == len(right_lines) and all(
        one == other or _same_value(one, other) or _same_floats(one, other)
        for one, other in zip(left_lines, right_lines, strict=True)
    )


def normalise(text: str) -> str:
    """``text`` without what changes from run to run: addresses, dates, durations, line ends.

    >>> normalise("took 1.5 ms at 0x7f3a9c2b10  \\n")
    'took <duration> at <address>'
    """
    text = text.replace("\r\n", "\n").replace("\t", "    ")
    text = _ADDRESS.sub("<address>", text)
    text = _DATE.sub("<date>", text)
    text = _CLOCK.sub("<clock>", text)
    text = _DURATION.sub("<duration>", text)
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n")).strip()


def _same_value(left: str, right: str) -> bool:
    if len(right) > _SPELLINGS * (len(left) + 10):
        return False
    one = _value(left)
    other = one and _value(right)
    return one is not None and other is not None and _equal(one[0], other[0])


def _value(text: str) -> tuple[object] | None:
    try:
        return (ast.literal_eval(text),)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _equal(left: object, right: object) -> bool:
    if isinstance(left, float) and isinstance(right, (int, float)):
        close = abs(right) < _HUGE and _close(left, float(right), repr(left))
        return close or left == right
    if type(left) is not type(right):
        return False
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(_equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_equal(left[key], right[key]) for key in left)
    return left == right


def _same_floats(left: str, right: str) -> bool:
    """Whether two lines differ in the later digits of their floats only."""
    if _FLOAT.sub("#", left) != _FLOAT.sub("#", right):
        return False
    pairs = zip(_FLOAT.findall(left), _FLOAT.findall(right), strict=True)
    return all(_close(float(one), float(other), one) for one, other in pairs)


def _close(claimed: float, real: float, written: str) -> bool:
    """Whether ``claimed`` is ``real`` rounded to the digits that are ``written``."""
    if math.isclose(claimed, real, rel_tol=_TOLERANCE, abs_tol=1e-12) or claimed == real:
        return True
    _, _, digits = written.lower().partition("e")[0].partition(".")
    return (
        bool(digits)
        and "e" not in written.lower()
        and abs(claimed - real) <= 0.5 * 10 ** -len(digits)
    )


def _matches_elided(left: str, right: str) -> bool:
    """Whether the parts of ``left`` between its dots stand in ``right`` in this order.

    Each is looked for once, from where the last one ended, so that the time is bounded.
    """
    first, *others = _ELISION.split(left)
    if not any(part.strip("[](){}\\ ") for part in (first, *others)):
        return False
    last = others.pop()
    if len(first) + len(last) > len(right) or not right.startswith(first):
        return False
    at, end = len(first), len(right) - len(last)
    for part in others:
        at = right.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return right.endswith(last)

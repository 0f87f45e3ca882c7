"""Statements of a lecture's code that are shown again: what is shown twice is kept once."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.writing.transcript_edition.screen_code.names import defined_names, read_names
from pipeline.writing.transcript_edition.screen_code.whole_statements import parsed

_ALIKE = 0.92
_AS_LONG = 0.9
_DIGITS = re.compile(r"\d+")


@dataclass
class Statement:
    """A statement of a block of code; ``name`` is that of a definition.

    ``listing`` is true for sample text, ``seen_on`` are the frames with a reading of it.
    """

    frame: int
    block: int
    source: str
    name: str | None
    listing: bool
    unread: frozenset[int] = frozenset()  # frames
    shortened: bool = False  # all that is unread are ends of texts, in no definition
    cut: bool = False  # it goes on below the edge of the view
    begins_above: bool = False  # it may be the rest of what begins above the edge of the view
    output: str = ""
    seen_on: frozenset[int] = frozenset()  # frames

    @property
    def sets(self) -> set[str]:
        """The names that it gives values; none of a definition."""
        tree = None if self.name else parsed(self.source)
        return bound_names(tree) if tree else set()

    def reads(self, names: Set[str]) -> bool:
        """Whether it is computed from one of ``names``, and so is no repeat of what was computed
        from other values."""
        tree = None if self.name or not names else parsed(self.source)
        return tree is not None and not names.isdisjoint(read_names(tree))

    @property
    def is_whole(self) -> bool:
        return not self.cut and (self.shortened or not self.unread)


def without_repeats(statements: Sequence[Statement]) -> list[Statement]:
    """The statements without those that were shown before. A definition that grew or was changed is
    kept as it became, where it did."""
    kept: list[Statement] = []
    again = [
        next((one for one in statements[:n] if _same(one, s)), None) is not None
        for n, s in enumerate(statements)
    ]
    moved: set[tuple[int, int]] = set()  # blocks of which a definition stands in a later one
    anew: dict[int, set[str]] = {}  # names that a block gives new values
    for number, statement in enumerate(statements):
        earlier = next((one for one in kept if _same(one, statement)), None)
        names = anew.setdefault(statement.block, set())
        if earlier is None or not _is_repeat(statements, again, number) or statement.reads(names):
            kept.append(statement)
            names |= statement.sets
            continue
        blocks = (earlier.block, statement.block)
        is_fuller = statement.name is not None and _is_fuller(earlier, statement)
        if is_fuller or (blocks in moved and not statement.name):
            # What stands below a definition goes where it goes.
            moved.add(blocks)
            kept.remove(earlier)
            kept.append(statement)
            statement.output = statement.output or ("" if is_fuller else earlier.output)
        elif statement.output and not earlier.output and not earlier.listing:
            earlier.output = statement.output
    return kept


def _is_fuller(earlier: Statement, later: Statement) -> bool:
    gaps = [bool(one.unread or one.cut) for one in (earlier, later)]
    if gaps[0] != gaps[1]:
        return gaps[0]
    # What was changed, or read on further frames; what is now much shorter is cut off.
    again = earlier.seen_on < later.seen_on
    if again and len(later.source) >= _AS_LONG * len(earlier.source):
        return True
    return _has_grown(earlier.source, later.source)


def _has_grown(before: str, after: str) -> bool:
    """Whether a definition is longer now: clearly, or each line of it was being typed before."""
    if len(after) > 1.1 * len(before):
        return True
    lines = iter(after.splitlines())
    typed = all(any(line.startswith(old) for line in lines) for old in before.splitlines())
    return typed and len(after) > len(before)


def _is_repeat(statements: Sequence[Statement], again: Sequence[bool], number: int) -> bool:
    """A definition shown before; or any statement shown before together with its neighbour.

    ``print(ids)`` may well be meant twice, when it follows other lines.
    """
    if not again[number] or statements[number].name:
        return again[number]
    block = [n for n, one in enumerate(statements) if one.block == statements[number].block]
    place = block.index(number)
    neighbour = block[place - 1] if place else block[1] if len(block) > 1 else None
    return neighbour is None or again[neighbour]


def _same(earlier: Statement, later: Statement) -> bool:
    """The same statement, read twice; or a definition and what it grew into."""
    if earlier.name != later.name:
        return False
    a, b = _squeezed(earlier.source), _squeezed(later.source)
    if a == b:
        return True
    if earlier.name:
        return _alike(a, b[: len(a)], 0.6) or _alike(a[: len(b)], b, 0.6)
    # Other numbers are another statement: ``tokens2`` is no misreading of ``tokens``.
    return len(a) > 12 and _DIGITS.findall(a) == _DIGITS.findall(b) and _alike(a, b, _ALIKE)


def _alike(a: str, b: str, least: float) -> bool:
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return (
        matcher.real_quick_ratio() >= least
        and matcher.quick_ratio() >= least
        and matcher.ratio() >= least
    )


def _squeezed(source: str) -> str:
    return re.sub(r"\s+|#.*", "", source)


def bound_names(tree: ast.Module) -> set[str]:
    """What the code defines, assigns, imports, takes or catches."""
    caught = {
        node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name
    }
    return caught | set(defined_names(tree))

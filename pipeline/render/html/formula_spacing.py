"""The spaces in a formula as TeX sets them, which the converter leaves to the browser.

By the classes of atoms and the table of spaces between them in The TeXbook, chapter 18: a
function's name has a thin space to an operand and none to an opening bracket, and a sign behind
nothing that could be its left operand is no binary operator.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

_THIN = "0.167em"  # 3/18 of an em
_NAME = re.compile(r"[A-Za-z]{2,}")  # log, max, softmax
_SIGNS = frozenset("-−+±∓")
_CLOSING = frozenset(")]}⟩⌉⌋!′″")
_BARS = frozenset("|‖∣∥")
_SCRIPTED = frozenset({"msub", "msup", "msubsup", "munder", "mover", "munderover"})
_ROWS = frozenset({"math", "mrow", "mtd", "msqrt", "mstyle", "mphantom", "mpadded", "menclose"})


def space(formula: Element) -> None:
    """Give the operators and function names of ``formula`` their form and spaces, in place."""
    for row in formula.iter():
        if row.tag in _ROWS:
            _space_row(row)


def _space_row(row: Element) -> None:
    operand = False  # whether what stands before could be the left operand of a sign
    for place, one in enumerate(row):
        core = _core(one)
        if core.tag in ("mi", "mo") and _NAME.fullmatch(core.text or ""):
            following = next((each for each in row[place + 1 :] if each.tag != "mspace"), None)
            core.tag = "mo"
            core.set("form", "prefix")
            core.set("lspace", _THIN if operand else "0em")
            core.set("rspace", _THIN if following is not None and _begins(following) else "0em")
        elif one.tag == "mo" and (one.text or "") in _SIGNS and not operand:
            one.set("form", "prefix")
            one.set("lspace", "0em")
            one.set("rspace", "0em")
        if one.tag != "mspace":
            operand = _is_operand(one, operand)


def _core(one: Element) -> Element:
    """The element that scripts belong to: the ``log`` of ``log`` with an index."""
    while one.tag in _SCRIPTED and len(one):
        one = one[0]
    return one


def _is_operand(one: Element, before: bool) -> bool:
    """Whether a sign behind ``one`` has a left operand; ``before``: whether one there had one.

    The empty element that the converter puts before an alignment's sign counts: the sign is binary
    there. A bar opens where nothing stands before it, else it closes.
    """
    core = _core(one)
    if core.tag != "mo":
        return True
    text = core.text or ""
    return text in _CLOSING or (text in _BARS and before)


def _begins(one: Element) -> bool:
    """Whether what follows is an operand or another function, and no bracket or operator."""
    core = _core(one)
    if core.tag == "mrow" and len(core):  # a pair of stretched brackets
        return _begins(core[0])
    return core.tag != "mo" or bool(_NAME.fullmatch(core.text or ""))

r"""Formulas in Markdown: ``$x$``, ``\(x\)``, ``$$x$$``, ``\[x\]`` and ``\begin{align}``.

A dollar is also money and a shell's variable: "$20 or 25 CA$", "$PATH and $HOME". What stands
between two dollars is a formula when it touches both, when no letter or digit touches them from
outside ("US$", "35$", "$1"), and when it does not read as words. Nor may what stands within a line
between two ``$$``, a shell's number of its process. Pairs that mean nothing else (``\(``) need no
such evidence. Backticks within dollars (``$`x`$``) are GitLab's, and no part of the formula. Rules
for markdown-it.
"""

from __future__ import annotations

import regex
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_LONGEST_LINES = 200  # of a display formula; a bound on the search for its end
_PAIRS = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}
_ENVIRONMENT = regex.compile(
    r"\\begin\{((?:equation|align|alignat|flalign|gather|multline|eqnarray|split|cases|array"
    r"|[bpvBV]?matrix)\*?)\}"
)
_TEXT_GROUP = regex.compile(r"\\(?:text|mathrm|operatorname|mbox|textbf|textit)\*?\s*\{[^{}]*\}")
_COMMAND = regex.compile(r"\\[A-Za-z]+")
_TWO_WORDS = regex.compile(r"(?<!\p{L})\p{L}{2,}[,.;:!?]?\s+\p{L}{2,}(?!\p{L})")
_SET_OFF = regex.compile(r"[\s(]\p{L}{2,}\s")
_FOREIGN = regex.compile(r"[\p{L}--[\p{Latin}\p{Greek}]]", regex.VERSION1)
# "$n$th" and "$x$s" are the only letters that touch a formula.
_AFTER = regex.compile(r"(?!(?:st|nd|rd|th|s)(?![A-Za-z0-9]))[A-Za-z0-9$]")
_TO_DOLLAR = regex.compile(r"((?:\\.|[^\\$])*+)\$", regex.DOTALL)


def between_dollars(before: str, latex: str, after: str) -> bool:
    """Whether ``$latex$`` is a formula between the text ``before`` and the text ``after`` it.

    >>> between_dollars("costs ", "20 or 25 CA", " a month"), between_dollars("", "x_i", "th")
    (False, True)
    """
    if not latex or latex[0].isspace() or latex[-1].isspace() or latex.endswith(("\\", "`")):
        return False
    if regex.search(r"(?<!\\)\$", latex) or regex.search(r"[A-Za-z0-9$]$", before[-1:]):
        return False
    return not _AFTER.match(after) and is_balanced(latex) and not _reads_as_words(latex)


def _reads_as_words(latex: str) -> bool:
    bare = _COMMAND.sub("", _TEXT_GROUP.sub("", latex))
    if _TWO_WORDS.search(bare):
        return True
    return latex[0].isdigit() and bool(_SET_OFF.search(bare) or _FOREIGN.search(bare))


def is_balanced(latex: str) -> bool:
    """Whether each brace has its partner."""
    depth = 0
    for found in regex.finditer(r"\\.|[{}]", latex):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth < 0:
            return False
    return depth == 0


def inline_formula(state: StateInline, silent: bool) -> bool:
    """Read a formula inside a line: a token ``formula``, its ``markup`` the opening marks."""
    src, start = state.src, state.pos
    opening = src[start : start + 2]
    if closing := _PAIRS.get(opening):
        end = src.find(closing, start + 2, state.posMax)
        latex, after = src[start + 2 : max(end, start + 2)], end + 2
        if not latex.strip() or (opening == "$$" and _reads_as_words(latex.strip())):
            return False
    elif opening[:1] == "$":
        opening = "$"
        found = _TO_DOLLAR.match(src, start + 1, state.posMax)
        if not found:
            return False
        latex, after = found[1], found.end()
        if len(latex) > 2 and latex[0] == latex[-1] == "`":
            latex = latex[1:-1]
        if not between_dollars(src[max(0, start - 1) : start], latex, src[after : after + 4]):
            return False
    else:
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content, token.markup = latex, opening
    state.pos = after
    return True


def display_formula(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a formula on lines of its own: a token ``display``; not past an empty line."""
    if state.is_code_block(start):
        return False
    first = _line(state, start)
    opening, closing = first[:2], _PAIRS.get(first[:2], "")
    environment = _ENVIRONMENT.match(first)
    if environment:
        opening, closing = "", f"\\end{{{environment[1]}}}"
    elif opening not in ("$$", "\\["):
        return False
    lines = [first[len(opening) :]]
    at = start
    while not lines[-1].endswith(closing):
        at += 1
        if at >= end or at - start > _LONGEST_LINES or state.isEmpty(at):
            return False
        if state.sCount[at] < state.blkIndent:
            return False
        lines.append(_line(state, at))
    latex = "\n".join(lines)
    if not environment:
        latex = latex[: -len(closing)]
        if closing in latex or not latex.strip():
            return False
    if not silent:
        state.line = at + 1
        token = state.push("display", "", 0)
        token.content, token.block, token.map = latex, True, [start, at + 1]
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()

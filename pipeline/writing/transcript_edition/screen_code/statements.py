"""Runs of Python statements in the text of one screen, and the output shown below them."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence

from pipeline.models import Frame
from pipeline.writing.transcript_edition.screen_code.indentation import Shaped, shaped
from pipeline.writing.transcript_edition.screen_code.lines import code_lines, line_shape

_LONGEST_BLOCK = 80
_LONGEST_OUTPUT = 12
# A line seen further than this from where it would have to stand is not to be trusted, columns.
_FURTHEST_OFF = 1.2
_CODE_LIKE = re.compile(
    r"^\s*(?:(?:def|class|if|elif|else|for|while|with|try|except|finally|import|from|return|print"
    r"|assert|raise|pass|break|continue|yield|del|global|async|await)\b|#|@\w)"
    r"|^\s*[A-Za-z_][\w.]*(?:\[[^\]]*\])?(?:\s*,\s*[A-Za-z_][\w.]*)*\s*[-+*/%|&]?=(?!=)\s*\S"
    r"|^\s*[\w.]+\(.*\)\s*(?:#.*)?$|^\s*[\w.]+\($"
)
_OUT = re.compile(r"^\s*Out\s*\[\s*\d+\s*\]:")
_WORD = re.compile(r"[A-Za-z]{2,}")
_PROSE_WORDS = 8
_DEFINES = re.compile(r"\b(?:class|def|import)\s+\w+")
_CLAUSE = re.compile(r"(?:else|elif|except|finally)\b")
_TELLING = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Import,
    ast.ImportFrom,
    ast.For,
    ast.While,
    ast.With,
    ast.If,
    ast.Try,
)


def code_blocks(frame: Frame, repeated: frozenset[str]) -> list[tuple[str, str]]:
    """(source, output) of every run of statements that parse, top to bottom.

    Args:
        repeated: shapes of lines that belong to no screen in particular (``furniture_lines``).
    """
    lines = [line for line in code_lines(frame.text) if line_shape(line) not in repeated]
    found: list[tuple[str, str]] = []
    start = 0
    while start < len(lines):
        end = _region_end(lines, start)
        if end == start:
            start += 1
            continue
        below = end
        while below < len(lines) and _region_end(lines, below) == below:
            below += 1
        found += _whole_runs(lines[start:end], lines[end:below], frame.kind == "code")
        start = below
    return found


def _region_end(lines: Sequence[str], start: int) -> int:
    """The end of the lines that look like code from ``start`` on; ``start`` when none does."""
    end = start
    brackets = 0
    while end < len(lines) and (brackets > 0 or _CODE_LIKE.match(lines[end])):
        bare = re.sub(r"(\"[^\"]*\"|'[^']*'|#.*)", "", lines[end])
        brackets += sum(bare.count(c) for c in "([{") - sum(bare.count(c) for c in ")]}")
        end += 1
        if end - start > _LONGEST_BLOCK:
            break
    return end


def _whole_runs(
    lines: Sequence[str], below: Sequence[str], from_code: bool
) -> list[tuple[str, str]]:
    """Runs of whole statements in a region; what follows one that does not parse begins anew."""
    runs: list[list[str]] = [[]]
    statement: list[Shaped] = []
    for line in [*shaped(lines), None]:
        begins = line is None or (
            line.level == 0 and not line.continues and not _CLAUSE.match(line.text)
        )
        if begins and statement:
            source = "\n".join(one.source for one in statement)
            sure = all(abs(one.off) <= _FURTHEST_OFF for one in statement)
            if sure and _is_whole(source):
                runs[-1].append(source)
            elif not all(one.text.startswith("#") for one in statement):
                if runs[-1] and "\n" in runs[-1][-1]:
                    del runs[-1][-1]  # most likely the rest of this definition or loop
                runs.append([])
            statement = []
        if line is not None:
            statement.append(line)
    found = []
    for number, run in enumerate(runs):
        source = "\n".join(run) + "\n"
        if run and _is_telling(source, from_code):
            last = number == len(runs) - 1
            found.append((source, _output(source, below) if last else ""))
    return found


def _is_whole(source: str) -> bool:
    """It parses, and is more than a word or a value."""
    tree = parsed(source)
    if tree is None or re.sub(r"#.*", "", source).rstrip().endswith(","):
        return False
    if any(_is_method(node) for node in tree.body):
        return False  # the line of its class could not be read
    return all(_is_code(node) for node in ast.walk(tree) if isinstance(node, ast.stmt))


def _is_method(node: ast.stmt) -> bool:
    return (
        isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and bool(node.args.args)
        and node.args.args[0].arg in ("self", "cls")
    )


def parsed(source: str) -> ast.Module | None:
    """The tree of ``source``; None when it does not compile (a ``return`` outside a function)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # odd escapes are the lecturer's business
            tree = ast.parse(source)
            compile(tree, "<screen>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if tree.body else None


def _is_code(statement: ast.stmt) -> bool:
    """Not what plain words and printed values parse as."""
    if isinstance(statement, ast.Expr):
        value = statement.value
        docstring = isinstance(value, ast.Constant) and isinstance(value.value, str)
        return docstring or isinstance(value, (ast.Call, ast.Await, ast.Yield))
    # "Out[3]: 5" parses as an annotation.
    return not (
        isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Subscript)
    )


def _is_telling(source: str, from_code: bool) -> bool:
    tree = parsed(source)
    if tree is None:
        return False
    if any(isinstance(node, _TELLING) for node in tree.body):
        return len(source.splitlines()) > 1 or from_code
    calls = any(isinstance(node, ast.Call) for node in ast.walk(tree))
    assigns = any(isinstance(node, (ast.Assign, ast.AugAssign)) for node in tree.body)
    return (calls or assigns) if from_code else (calls and assigns and len(tree.body) > 1)


def _output(source: str, lines: Sequence[str]) -> str:
    """The lines below, when the code ends in something that shows a value."""
    tree = parsed(source)
    shows = tree is not None and (
        "print(" in source or (tree.body and isinstance(tree.body[-1], ast.Expr))
    )
    if not shows:
        return ""
    if len(lines) > _LONGEST_OUTPUT:
        return ""  # cut off, or no output but the text below the cell
    kept = [_OUT.sub("", line).strip() for line in lines]
    if any(len(_WORD.findall(line)) >= _PROSE_WORDS or _DEFINES.search(line) for line in kept):
        return ""
    text = "\n".join(kept)
    if any(text.count(opening) != text.count(closing) for opening, closing in ("[]", "()", "{}")):
        return ""  # cut off at the edge
    return text

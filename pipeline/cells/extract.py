"""The cells of a Markdown text: what to run, and which output the text claims for it."""

from __future__ import annotations

import ast
import doctest
import re
from dataclasses import dataclass, replace

from pipeline.cells.claims import Claim, comment_claims, doctest_claims
from pipeline.cells.report import is_python
from pipeline.document.fences import Fence, fences

_OUTPUT = frozenset({"text", "output", "stdout", "console", "txt", "plaintext", ""})
_LEAD = re.compile(r"^[*_]*(the )?(output|result|prints?|this prints|out)\b[^.]{0,40}[:*_]+$", re.I)


@dataclass(frozen=True)
class ExtractedCell:
    """One fenced block of code.

    Args:
        index: its number in the article, from 1.
        section: the id of its section.
        fence: where it stands.
        language: as in the fence, in lower case.
        tags: the words after it.
        source: the Python to run; the block's text when it is not Python.
        claims: the outputs that the text gives for it.
        output: the block that follows it and shows its output, if any.
        prompts: whether it is written as an interactive session.
        problem: why it does not parse; empty when it does.
    """

    index: int
    section: str
    fence: Fence
    language: str
    tags: tuple[str, ...]
    source: str
    claims: tuple[Claim, ...] = ()
    output: Fence | None = None
    prompts: bool = False
    problem: str = ""

    @property
    def is_python(self) -> bool:
        """Whether it is Python, so that it can be run."""
        return is_python(self.language)

    @property
    def claimed(self) -> str | None:
        """All that the text claims it prints, in order; None when it claims nothing."""
        return "\n".join(claim.text for claim in self.claims) if self.claims else None


def extract(markdown: str, section: str = "", first: int = 1) -> list[ExtractedCell]:
    """The cells of ``markdown`` in order, numbered from ``first``.

    A block without a language, or one of text, is no cell; directly after a Python cell (or after
    a line like "Output:") it is that cell's claimed output.
    """
    lines = markdown.split("\n")
    blocks = fences(markdown)
    cells: list[ExtractedCell] = []
    for position, fence in enumerate(blocks):
        if fence.language in _OUTPUT:
            continue
        following = blocks[position + 1] if position + 1 < len(blocks) else None
        output = following if following and _is_output(fence, following, lines) else None
        cells.append(_cell(first + len(cells), section, fence, output))
    return cells


def _is_output(fence: Fence, following: Fence, lines: list[str]) -> bool:
    if not is_python(fence.language) or following.language not in _OUTPUT:
        return False
    between = [line.strip() for line in lines[fence.end : following.start] if line.strip()]
    return not between or (len(between) == 1 and bool(_LEAD.match(between[0])))


def with_body(cell: ExtractedCell, body: str) -> ExtractedCell:
    """The same cell with another text in its block."""
    return _cell(cell.index, cell.section, replace(cell.fence, body=body), cell.output)


def _cell(index: int, section: str, fence: Fence, output: Fence | None) -> ExtractedCell:
    language = fence.language
    if not is_python(language):
        return ExtractedCell(index, section, fence, language, fence.tags, fence.body)
    source, prompts = fence.body, False
    claims: tuple[Claim, ...] = ()
    if re.search(r"^[^\S\n]*>>> ", source, re.MULTILINE):
        try:
            examples = doctest.DocTestParser().get_examples(source)
        except ValueError:
            examples = []
        if examples:
            prompts = True
            source = "".join(example.source for example in examples)
            claims = doctest_claims(examples)
    problem = _problem(source)
    if not problem and not prompts:
        claims = comment_claims(source)
    if output:
        claims = (*claims, Claim(None, output.body.removesuffix("\n"), None))
    return ExtractedCell(
        index, section, fence, language, fence.tags, source, claims, output, prompts, problem
    )


def _problem(source: str) -> str:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError) as error:
        message = getattr(error, "msg", str(error))
        line = getattr(error, "lineno", None)
        return f"{type(error).__name__}: {message}" + (f" (line {line})" if line else "")
    except (RecursionError, MemoryError):
        return "SyntaxError: nested too deeply"
    return ""


def defined_names(source: str) -> frozenset[str]:
    """The names that running ``source`` may define in its module; empty when it does not parse.

    >>> sorted(defined_names("import a.b as c\\nx, y = 1, 2\\ndef f(): z = 1"))
    ['c', 'f', 'x', 'y']
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    names: set[str] = set()
    pending: list[ast.AST] = list(tree.body)
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        if not isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp)):
            pending.extend(ast.iter_child_nodes(node))
    return frozenset(names)

"""A cell of the document as a program: what to run, which output the text claims, which is real."""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.cells.claims import Claim, comment_claims, doctest_claims
from pipeline.document.blocks import AnyBlock, Cell, List, Listing, Note, Paragraph, Quote
from pipeline.document.characters import clean_code
from pipeline.document.inline import words_of

_PROMPT = re.compile(r"^[^\S\n]*>>> ", re.MULTILINE)
# Commands of a notebook, which are no Python, as IPython takes them:
# https://ipython.readthedocs.io/en/stable/interactive/magics.html.
_MAGIC = re.compile(
    r"^[^\S\n]*(?:[!%?]\S|%%)"  # !pip install, %timeit, %%bash, ?name
    r"|^\S+\?[^\S\n]*$"  # name?
    r"|^[\w.,*()\[\] \t]{1,200}=[^\S\n]*(?:!\S|%\w)",  # names = !ls, r = %timeit
    re.MULTILINE,
)
_LINES, _CHARACTERS, _COMMENT = 60, 6000, 70  # more of an output, or of a comment, is not read
_LEAD = re.compile(r"(the )?(output|result|prints?|this prints|out)\b[^.]{0,40}:", re.IGNORECASE)


@dataclass(frozen=True)
class Program:
    """What is to be run for one cell.

    Args:
        cell: as it stands in the document.
        index: its number in the article, from 1.
        section: the id of its section.
        source: the Python to run; the cell's text when it is not Python.
        claims: the outputs that the text gives for it.
        prompts: whether it is written as an interactive session.
        problem: why it does not parse; empty when it does.
    """

    cell: Cell
    index: int
    section: str
    source: str
    claims: tuple[Claim, ...] = ()
    prompts: bool = False
    problem: str = ""

    @property
    def claimed(self) -> str | None:
        """All that the text claims it prints, in order; None when it claims nothing."""
        return "\n".join(claim.text for claim in self.claims) if self.claims else None


def prepared(cell: Cell, section: str = "", index: int = 1) -> Program:
    """What is to be run for a cell."""
    if not cell.is_python:
        return Program(cell, index, section, cell.source)
    source, claims = _session(cell.source)
    prompts = bool(claims is not None)
    problem = _problem(source)
    if claims is None:
        claims = () if problem else comment_claims(source)
    if cell.output is not None:
        claims = (*claims, Claim(None, cell.output.removesuffix("\n"), None))
    return Program(cell, index, section, source, claims, prompts, problem)


def _session(source: str) -> tuple[str, tuple[Claim, ...] | None]:
    """The code of an interactive session, and the outputs in it; None: it is no session."""
    if not _PROMPT.search(source):
        return source, None
    try:
        examples = doctest.DocTestParser().get_examples(source)
    except ValueError:
        return source, None
    if not examples:
        return source, None
    return "".join(example.source for example in examples), doctest_claims(examples)


def with_claimed_outputs(blocks: Iterable[AnyBlock]) -> tuple[AnyBlock, ...]:
    """The document with listings that a cell is said to print taken into the cell.

    These are listings after a Python cell that has no output yet, where nothing stands between but
    citations, or a line like "Output:", which goes. Its citations are then the cell's.
    """
    made: list[AnyBlock] = []
    for block in blocks:
        if isinstance(block, List):
            items = tuple(with_claimed_outputs(item) for item in block.items)
            block = block.model_copy(update={"items": items})
        elif isinstance(block, (Quote, Note)):
            block = block.model_copy(update={"blocks": with_claimed_outputs(block.blocks)})
        if isinstance(block, Listing) and (before := _that_prints(made)):
            cited = tuple(one for part in (*before, block) for one in part.citations)
            made[-len(before) :] = [
                before[0].model_copy(update={"output": block.source, "citations": cited})
            ]
            continue
        made.append(block)
    return tuple(made)


def _that_prints(before: list[AnyBlock]) -> list[AnyBlock]:
    """The Python cell without output at the end of ``before``, and the line after it that says
    that an output follows, if there is one; empty: there is no such cell."""
    last = before[-1] if before else None
    has_lead = isinstance(last, Paragraph) and bool(_LEAD.fullmatch(words_of(last.text)))
    found = before[-2:] if has_lead else before[-1:]
    cell = found[0] if found else None
    if isinstance(cell, Cell) and cell.is_python and cell.output is None and not cell.pictures:
        return found
    return []


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


def has_magic(source: str) -> bool:
    """Whether a source that is no Python has commands of a notebook.

    >>> has_magic("r = %timeit -o f(1)"), has_magic("!pip install x"), has_magic("x = = 1")
    (True, True, False)
    """
    return bool(_MAGIC.search(source))


def defined_names(source: str) -> frozenset[str]:
    """The names that running ``source`` may define in its module; empty when it does not parse.

    >>> sorted(defined_names("import a.b as c\\nx, y = 1, 2\\ndef f(): z = 1"))
    ['c', 'f', 'x', 'y']
    """
    return names_defined_by(statements(source))


def statements(source: str) -> list[ast.stmt]:
    """The statements of ``source``; none when it does not parse."""
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def names_defined_by(found: Sequence[ast.stmt]) -> frozenset[str]:
    """The names that running these statements may define in their module."""
    names: set[str] = set()
    pending: list[ast.AST] = list(found)
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


def rewritten(
    program: Program,
    wrong: Sequence[tuple[Claim, str]],
    stdout: str,
    pictures: tuple[str, ...] = (),
) -> Cell:
    """The cell with its real output and pictures, and with wrong claims in its comments replaced.

    Args:
        program: what ran.
        wrong: false claims, each with the real output.
        stdout: all that it printed.
        pictures: the paths of the pictures that it drew.
    """
    source = program.cell.source if program.prompts else _corrected(program.cell.source, wrong)
    real = {"source": source, "output": as_written(stdout), "pictures": pictures}
    return Cell(**(dict(program.cell) | real))


def as_written(output: str) -> str | None:
    """An output as it stands in the text: its first lines, and how many more there are.

    None for a blank one.

    >>> as_written("one\\ntwo\\n")
    'one\\ntwo\\n'
    """
    if not output.strip():
        return None
    lines = output.removesuffix("\n").split("\n")
    kept = [line if len(line) <= 2000 else line[:1997] + "..." for line in lines[:_LINES]]
    while len(kept) > 1 and sum(map(len, kept)) > _CHARACTERS:
        kept.pop()
    if len(kept) < len(lines):
        kept.append(f"... ({len(lines) - len(kept)} more lines)")
    return clean_code("\n".join(kept)) + "\n"


def _corrected(source: str, wrong: Sequence[tuple[Claim, str]]) -> str:
    lines = source.split("\n")
    for claim, real in wrong:
        if claim.place is None:
            continue
        number, column, end = claim.place
        line = lines[number - 1]
        old = line[column:end]
        start = column + old.rfind(claim.text) if claim.text in old else column + 2
        if "\n" in real or len(real) > _COMMENT or not real:
            lines[number - 1] = line[:column].rstrip()
        else:
            lines[number - 1] = line[:start] + real + line[end:]
    return "\n".join(lines)

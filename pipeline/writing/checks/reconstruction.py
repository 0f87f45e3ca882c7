"""Code that was written from what is said: marked as such, and only where no screen has it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document.blocks import RECONSTRUCTED, AnyBlock, Cell
from pipeline.document.walk import cells, changed
from pipeline.writing.checks.problems import Problem
from pipeline.writing.prompt_context import PromptContext

_DEFINED = re.compile(r"^[ \t]*(?:async[ \t]+def|def|class)[ \t]+(\w+)", re.MULTILINE)
_SHELL = frozenset({"sh", "bash", "zsh", "shell"})
_SHELL_DEFINED = re.compile(r"^[ \t]*(?:function[ \t]+)?(\w+)[ \t]*\([ \t]*\)", re.MULTILINE)
# What keeps a program from ending by itself, or needs arguments, somebody or something outside.
_NEEDS_MORE = re.compile(
    r"\bwhile\s+(?:True|1|:)|\binput\(|\bread\b|\bopen\(|"
    r"\b(?:sys\.argv|argparse)\b|\bimport\s+(?:socket|requests|urllib)|\bfrom\s+(?:urllib|requests|socket)"
)
_APART = re.compile(r"[\W_]+")


def marked(blocks: Sequence[AnyBlock], material: PromptContext) -> tuple[AnyBlock, ...]:
    """The blocks with the mark on each cell in Python or a shell whose functions and classes stand
    on no screen so far, whether or not its writer marked it; as they are where nothing may be
    reconstructed."""

    def visit(block: AnyBlock) -> list[AnyBlock]:
        if (
            isinstance(block, Cell)
            and not block.tags
            and (names := _defined(block))
            and not _shown(names, material)
        ):
            return [block.model_copy(update={"tags": (RECONSTRUCTED,)})]
        return [block]

    return changed(blocks, visit) if material.reconstruct else tuple(blocks)


def reconstruction_problems(blocks: Sequence[AnyBlock], material: PromptContext) -> list[Problem]:
    """Cells marked as reconstructed that are not to be, that a screen has, or that cannot run."""
    return [
        Problem("reconstruction", text, index)
        for index, block in enumerate(blocks)
        for cell in cells([block])
        if cell.is_reconstructed and (text := _fault(cell, material))
    ]


def _fault(cell: Cell, material: PromptContext) -> str:
    if not material.reconstruct:
        return "no screen shows this code: say in prose what it does, without pointing at it"
    if names := _shown(_defined(cell), material):
        return f"a screen shows `{names[0]}`: copy it from there, in a fence ```{cell.language}"
    if "excerpt" in cell.tags or (
        "skip-execution" in cell.tags and not _NEEDS_MORE.search(cell.source)
    ):
        return "reconstructed code has to run: make it complete, or say in prose what it does"
    if cell.output is not None:
        return "nobody has seen what this code prints: leave its output out, running it fills it in"
    return ""


def _defined(cell: Cell) -> list[str]:
    """The functions and classes that a cell in Python or a shell defines."""
    if cell.is_python:
        return _DEFINED.findall(cell.source)
    return _SHELL_DEFINED.findall(cell.source) if cell.language in _SHELL else []


def _shown(names: Sequence[str], material: PromptContext) -> list[str]:
    """Those of the names that a screen of the part or before it defines, in Python or a shell.

    Only letters and digits count: reading a screen loses underscores.
    """
    texts = [screen.frame.text for screen in material.screens if screen.frame.kind == "code"]
    code = [one.source for one in material.code]
    seen = _squeezed(" ".join([*texts, *code, *material.earlier_code]))
    in_shell = {_squeezed(name) for name in _SHELL_DEFINED.findall("\n".join(texts))}
    before = {_squeezed(name) for name in material.defined_before}
    return [
        name
        for name in names
        if (bare := _squeezed(name)) in before | in_shell
        or f"def{bare}" in seen
        or f"class{bare}" in seen
    ]


def _squeezed(text: str) -> str:
    return _APART.sub("", text).casefold()

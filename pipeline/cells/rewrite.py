"""Putting real outputs into Markdown: after each cell, and in its comments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.cells.extract import ExtractedCell
from pipeline.cells.verdict import Verdict
from pipeline.document.fences import block

OUTPUT_INFO = "text output"
_LINES, _CHARACTERS, _COMMENT = 60, 6000, 70


@dataclass(frozen=True)
class RewrittenCell:
    """What is to stand in the text for one cell.

    Args:
        cell: the cell as it was found.
        body: its block as it is to be, without fences.
        output: its real output; None: leave what is there.
        pictures: the paths of the pictures it drew.
    """

    cell: ExtractedCell
    body: str
    output: str | None
    pictures: tuple[str, ...] = ()


def rewrite(markdown: str, shown: Sequence[RewrittenCell]) -> str:
    """``markdown`` with each cell's block, output block and pictures replaced by the real ones."""
    lines = markdown.split("\n")
    for item in sorted(shown, key=lambda item: -item.cell.fence.start):
        fence, old = item.cell.fence, item.cell.output
        new = block(fence.info, item.body, fence.indent)
        if item.output is None:
            lines[fence.start : fence.end] = new
            continue
        if item.output.strip():
            new += ["", *block(OUTPUT_INFO, cut(item.output), fence.indent)]
        for number, path in enumerate(item.pictures, 1):
            which = f" {number}" if len(item.pictures) > 1 else ""
            new += ["", f"{fence.indent}![Picture{which} drawn by the code above]({path})"]
        end = old.end if old else fence.end
        lines[fence.start : end] = new
        after = fence.start + len(new)
        if after < len(lines) and lines[after].strip():
            lines.insert(after, "")
    return "\n".join(lines)


def cut(output: str) -> str:
    """An output short enough to read: the first lines, and how many more there are.

    >>> cut("one\\ntwo\\n")
    'one\\ntwo\\n'
    """
    lines = output.removesuffix("\n").split("\n")
    kept = [line if len(line) <= 2000 else line[:1997] + "..." for line in lines[:_LINES]]
    while len(kept) > 1 and sum(map(len, kept)) > _CHARACTERS:
        kept.pop()
    if len(kept) < len(lines):
        kept.append(f"... ({len(lines) - len(kept)} more lines)")
    return "\n".join(kept) + "\n"


def corrected(cell: ExtractedCell, verdict: Verdict) -> str:
    """The cell's block with wrong claims in its comments replaced by the real output."""
    lines = cell.fence.body.split("\n")
    for claim, real in verdict.wrong:
        if claim.place is None or cell.prompts:
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

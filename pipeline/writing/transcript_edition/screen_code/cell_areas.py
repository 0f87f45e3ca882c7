"""A document cut where one piece of code ends: at numbers of cells and prompts of a shell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.writing.transcript_edition.screen_code.documents import SeenRow

_PRINTS = re.compile(r"(?:cat|less|more|bat|head|tail|vim?|nano)\s+(?:-\S+\s+)*(\S+\.py)\b")
_RUNS = re.compile(r"(?:\S*/)?python[\d.]*\s+(?:-\S+\s+)*(\S+\.py)\b")
_STARTS_PYTHON = re.compile(r"(?:\S*/)?i?python[\d.]*\s*$")


@dataclass(frozen=True)
class CellArea:
    """The rows of one piece of code and what follows it.

    ``numbered`` is true when it begins with the number of a notebook's cell; ``output`` what a
    shell printed when it ran the file; ``sample`` is true for code outside of every cell of a
    notebook: that is text; ``followed`` where the next cell is seen below it.
    """

    rows: tuple[SeenRow, ...]
    numbered: bool = False
    output: str = ""
    sample: bool = False
    followed: bool = False


def cut_to_cells(rows: Sequence[SeenRow]) -> list[CellArea]:
    """The pieces of a document, top to bottom; what other commands of a shell print is in none."""
    parts: list[list[SeenRow]] = [[]]
    for row in rows:
        if row.row.mark in ("cell", "shell"):
            parts.append([])
        parts[-1].append(row)
    marked = any(row.row.mark == "cell" for row in rows)
    areas: list[CellArea] = []
    names: list[str] = []
    for number, part in enumerate(parts, start=1):
        if not part:
            continue
        first = part[0].row
        if first.mark == "shell":
            _add_command(first.text, tuple(part[1:]), areas, names)
        else:
            numbered = first.mark == "cell"
            sample, followed = marked and not numbered, number < len(parts)
            areas.append(CellArea(tuple(part), numbered, sample=sample, followed=followed))
            names.append("")
    return areas


def _add_command(
    command: str, rows: tuple[SeenRow, ...], areas: list[CellArea], names: list[str]
) -> None:
    """A file that is printed is code; what running it prints is its output."""
    if match := _RUNS.match(command):
        if match[1] in names:
            place = len(names) - 1 - names[::-1].index(match[1])
            output = "\n".join(row.row.text for row in rows)
            areas[place] = replace(areas[place], output=output)
    elif match := _PRINTS.match(command):
        areas.append(CellArea(rows))
        names.append(match[1])
    elif _STARTS_PYTHON.match(command):
        areas.append(CellArea(rows))
        names.append("")

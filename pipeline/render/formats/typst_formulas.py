"""Formulas for Typst: by pandoc, each tried, so that one which Typst refuses costs no PDF.

Pandoc writes names of symbols that Typst has renamed since (0.14: no ``sect``, no ``dot.circle``),
a fence of two letters where it wants one, and fences that do not match end Typst's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.render.formats.pandoc_blocks import NO_ATTRIBUTES, Element, element

_NEXT = "// next formula"
_CHARACTERS = {
    "sect.big": "⋂", "sect.double": "⋒", "sect.sq": "⊓", "sect": "∩",
    "dot.circle.big": "⨀", "dot.circle": "⊙", "times.circle.big": "⨂", "times.circle": "⊗",
    "minus.circle": "⊖", "dash.circle": "⊝",
}  # fmt: skip
_RENAMED = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, _CHARACTERS))})(?![\w.])")
# A text that never ends goes to the end: no quote within it is tried as another's beginning.
_QUOTED = re.compile(r'("(?:\\.|[^"\\])*(?:"|\\?\Z))', re.DOTALL)


def with_typst_formulas(
    document: Element, convert: Callable[[Element], str], folder: Path
) -> Element:
    """The document of pandoc with its formulas in Typst's words; as code what cannot be set.

    Args:
        document: for pandoc; it is not changed.
        convert: has pandoc write such a document for Typst.
        folder: an empty place for the programs that are tried.
    """
    kinds = {(kind["t"], tex) for kind, tex in _formulas(document)}
    found = sorted(kinds)
    if not found:
        return document
    parts: list[Element] = []
    for kind, tex in found:
        parts += [element("Para", [element("Math", [element(kind), tex])])]
        parts += [element("RawBlock", ["typst", _NEXT])]
    written = convert(document | {"meta": {}, "blocks": parts}).split(_NEXT)
    formulas = [_today(text.strip()) for text in written[: len(found)]]
    refused = _refused([one for one in formulas if one.startswith("$")], folder)
    known = {
        key: made
        for key, made in zip(found, formulas, strict=True)
        if made.startswith("$") and made not in refused
    }
    made: Element = _replaced(document, known)
    return made


def _formulas(part: Any) -> Iterator[tuple[Element, str]]:
    if isinstance(part, dict):
        if part.get("t") == "Math":
            yield part["c"][0], part["c"][1]
        else:
            yield from _formulas(list(part.values()))
    elif isinstance(part, (list, tuple)):
        for one in part:
            yield from _formulas(one)


def _replaced(part: Any, known: dict[tuple[str, str], str]) -> Any:
    if isinstance(part, dict):
        if part.get("t") == "Math":
            kind, tex = part["c"]
            typst = known.get((kind["t"], tex))
            if typst is None:
                return element("Code", [NO_ATTRIBUTES, tex])
            return element("RawInline", ["typst", typst])
        return {name: _replaced(one, known) for name, one in part.items()}
    if isinstance(part, (list, tuple)):
        return [_replaced(one, known) for one in part]
    return part


def _today(formula: str) -> str:
    """With characters for the symbols whose names have changed."""
    parts = _QUOTED.split(formula.replace('delim: "||"', 'delim: "‖"'))
    for at in range(0, len(parts), 2):
        parts[at] = _RENAMED.sub(lambda found: _CHARACTERS[found[0]], parts[at])
    return "".join(parts)


def _refused(formulas: Sequence[str], folder: Path) -> set[str]:
    """Those that Typst does not set, found by halving."""
    import typst

    program = folder / "formulas.typ"
    program.write_text("\n\n".join(formulas), encoding="utf-8")
    try:
        typst.compile(program, root=folder)
    except typst.TypstError:
        if len(formulas) == 1:
            return set(formulas)
        half = len(formulas) // 2
        return _refused(formulas[:half], folder) | _refused(formulas[half:], folder)
    return set()

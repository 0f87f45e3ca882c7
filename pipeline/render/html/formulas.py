"""LaTeX to MathML, ahead of time: the page needs no script to show a formula."""

from __future__ import annotations

import re
from html import escape
from typing import Literal
from xml.etree import ElementTree

from pipeline.render.html.formula_spacing import space

MATH_TAGS = frozenset({
    "math", "mrow", "mi", "mo", "mn", "mtext", "ms", "mspace", "msup", "msub", "msubsup",
    "munder", "mover", "munderover", "mfrac", "msqrt", "mroot", "mtable", "mtr", "mtd", "mstyle",
    "mpadded", "mphantom", "menclose", "mmultiscripts", "mprescripts", "none",
})  # fmt: skip
MATH_ATTRIBUTES = frozenset({
    "display", "mathvariant", "stretchy", "fence", "separator", "accent", "accentunder",
    "linethickness", "columnalign", "rowspacing", "columnspacing", "columnlines", "rowlines",
    "frame", "notation", "lspace", "rspace", "minsize", "maxsize", "width", "height", "depth",
    "displaystyle", "scriptlevel", "movablelimits", "form", "largeop", "alttext",
})  # fmt: skip
# Environments that the converter does not know, or numbers though nothing refers to a number, as
# those that it knows: of the others it would show the "&" and run the lines into one.
_ENVIRONMENT = re.compile(r"\\(begin|end)\{([a-z]+)\*?\}(\{\d+\})?")
_KNOWN_AS = {
    **dict.fromkeys(("align", "aligned", "alignat", "alignedat", "flalign", "split"), "align*"),
    **dict.fromkeys(("gather", "gathered", "multline"), "matrix"),
    **dict.fromkeys(("dcases", "rcases", "drcases"), "cases"),
    "equation": "",
}
_SYMBOL = re.compile(r"&#x(0{0,2}[0-9A-F]{4,5});")


def mathml(latex: str, display: Literal["inline", "block"]) -> str:
    r"""``latex`` (without dollar signs) as a ``<math>`` element; what no converter reads as code.

    The element carries the source as ``alttext``, and nothing but ``MATH_TAGS`` and
    ``MATH_ATTRIBUTES``: the converter copies addresses and styles (``\href``) from its input.
    """
    from latex2mathml.converter import convert_to_element

    source = latex.strip()
    try:
        element = convert_to_element(_ENVIRONMENT.sub(_known, source), display=display)
    except Exception:
        # The converter raises many kinds of errors, IndexError among them; all mean "not LaTeX".
        return f'<code class="latex">{escape(source)}</code>'
    for one in element.iter():
        one.tag = one.tag if one.tag in MATH_TAGS else "mrow"
        kept = {name: _plain(text) for name, text in one.items() if name in MATH_ATTRIBUTES}
        if one.tag == "mover":
            # As an accent, Chromium draws a hat into its letter; as a script above, clear of it.
            kept.pop("accent", None)
        one.attrib.clear()
        one.attrib.update(kept)
        if one.tag in ("mo", "mi"):
            one.text = _named(one.text or "")
        one.text, one.tail = _plain(one.text or ""), _plain(one.tail or "")
    space(element)
    element.set("alttext", source)
    # Written here: the converter's own writer takes "<eos>" in \text{<eos>} for a tag.
    return ElementTree.tostring(element, encoding="unicode", short_empty_elements=False)


def _known(found: re.Match[str]) -> str:
    side, name, _ = found.groups()
    if name == "eqnarray":
        return r"\begin{array}{rcl}" if side == "begin" else r"\end{array}"
    if name not in _KNOWN_AS:
        return found[0]
    known = _KNOWN_AS[name]
    return f"\\{side}{{{known}}}" if known else ""


def _plain(text: str) -> str:
    """The converter's symbols, which it gives as numbers, as characters."""
    return _SYMBOL.sub(lambda found: chr(int(found[1], 16)), text)


def _named(text: str) -> str:
    """A symbol that the converter leaves by its name, as those behind ``\\bigl``, or a function."""
    from latex2mathml.symbols_parser import convert_symbol

    if len(text) < 2 or not text.startswith("\\"):
        return text
    code = convert_symbol(text)
    return chr(int(code, 16)) if code else text[1:]

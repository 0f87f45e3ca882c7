"""LaTeX to MathML, ahead of time: the page needs no script to show a formula."""

from __future__ import annotations

from html import escape
from typing import Literal

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


def mathml(latex: str, display: Literal["inline", "block"]) -> str:
    """``latex`` (without dollar signs) as a ``<math>`` element; what no converter reads as code.

    The element carries the source as ``alttext``. The result must still be sanitised: a converter
    may copy attributes (``\\href``) from its input.
    """
    from latex2mathml.converter import convert

    source = latex.strip()
    try:
        element = convert(source, display=display)
    except Exception:
        # The converter raises many kinds of errors, IndexError among them; all mean "not LaTeX".
        return f'<code class="latex">{escape(source)}</code>'
    # As an accent, Chromium draws a hat into its letter; as a script above, it stands clear of it.
    element = element.replace('<mover accent="true">', "<mover>")
    return element.replace("<math ", f'<math alttext="{escape(source)}" ', 1)

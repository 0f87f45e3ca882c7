"""The fonts of a LaTeX file: where its font lacks a letter, XeLaTeX puts nothing and goes on."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.errors import RenderError
from pipeline.render.formats.typst_fonts import fonts_for, rare_letters

# Latin Modern, LaTeX's own, has neither Greek nor Cyrillic; DejaVu has both.
_BEYOND_LATIN_MODERN = re.compile(r"[\u0370-\u052f]")
_EAST_ASIAN = re.compile(r"[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
_MOST_NAMED = 12


def font_options(texts: Iterable[str], language: str) -> list[str]:
    """The options of pandoc that choose fonts in which these texts have their letters.

    Chinese, Japanese and Korean need no package: XeTeX breaks their lines by itself.

    Raises:
        RenderError: the texts have letters of scripts that XeLaTeX sets badly or not at all without
            packages of their own (Arabic, Hebrew, Indic, Thai).
    """
    found = list(texts)
    rare = rare_letters(found)
    if other := [one for one in rare if one.isalpha() and not _EAST_ASIAN.match(one)]:
        raise RenderError(
            f"a LaTeX file cannot have {len(other)} letters of the text: "
            f"{' '.join(other[:_MOST_NAMED])}",
            "export it as pdf, docx or html instead",
        )
    if any(map(_EAST_ASIAN.match, rare)):
        font = next(one for one in fonts_for(language) if "CJK" in one)
        breaks = rf'\XeTeXlinebreaklocale "{font[-2:].lower()}"'
        return [
            f"--variable=mainfont:{font}",
            f"--variable=monofont:{font.replace('Serif', 'Sans Mono')}",
            rf"--variable=header-includes:{breaks}\XeTeXlinebreakskip=0pt plus 1pt",
        ]
    if any(map(_BEYOND_LATIN_MODERN.search, found)):
        return ["--variable=mainfont:DejaVu Serif", "--variable=monofont:DejaVu Sans Mono"]
    return []

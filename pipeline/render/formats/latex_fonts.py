"""The fonts of a LaTeX file: where its font lacks a letter, XeLaTeX puts nothing and goes on.

So a script that it cannot set is an error, and a symbol that its font lacks is told by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.errors import RenderError
from pipeline.render.formats.pandoc_blocks import Element
from pipeline.render.formats.symbols import is_symbol, texts_in, with_names
from pipeline.render.formats.typst_fonts import fonts_for, rare_letters

# The symbols that both DejaVu Serif and DejaVu Sans Mono have (version 2.37).
_DEJAVU_SYMBOLS = (
    r"\u2070\u2074-\u207c\u2080-\u208c\u20a6\u20ac\u20af\u20b1\u20b4-\u20b5\u20b8-\u20ba\u20bd\u2116"
    r"\u2122\u2150-\u2151\u2153-\u215f\u2189\u2190-\u2200\u2202-\u2204\u2206-\u2209\u220b-\u220c"
    r"\u220f-\u2213\u2215\u2217-\u2220\u2223\u2227-\u222d\u2238-\u223d\u2242-\u2243\u2248\u2250-\u2255"
    r"\u2260-\u2261\u2264-\u2265\u2282-\u2287\u228d-\u22a5\u22c4-\u22c5\u2302\u2310-\u2311\u2318-\u2319"
    r"\u2320-\u2321\u2325\u2328\u237d\u239b-\u23ae\u23cf\u2423\u2500-\u2600\u2638-\u263c\u263f-\u2647"
    r"\u2660-\u2667\u2669-\u266f\u27a1\u27e0\u27f5-\u27f7\u29eb\u2a2f\u2a6a-\u2a6b\u2b05-\u2b0d"
    r"\u2b12-\u2b1a"
)
_IN_DEJAVU = re.compile(rf"[{_DEJAVU_SYMBOLS}]")
# Latin Modern, LaTeX's own, has neither Greek nor Cyrillic, and few symbols; DejaVu has them.
_BEYOND_LATIN_MODERN = re.compile(rf"(?![€№™←↑→↓−∕∗√∞])[\u0370-\u052f{_DEJAVU_SYMBOLS}]")
_EAST_ASIAN = re.compile(r"[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef]")
_MOST_NAMED = 12


def with_latex_letters(document: Element) -> Element:
    """pandoc's document with names for what no font of a LaTeX file has: emoji, most other symbols,
    and letters of far scripts, which only code may hold (``font_options``)."""
    is_east_asian = any(map(_EAST_ASIAN.search, texts_in(document)))

    def lacking(letter: str) -> bool:
        if is_symbol(letter):
            # The fonts of China, Japan and Korea have the signs of the first plane.
            return letter > "\uffff" or not (is_east_asian or _IN_DEJAVU.match(letter))
        return bool(rare_letters([letter])) and not _EAST_ASIAN.match(letter)

    return with_names(document, lacking)


def font_options(texts: Iterable[str], code: Iterable[str], language: str) -> list[str]:
    """The options of pandoc that choose fonts in which these texts, and this code, have their
    letters.

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
    found += code
    if any(map(_EAST_ASIAN.search, found)):
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

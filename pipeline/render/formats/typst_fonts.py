"""Which fonts the PDF is set in, and whether they have the letters of the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import RenderError
from pipeline.i18n.page import page_language

# Libertinus and DejaVu Sans Mono come with Typst; the others are the system's, where it has them.
_FONTS = (
    "Libertinus Serif", "Noto Serif", "Noto Naskh Arabic", "Noto Serif Hebrew",
    "Noto Serif Devanagari", "Noto Serif Thai", "DejaVu Serif",
)  # fmt: skip
# The same characters have other shapes in China, Taiwan, Japan and Korea.
_EAST_ASIAN = {
    "zh": ("Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "SimSun"),
    "zh-Hant": ("Noto Serif CJK TC", "Songti TC", "PMingLiU"),
    "ja": ("Noto Serif CJK JP", "Hiragino Mincho ProN", "Yu Mincho"),
    "ko": ("Noto Serif CJK KR", "AppleMyungjo", "Batang"),
}
# Beyond Latin, Greek and Cyrillic, which Libertinus has: what may have no font here.
_RARE = re.compile(r"[\u0530-\u1dff\u2c00-\ud7ff\uf900-\ufdff\ufe70-\uffef\U00010000-\U0003ffff]")
_MOST_NAMED = 12
# Typst draws the same empty box for every letter that no font has, so a letter without a font is
# exactly as large as U+10FFFF, which never is a letter.
_PROGRAM = """#let given = json("letters.json")
#set text(font: given.fonts, top-edge: "bounds", bottom-edge: "bounds")
#context {
  let box = measure("\\u{10FFFF}")
  let is-box(letter) = {
    let size = measure(letter)
    size.width == box.width and size.height == box.height
  }
  [#metadata(given.letters.filter(is-box)) <boxes>]
}
"""


def rare_letters(texts: Iterable[str]) -> list[str]:
    """The letters that not every font has, once each, in the order of their codes.

    >>> rare_letters(["naïve 字节对", "字"])
    ['字', '对', '节']
    """
    return sorted({letter for text in texts for letter in _RARE.findall(text)})


def fonts_for(language: str) -> tuple[str, ...]:
    """The fonts of a text in ``language`` (a BCP 47 tag), the first one that has a letter sets it.

    >>> [one for one in fonts_for("ja") if "CJK" in one][:2]
    ['Noto Serif CJK JP', 'Noto Serif CJK SC']
    """
    own = _EAST_ASIAN.get(page_language(language), ())
    others = (one for fonts in _EAST_ASIAN.values() for one in fonts)
    return tuple(dict.fromkeys((*_FONTS[:1], *own, *_FONTS[1:], *others)))


def letters_without_font(letters: list[str], folder: Path, *, system: bool = True) -> list[str]:
    """Those of the letters that would be empty boxes.

    Args:
        folder: where to put the program that asks Typst.
        system: whether this machine's own fonts count.
    """
    import typst

    if not letters:
        return []
    asked = {"fonts": fonts_for(""), "letters": letters}
    (folder / "letters.json").write_text(json.dumps(asked), encoding="utf-8")
    program = folder / "letters.typ"
    program.write_text(_PROGRAM, encoding="utf-8")
    answer = typst.query(
        program, "<boxes>", field="value", one=True, root=folder, ignore_system_fonts=not system
    )
    found: list[str] = json.loads(answer)
    return found


def refuse_letters(missing: list[str]) -> None:
    """Say which letters of the text no font has, if there are any.

    Raises:
        RenderError: naming them, and where fonts are to be had.
    """
    if missing:
        shown = " ".join(missing[:_MOST_NAMED]) + (" ..." if len(missing) > _MOST_NAMED else "")
        raise RenderError(
            f"no font of this machine has {len(missing)} letters of the text: {shown}",
            "install a font for them (Debian: fonts-noto-core, fonts-noto-cjk), or export html",
        )

"""Pictures of windows and slides, drawn to the pixel: fonts, coloured code, photographs."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from pygments import lex
from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, String, is_token_subtype

_FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
LIGHT = {"ground": "#ffffff", "ink": "#202124", "box": "#f5f5f5", "edge": "#cfcfcf"}
DARK = {"ground": "#1e1e1e", "ink": "#d4d4d4", "box": "#262626", "edge": "#3c3c3c"}
_COLOURS = {
    "light": {
        Keyword: "#0000c0",
        String: "#a31515",
        Comment: "#3d7a3d",
        Number: "#09705a",
        Name.Function: "#6f4e00",
    },
    "dark": {
        Keyword: "#c586c0",
        String: "#ce9178",
        Comment: "#6a9955",
        Number: "#b5cea8",
        Name.Function: "#dcdcaa",
    },
}


@lru_cache
def font(size: int, mono: bool = True, bold: bool = False) -> ImageFont.FreeTypeFont:
    """DejaVu, as it comes with matplotlib: the same on every machine."""
    name = f"DejaVuSans{'Mono' if mono else ''}{'-Bold' if bold else ''}.ttf"
    return ImageFont.truetype(str(_FONTS / name), size)


def advance(size: int) -> float:
    """The width of a character of the fixed-pitch font."""
    return float(font(size).getlength("m"))


def write_code(
    pen: ImageDraw.ImageDraw, at: tuple[int, int], line: str, size: int, dark: bool
) -> None:
    """One line of Python, coloured as editors do, on a grid of characters."""
    colours = _COLOURS["dark" if dark else "light"]
    ink = (DARK if dark else LIGHT)["ink"]
    x, step = float(at[0]), advance(size)
    for kind, text in lex(line, PythonLexer(stripnl=False, stripall=False, ensurenl=False)):
        colour = next((colours[one] for one in colours if is_token_subtype(kind, one)), ink)
        if text.strip("\n"):
            pen.text((x, at[1]), text.strip("\n"), font=font(size), fill=colour)
            x += step * len(text.strip("\n"))


def write_text(
    pen: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    size: int,
    fill: str,
    mono: bool = False,
    bold: bool = False,
) -> None:
    pen.text(at, text, font=font(size, mono, bold), fill=fill)


def photograph(width: int, height: int, seed: int) -> Image.Image:
    """What a camera might have taken: smooth shapes, grain, no flat ground."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3))
    for scale in (4, 9, 23, 60):
        rough = rng.random((scale, scale, 3)) * 255
        layer = Image.fromarray(rough.astype(np.uint8)).resize(
            (width, height), Image.Resampling.BICUBIC
        )
        picture += np.asarray(layer, dtype=float) / scale**0.5
    picture = 255 * (picture - picture.min()) / (picture.max() - picture.min())
    picture += rng.normal(0, 6, picture.shape)
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))

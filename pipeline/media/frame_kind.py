"""What a frame shows: slide, code, diagram, talking head or something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.model import FrameKind

if TYPE_CHECKING:
    from PIL.Image import Image

_CODE = re.compile(
    r"^\s*(?:def |class |for .+:|while .+:|if .+:|else:|elif |return\b|import |from \w+ import|"
    r"print\(|[\w.\[\]]+ ?[+*-]?= ?\S|[\w.]+\(.*\)$|\$ |>>> |#include|git |[{}]$)",
)

FEW_WORDS = 6  # fewer are a caption or a logo in front of a camera, not a slide


def frame_kind(text: str, picture: Image) -> FrameKind:
    """The kind of a frame from its text (as ``read_text`` gives it) and its picture."""
    lines = [line for line in text.splitlines() if line.strip()]
    running = [line for line in lines if len(re.findall(r"\S\s{2,}", line)) < 3]
    code = sum(1 for line in running if _CODE.match(line))
    if code >= 3 and code >= 0.3 * len(lines):
        return "code"
    if len(re.findall(r"\w+", text)) < FEW_WORDS:
        return "talking head" if _is_natural(picture) else "other"
    if len(lines) >= 8 and max(map(len, lines)) >= 40 and _is_dark(picture):
        return "code"  # a terminal
    pieces = [piece for line in lines for piece in re.split(r"\s{2,}", line.strip())]
    short = sum(1 for piece in pieces if len(piece) <= 12)
    return "diagram" if len(pieces) >= 8 and short > 0.7 * len(pieces) else "slide"


def _is_dark(picture: Image) -> bool:
    """Whether most of the picture is a dark background."""
    histogram = picture.convert("L").resize((160, 90)).histogram()
    return sum(histogram[:80]) > 0.7 * 160 * 90


def _is_natural(picture: Image) -> bool:
    """Whether the picture came from a camera: few of its pixels share a level."""
    histogram = picture.convert("L").resize((160, 90)).histogram()
    return sum(sorted(histogram)[-8:]) < 0.4 * 160 * 90

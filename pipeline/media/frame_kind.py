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


def frame_kind(text: str, picture: Image) -> FrameKind:
    """The kind of a frame from its text (as ``read_text`` gives it) and its picture."""
    lines = [line for line in text.splitlines() if line.strip()]
    code = sum(1 for line in lines if _CODE.match(line))
    if code >= 3 and code >= 0.3 * len(lines):
        return "code"
    words = sum(len(re.findall(r"\w{2,}", line)) for line in lines)
    if words < 6:
        return "talking head" if _is_natural(picture) else "other"
    pieces = [piece for line in lines for piece in re.split(r"\s{2,}", line.strip())]
    short = sum(1 for piece in pieces if len(piece) <= 12)
    return "diagram" if len(pieces) >= 8 and short > 0.7 * len(pieces) else "slide"


def _is_natural(picture: Image) -> bool:
    """Whether the picture came from a camera: few of its pixels share a level."""
    histogram = picture.convert("L").resize((160, 90)).histogram()
    return sum(sorted(histogram)[-8:]) < 0.4 * 160 * 90

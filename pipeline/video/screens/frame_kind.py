"""What a frame shows: slide, code, diagram, talking head or something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.models import FrameKind

if TYPE_CHECKING:
    from PIL.Image import Image

_CODE = re.compile(
    r"^\s*(?:def |class |for .+:|while .+:|if .+:|else:|elif |return\b|import |from \w+ import|"
    r"print\(|[\w.\[\]]+ ?[+*-]?= ?\S|[\w.]+\(.*\)$|\$ |>>> |#include|git |[{}]$)",
)

_INITIALS = re.compile(r"[^\W\d_]{1,2}")

_WORD = re.compile(r"[^\W\d_]{3,}")
TITLE_WORDS = 2  # are enough to name a picture that rests
FEW_WORDS = 6  # fewer are a caption or a logo in front of a camera, not a slide


def frame_kind(text: str, picture: Image, moving: bool = True) -> FrameKind:
    """The kind of a frame from its text (as ``read_text`` gives it) and its picture.

    ``moving`` tells a camera from a photograph on a slide, which rests.

    A speaker's initials on a flat ground, which meetings show for a camera that is off, count as a
    talking head.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    running = [line for line in lines if len(re.findall(r"\S\s{2,}", line)) < 3]
    code = sum(1 for line in running if _CODE.match(line))
    if code >= 3 and code >= 0.3 * len(lines):
        return "code"
    if len(re.findall(r"\w+", text)) < FEW_WORDS:
        initials = _INITIALS.fullmatch(text.strip()) and _is_flat(picture)
        if not moving and len(_WORD.findall(text)) >= TITLE_WORDS:
            return "slide"
        return "talking head" if initials or _is_natural(picture) else "other"
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
    return _share_of_levels(picture) < 0.4


def _is_flat(picture: Image) -> bool:
    """Whether nearly all of the picture has a few levels: grounds without anything on them."""
    return _share_of_levels(picture) > 0.85


def _share_of_levels(picture: Image) -> float:
    """How much of the picture has its eight most usual levels of gray, from 0 to 1."""
    histogram = picture.convert("L").resize((160, 90)).histogram()
    return sum(sorted(histogram)[-8:]) / (160 * 90)

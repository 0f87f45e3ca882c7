"""Code on screen before a part of the lecture: what it defines, and what to recall of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.models import Frame, OutlineSection
from pipeline.writing.chunks import Chunk
from pipeline.writing.screen_text import ScreenTexts

_DEFINITION = re.compile(r"\b(?:def|class)\s+([A-Za-z]\w*)\s*([(:].*)")
# Letters of it that one writer is given, and the least worth giving of a screen.
_CODE_LETTERS = 2_000
_LEAST_CODE = 300


def definitions(frame: Frame) -> list[str]:
    """The functions and classes that a screen of code defines, in order; methods are left out."""
    if frame.kind != "code":
        return []
    return [name for name, rest in _DEFINITION.findall(frame.text) if "self" not in rest]


def earlier_code(
    section: OutlineSection, chunk: Chunk, frames: Sequence[Frame], screens: ScreenTexts
) -> tuple[str, ...]:
    """Code seen before the chunk: where the names that the section needs are defined, and the last.

    Newest first, as long as there is room; none for a section without code.
    """
    if not section.defines and not section.needs:
        return ()
    earlier = [
        frame
        for frame in frames
        if frame.kind == "code" and frame.at_ms < chunk.start_ms and not frame.same_as
    ]
    wanted = []
    for name in section.needs:
        pattern = re.compile(rf"(?:def|class)\s+{re.escape(name)}\b|\b{re.escape(name)}\s*=[^=]")
        wanted += [frame for frame in earlier if pattern.search(frame.text)][-1:]
    chosen = {frame.id: frame for frame in [*wanted, *earlier[-1:]]}
    texts = []
    room = _CODE_LETTERS
    for frame in sorted(chosen.values(), key=lambda frame: -frame.at_ms):
        text = screens.shown(frame, room, " ".join(section.needs))
        room -= len(text)
        texts.append(text)
        if room < _LEAST_CODE:
            break
    return tuple(texts)

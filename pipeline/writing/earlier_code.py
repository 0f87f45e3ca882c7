"""Code on screen before a part of the lecture: what it defines, and what to recall of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document.outline import OutlineSection
from pipeline.models import Frame
from pipeline.writing.chunks import Chunk
from pipeline.writing.context_code import at_most
from pipeline.writing.screen_text import ScreenTexts, is_code
from pipeline.writing.transcript_edition.screen_code.extraction import ScreenCell

_DEFINITION = re.compile(r"\b(?:def|class)\s+([A-Za-z]\w*)\s*([(:].*)")
# Letters of it that one writer is given, and the least worth giving of a screen.
_CODE_LETTERS = 2_000
_LEAST_CODE = 300
# Programs on the screens of the tokenizer lecture have 32 to 65% of such lines, data and pages
# that were taken for code 0 to 22%.
_SHARE_OF_CODE = 0.25
# Of a line's height, how far two lines of one indentation stand apart at most: the next one is
# 1.2 of it away on the tokenizer lecture's screens.
_STEP = 0.6
# Code that ends higher leaves room for more than the margin of a window.
_LOWER_EDGE = 0.93


def definitions(frame: Frame) -> list[str]:
    """The functions and classes that a screen of code defines, in order; methods are left out."""
    if frame.kind != "code":
        return []
    return [name for name, rest in _DEFINITION.findall(frame.text) if "self" not in rest]


def is_cut_off(frame: Frame, name: str) -> bool:
    """Whether the definition of ``name`` goes on to the lower edge of the screen: no line below is
    as far left, and there is no room. False where its lines' places are not known."""
    heads = [
        line
        for line in frame.lines
        if (found := _DEFINITION.match(line.text.strip())) and found[1] == name
    ]
    if not heads:
        return False
    head = heads[-1].box
    below = [
        line.box
        for line in frame.lines
        if line.box.y > head.y and line.box.x >= head.x - _STEP * head.height
    ]
    if any(box.x <= head.x + _STEP * head.height for box in below):
        return False
    lowest = max((box.y + box.height for box in below), default=head.y + head.height)
    return lowest >= _LOWER_EDGE * frame.height


def defines(code: str, name: str) -> bool:
    """Whether this code defines a function or class of this name, or sets it."""
    name = re.escape(name)
    return bool(re.search(rf"\b(?:def|class)\s+{name}\b|\b{name}\s*=[^=]", code))


def earlier_code(
    section: OutlineSection,
    chunk: Chunk,
    frames: Sequence[Frame],
    screens: ScreenTexts,
    cells: Sequence[ScreenCell] = (),
) -> tuple[str, ...]:
    """Code seen before the chunk: where the names that the section needs are defined, and the last.

    Newest first, as long as there is room; none for a section without code. Each piece is a cell
    where the screens' code was put together to one, else the screen as it was read.
    """
    if not section.defines and not section.needs:
        return ()
    before = [cell for cell in cells if cell.frame.at_ms < chunk.start_ms]
    earlier = [
        frame
        for frame in frames
        if _is_program(frame) and frame.at_ms < chunk.start_ms and not frame.same_as
    ]
    wanted: list[ScreenCell | Frame] = []
    for name in section.needs:
        wanted += _last(
            [cell for cell in before if defines(cell.source, name)],
            [frame for frame in earlier if defines(frame.text, name)],
        )
    wanted += _last(before, earlier)
    texts: list[str] = []
    room = _CODE_LETTERS
    for one in sorted(wanted, key=lambda one: -_at_ms(one)):
        if isinstance(one, ScreenCell):
            text = at_most(one.source, room)
        else:
            text = screens.shown(one, room, " ".join(section.needs))
        if text in texts:
            continue
        room -= len(text)
        texts.append(text)
        if room < _LEAST_CODE:
            break
    return tuple(texts)


def _last(cells: Sequence[ScreenCell], frames: Sequence[Frame]) -> Sequence[ScreenCell | Frame]:
    return cells[-1:] or frames[-1:]


def _at_ms(one: ScreenCell | Frame) -> int:
    return one.frame.at_ms if isinstance(one, ScreenCell) else one.at_ms


def _is_program(frame: Frame) -> bool:
    """Whether the screen holds code, and not something else that looks like it to a machine."""
    if frame.kind != "code":
        return False
    lines = [line for line in frame.text.splitlines() if line.strip()]
    return sum(map(is_code, lines)) >= _SHARE_OF_CODE * len(lines)

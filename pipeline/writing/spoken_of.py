"""Which part of a chapter speaks of what is on a screen."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.models import Frame
from pipeline.text.content import content_stems
from pipeline.writing.chunks import Chunk

_APART = re.compile(r"[\W_]+")
# Words of the screen that a chunk has to say more than its own: less is chance.
_MUCH_MORE = 2
# A screen is spoken of while it is up and just before.
_AROUND_MS = 10_000


def spoken_in(text: str, frame: Frame, chunks: Sequence[Chunk], home: int) -> int:
    """The chunk that ``text``, which stands on the frame, belongs to: ``home``, unless another one
    in which the frame is up says much more of its words meanwhile."""
    named = content_stems(_APART.sub(" ", text))
    spoken = {
        n: len(named & content_stems(" ".join(_said_during(frame, chunk))))
        for n, chunk in enumerate(chunks)
        if n == home or frame.overlap_ms(chunk.start_ms, chunk.end_ms) > 0
    }
    best = max(spoken, key=lambda n: (spoken[n], n == home))
    return best if spoken[best] >= spoken[home] + _MUCH_MORE else home


def _said_during(frame: Frame, chunk: Chunk) -> list[str]:
    return [
        one.text
        for one in chunk.segments
        if frame.overlap_ms(one.start_ms - _AROUND_MS, one.end_ms + _AROUND_MS) > 0
    ]

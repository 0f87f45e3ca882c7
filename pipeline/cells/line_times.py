"""Which moment of the lecture a line of a section stands for."""

from __future__ import annotations

import re

from pipeline.document.article import Section
from pipeline.models import Segments

_REFERENCE = re.compile(
    r"\[\[(?P<segment>[^\[\]\s-]++)[^\[\]]*+\]\]|\(frame:(?P<frame>[^()\s]++)\)"
)


class LineTimes:
    """Finds times from the citations and figures around a line."""

    def __init__(self, segments: Segments) -> None:
        self._segments = {one.id: one.start_ms for one in segments.segments}
        self._frames = {one.id: one.at_ms for one in segments.frames}

    def of(self, section: Section, line: int) -> int:
        """The time of the last figure or citation before ``line`` (from 0), in ms.

        Before the first one, that one's time; without any, the start of the section. A figure
        shows what was on the screen when the code was, so it is as good as a citation.
        """
        after: int | None = None
        lines = section.markdown.split("\n")
        for text in reversed(lines[:line]):
            if (found := self._last(text)) is not None:
                return found
        for text in lines[line:]:
            if after is None:
                after = self._last(text)
        return section.start_ms if after is None else after

    def _last(self, text: str) -> int | None:
        for match in reversed(list(_REFERENCE.finditer(text))):
            if (segment := match["segment"]) in self._segments:
                return self._segments[segment]
            if (frame := match["frame"]) in self._frames:
                return self._frames[frame]
        return None

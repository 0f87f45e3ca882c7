"""The speaker's own words for any stretch of the lecture."""

from __future__ import annotations

from bisect import bisect_left

from pipeline.models import Cue, Transcript


class CueIndex:
    """Looks up the cues behind a passage."""

    def __init__(self, transcript: Transcript) -> None:
        self._cues = transcript.cues
        self._starts = [cue.start_ms for cue in transcript.cues]

    def between(self, start_ms: int, end_ms: int) -> tuple[Cue, ...]:
        """The cues whose middle lies in the stretch, in order; empty when nobody speaks."""
        found = []
        # Cues do not overlap, so at most one that began earlier can reach into the stretch.
        for cue in self._cues[max(0, bisect_left(self._starts, start_ms) - 1) :]:
            if cue.start_ms >= end_ms:
                break
            if start_ms <= (cue.start_ms + cue.end_ms) // 2 < end_ms:
                found.append(cue)
        return tuple(found)

    def text(self, start_ms: int, end_ms: int) -> str:
        """Their words as one string."""
        return " ".join(" ".join(cue.text.split()) for cue in self.between(start_ms, end_ms))

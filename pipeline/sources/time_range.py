"""The part of a video to convert, and whether the video has it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.errors import UsageError
from pipeline.timecode import clock

_ROUNDING_MS = 1000  # sites tell whole seconds


@dataclass(frozen=True)
class TimeRange:
    """From ``start_ms`` to ``end_ms`` (None: the end), in ms from the start of the video."""

    start_ms: int = 0
    end_ms: int | None = None

    def check(self, duration_ms: int | None = None) -> None:
        """Refuse an empty part, or one beyond the end; None: the end is not known yet.

        Raises:
            UsageError: it names the option that is wrong.
        """
        if self.end_ms is not None and self.start_ms >= self.end_ms:
            raise UsageError(
                f"--from {clock(self.start_ms)} is not before --to {clock(self.end_ms)}",
                "give a later --to",
            )
        if duration_ms is None:
            return
        if self.start_ms >= duration_ms:
            raise _beyond("--from", self.start_ms, duration_ms)
        if self.end_ms is not None and self.end_ms > duration_ms + _ROUNDING_MS:
            raise _beyond("--to", self.end_ms, duration_ms)

    def end_in(self, duration_ms: int) -> int:
        """Where it ends in a video of that length, ms."""
        return duration_ms if self.end_ms is None else min(self.end_ms, duration_ms)


def _beyond(option: str, at_ms: int, duration_ms: int) -> UsageError:
    end = clock(duration_ms)
    return UsageError(
        f"{option} {clock(at_ms)} is beyond the end of the video at {end}",
        f"give a time before {end}, or leave {option} out",
    )

"""Repair by the language model that wrote the chapter."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from pipeline.cells.repair import BrokenCell, code_of
from pipeline.engine.progress import Progress
from pipeline.errors import LLMError, MediaError
from pipeline.llm.chat import MessagePicture, ModelRequest, Part, user
from pipeline.llm.prompts import render
from pipeline.models import Frame, Segments
from pipeline.writing.screen_images import picture_of

PROMPT = "repair_cell"
_LONGEST = 4000  # tokens of a reply: 400 lines of code, ten times a usual cell
_FRAMES = 2  # the screen at the cell's moment and the one beside it, each some 765 tokens
_WIDTH = 1024  # pixels, two tiles as models count them (``llm.tokens``); code is readable at it
_NAMES = 80  # of the chapter so far, in some 400 tokens of the prompt
_PROBLEM = 4000  # letters of a traceback, from its end: what was raised stands in the last lines


class Asker(Protocol):
    """What answers questions: ``pipeline.llm.client.Client``, or a fake."""

    @property
    def takes_pictures(self) -> bool:
        """Whether pictures are worth sending."""

    def ask_all(self, asks: Sequence[ModelRequest]) -> list[str]:
        """The replies, in order."""


class ModelRepairer:
    """Shows the model the cell, its error, the names there are, and the frames it came from.

    Args:
        client: the model.
        segments: where the frames are found.
        folder: the folder that the frames' paths are relative to.
        progress: is told when the model cannot be asked.
    """

    def __init__(self, client: Asker, segments: Segments, folder: Path, progress: Progress) -> None:
        self._client = client
        self._frames = segments.frames
        self._folder = folder
        self._progress = progress
        self._reachable = True

    def repair(self, broken: BrokenCell) -> str | None:
        """The model's version; None when it keeps its own, or cannot be asked."""
        if not self._reachable:
            return None
        frames = [] if broken.reconstructed else self._shown(broken.at_ms)
        names = [f"{name} ({kind})" for name, kind in list(broken.names.items())[:_NAMES]]
        prompt = render(
            PROMPT,
            source=broken.source,
            problem=broken.problem[-_PROBLEM:],
            names=names,
            screens=[frame.text for frame in frames],
            reconstructed=broken.reconstructed,
        )
        parts: list[Part] = [prompt]
        if self._client.takes_pictures:
            parts += self._pictures(frames)
        label = f"cell {broken.index}, repair {broken.attempt}"
        try:
            replies = self._client.ask_all([ModelRequest(label, (user(*parts),), _LONGEST)])
        except LLMError as error:
            self._progress.warn(f"cell {broken.index} could not be repaired: {error.message}")
            self._reachable = False
            return None
        return code_of(replies[0])

    def _shown(self, at_ms: int | None) -> list[Frame]:
        """The frames on screen nearest to a moment, code first."""
        if at_ms is None:
            return []
        near = sorted(
            self._frames,
            key=lambda frame: (_distance(frame, at_ms), frame.kind != "code", frame.start_ms),
        )
        return near[:_FRAMES]

    def _pictures(self, frames: list[Frame]) -> list[MessagePicture]:
        pictures = []
        for frame in frames:
            try:
                pictures.append(picture_of(self._folder, frame, _WIDTH))
            except MediaError as error:
                self._progress.warn(error.message)
        return pictures


def _distance(frame: Frame, at_ms: int) -> int:
    """How far a moment is from a frame's time on screen, in ms."""
    return max(frame.start_ms - at_ms, at_ms - frame.end_ms, 0)

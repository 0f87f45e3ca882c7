"""The frames of a lecture: states of the screen as pictures, with what is written on them."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine.progress import Progress
from pipeline.models import Box, Frame, ScreenText
from pipeline.timecode import clock
from pipeline.video.ocr.batch import OcrBatch
from pipeline.video.ocr.isolated import read_apart
from pipeline.video.ocr.lines import OcrEngine, PictureReadings
from pipeline.video.screens import ScreenState, find_states
from pipeline.video.screens.compression import compress, small
from pipeline.video.screens.content import content_box, overlay_box
from pipeline.video.screens.frame_kind import frame_kind
from pipeline.video.screens.steady_inset import SteadyInset

if TYPE_CHECKING:
    from PIL.Image import Image

    from pipeline.video.screens.regions import Region

log = logging.getLogger(__name__)

LARGEST_OVERLAY = 0.35  # of the picture: a larger one is the screen
LARGE = 0.045  # of the height of the picture: lines of a title

Write = Callable[[str, bytes], None]


@dataclass(frozen=True)
class FrameMaker:
    """Makes frames: where pictures go, how good they are, and how their text is read.

    Args:
        write: puts a picture at a path relative to the screens folder.
        read: where a picture is read back from, by that path.
        cache: a folder of texts read earlier, by the picture's hash; survives a crash.
        engine: finds and reads lines of text, or None to read nothing.
        engine_version: changes when the engine does.
        workers: threads that read.
        crops: look for the part of each picture that is worth showing.
        apart: reads a compressed picture in a process of its own.
        lack: told what is missing in the end, if anything is: pictures that could not be read.
    """

    write: Write
    read: Callable[[str], bytes]
    cache: Path
    engine: OcrEngine | None
    engine_version: str
    workers: int
    quality: int = 85
    crops: bool = True
    apart: Callable[[bytes], PictureReadings] = read_apart
    lack: Callable[[str], None] = lambda why: None

    def frames(
        self, video: Path, start_ms: int, end_ms: int, progress: Progress
    ) -> tuple[Frame, ...]:
        """The frames of [start_ms, end_ms) in order; empty when there is no picture in it.

        Raises:
            MediaError: the video cannot be opened or has no picture track.
        """
        paths: dict[int, tuple[str, str, int, int]] = {}
        steady = SteadyInset()

        def take(at_ms: int, image: Image) -> None:
            paths[at_ms] = self._write(f"frames/{at_ms:08d}", image)
            steady.add(image)

        states = find_states(video, start_ms, end_ms, take, progress)
        times_ms = [state.at_ms for state in states]
        log.info("%d states of the screen in %s", len(states), video.name)
        texts = self._texts([paths[at_ms][0] for at_ms in times_ms], times_ms, progress)
        heights = [paths[at_ms][3] for at_ms in times_ms]
        states = returning(states, texts, heights)
        sizes = [paths[at_ms][2:] for at_ms in times_ms]
        insets = steady.boxes(sizes, [text.lines for text in texts])
        return tuple(
            self._frame(number, passing(states, number), paths[state.at_ms], text, inset)
            for number, (state, text, inset) in enumerate(zip(states, texts, insets, strict=True))
        )

    def _write(self, stem: str, image: Image) -> tuple[str, str, int, int]:
        picture, thumbnail = compress(image, self.quality), compress(small(image), self.quality)
        path, small_path = f"{stem}{picture.suffix}", f"{stem}-small{thumbnail.suffix}"
        self.write(path, picture.data)
        self.write(small_path, thumbnail.data)
        return path, small_path, picture.width, picture.height

    def _frame(
        self,
        number: int,
        state: ScreenState,
        kept: tuple[str, str, int, int],
        read: ScreenText,
        steady: Box | None,
    ) -> Frame:
        path, thumbnail, width, height = kept
        image = self._open(path)
        inset = steady or _box(state.inset, width, height)
        overlay = _box(state.overlay, width, height)
        kind = frame_kind(read.text, image, state.moving)
        crop = None
        if self.crops and kind != "talking head":
            crop = overlay_box(overlay, image.size, read.lines) if overlay else None
            crop = crop or content_box(image, read.lines, inset)
        return Frame(
            id=f"f{number + 1:04d}",
            at_ms=state.at_ms,
            start_ms=state.start_ms,
            end_ms=state.end_ms,
            path=_located(path),
            width=width,
            height=height,
            text=read.text,
            lines=read.lines,
            same_as=None if state.same_as is None else f"f{state.same_as + 1:04d}",
            kind=kind,
            thumbnail=_located(thumbnail),
            crop=crop,
            inset=inset,
        )

    def _texts(
        self, paths: Sequence[str], times_ms: Sequence[int], progress: Progress
    ) -> list[ScreenText]:
        """The text of each picture; what could not be read is said, and counts as no text."""
        if self.engine is None:
            return [ScreenText()] * len(paths)
        reading = OcrBatch(
            cache=self.cache,
            engine=self.engine,
            apart=self.apart,
            version=self.engine_version,
            workers=self.workers,
        )
        texts, failed = reading.texts([partial(self.read, path) for path in paths], progress)
        if failed:
            first = min(failed)
            why = (
                f"the text of {len(failed)} of {len(paths)} frames (the first at "
                f"{clock(times_ms[first])}): {failed[first]}"
            )
            progress.warn(f"not read: {why}; the next run tries again")
            self.lack(why)
        return texts

    def _open(self, path: str) -> Image:
        from PIL import Image

        return Image.open(io.BytesIO(self.read(path))).convert("RGB")


def returning(
    states: Sequence[ScreenState], texts: Sequence[ScreenText], heights: Sequence[int]
) -> tuple[ScreenState, ...]:
    """The states; one with other large numbers than the one it looks like is no return of it.

    ``Part 3 of 24`` and ``Part 5 of 24`` differ in less than the noise of an encoder.
    """
    numbers = [_large_numbers(text, height) for text, height in zip(texts, heights, strict=True)]
    return tuple(
        replace(state, same_as=None)
        if state.same_as is not None and numbers[state.same_as] != numbers[place]
        else state
        for place, state in enumerate(states)
    )


def passing(states: Sequence[ScreenState], number: int) -> ScreenState:
    """The state ``number``, with its overlay only if that is small, and the state before returns
    as soon as it is gone: what lay over it was opened to be looked at."""
    state = states[number]
    if state.overlay and 0 < number < len(states) - 1 and state.overlay.share <= LARGEST_OVERLAY:
        around = (number - 1, number + 1)
        before, after = (k if (same := states[k].same_as) is None else same for k in around)
        if before == after:
            return state
    return replace(state, overlay=None)


def _large_numbers(text: ScreenText, height: int) -> list[str]:
    # The boxes of single numbers are too high for their size.
    titles = [line for line in text.lines if any(char.isalpha() for char in line.text)]
    large = [line for line in titles if line.box.height >= LARGE * height]
    return [number for line in large for number in re.findall(r"\d+", line.text)]


def _located(name: str) -> str:
    """A picture of the screens folder as frames name it: relative to the lecture's folder."""
    return f"screens/{name}"


def _box(region: Region | None, width: int, height: int) -> Box | None:
    if region is None:
        return None
    left, top, right, bottom = region.pixels(width, height)
    return Box(x=left, y=top, width=right - left, height=bottom - top)

"""The texts of a lecture's pictures: each line read once, each reading kept, no failure fatal.

Pictures are searched for lines ahead of time, several at once; then, picture after picture, lines
that stood on an earlier one are taken from there and the others are read, several at once. So the
result does not depend on who was faster.

What the engine finds and reads on a picture is kept beside its hash as soon as the picture is done:
after an interruption the same answers come from there. A picture may make the engine raise, or its
native code end the whole program. The first is noted, and the others are read. Against the second,
a mark lies beside the kept readings while a picture is worked on: who finds one knows that the
program ended there, and has that picture read in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine.files import load_checkpoint, save_checkpoint
from pipeline.engine.progress import Progress
from pipeline.errors import ScreenError
from pipeline.models import ScreenText
from pipeline.video.ocr.line_memory import LineMemory, SeenLine
from pipeline.video.ocr.lines import FoundLine, OcrEngine, PictureReadings, text_line
from pipeline.video.ocr.recognition import decoded, screen_text

if TYPE_CHECKING:
    from pipeline.video.ocr.lines import Pixels

Apart = Callable[[bytes], PictureReadings]


@dataclass
class _Picture:
    pixels: Pixels
    readings: PictureReadings
    kept: Path
    mark: Path

    @property
    def found(self) -> tuple[FoundLine, ...]:
        return self.readings.found


@dataclass(frozen=True)
class OcrBatch:
    """Reads pictures (as compressed bytes), in order.

    Args:
        cache: a folder of readings by the picture's hash; survives a crash.
        engine: finds and reads lines; used by several threads at once.
        apart: all that the engine finds and reads on a picture, in a process of its own.
        version: changes when the engine does.
        workers: threads.
    """

    cache: Path
    engine: OcrEngine
    apart: Apart
    version: str
    workers: int

    def texts(
        self, pictures: Sequence[Callable[[], bytes]], progress: Progress
    ) -> tuple[list[ScreenText], dict[int, str]]:
        """The text of each picture, and for those that could not be read (by index) why not."""
        failed: dict[int, str] = {}
        memory = LineMemory()
        pages: list[list[SeenLine]] = []
        ahead: list[Future[_Picture]] = []
        with _pool(self.workers, ahead) as pool:
            ahead += [pool.submit(self._looked_at, load) for load in pictures[: self.workers + 1]]
            for index in range(len(pictures)):
                looked_at = ahead.pop(0)
                if (further := index + self.workers + 1) < len(pictures):
                    ahead.append(pool.submit(self._looked_at, pictures[further]))
                try:
                    pages.append(self._read(looked_at.result(), memory, pool))
                except ScreenError as error:
                    failed[index] = error.message
                    pages.append([])
                progress.update(index + 1, len(pictures), "frames read")
        return [_text(page) for page in pages], failed

    def _looked_at(self, load: Callable[[], bytes]) -> _Picture:
        """A picture with its lines found, or with all that was kept of it."""
        picture = load()
        key = sha256(picture + self.version.encode()).hexdigest()
        kept, mark = self.cache / f"{key}.json", self.cache / f"{key}.begun"
        pixels = decoded(picture)
        if (known := load_checkpoint(kept)) is not None:
            mark.unlink(missing_ok=True)  # killed between keeping the readings and removing it
            return _Picture(pixels, PictureReadings.model_validate(known), kept, mark)
        if mark.exists():
            return _Picture(pixels, self.apart(picture), kept, mark)
        self.cache.mkdir(parents=True, exist_ok=True)
        mark.touch()
        with _unmarked_on_failure(mark):
            return _Picture(pixels, self.engine.find(pixels), kept, mark)

    def _read(self, picture: _Picture, memory: LineMemory, pool: Executor) -> list[SeenLine]:
        """The lines of a picture, each a remembered one, those seen first remembered from now."""
        with _unmarked_on_failure(picture.mark):
            before = set(picture.readings.read)
            seen = memory.seen(picture.pixels, picture.found)
            unread = [k for k, one in enumerate(seen) if not (one and one.line.is_settled)]
            self._read_lines(picture, unread, pool)
            if before != set(picture.readings.read) or not picture.kept.exists():
                save_checkpoint(picture.kept, picture.readings.model_dump(mode="json"))
        picture.mark.unlink(missing_ok=True)
        read = picture.readings.read
        for k in unread:
            if one := seen[k]:
                one.line.read_again(read[k].moved(-one.shift))
        known = [one for one in seen if one]
        memory.keep(known)
        fresh = [(picture.found[k], read[k]) for k in unread if not seen[k]]
        return known + memory.remember(picture.pixels, fresh)

    def _read_lines(self, picture: _Picture, numbers: Sequence[int], pool: Executor) -> None:
        missing = [k for k in numbers if k not in picture.readings.read]
        found = [picture.found[k] for k in missing]
        readings = pool.map(lambda one: self.engine.read(picture.pixels, one), found)
        picture.readings.read.update(zip(missing, readings, strict=True))


def _text(page: Sequence[SeenLine]) -> ScreenText:
    placed = ((one.found, one.line.reading.moved(one.shift)) for one in page)
    return screen_text(line for one in placed if (line := text_line(*one)))


@contextmanager
def _pool(workers: int, ahead: Sequence[Future[_Picture]]) -> Iterator[Executor]:
    pool = ThreadPoolExecutor(workers)
    try:
        yield pool
    finally:
        # After Ctrl-C or a failure the pictures that wait are not read first.
        pool.shutdown(cancel_futures=True)
        for picture in ahead:
            if not picture.cancelled() and picture.exception() is None:
                picture.result().mark.unlink(missing_ok=True)


@contextmanager
def _unmarked_on_failure(mark: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        mark.unlink(missing_ok=True)  # it raised (or was interrupted), and ended nothing
        raise

"""The texts of pictures: several read at once, each kept as soon as it is read, none fatal.

A picture may make the reader raise, or its native code end the whole program. The first is noted,
and the others are read. Against the second, a mark lies beside the kept texts while a picture is
read: who finds one knows that the program ended there, and has that picture read in a process of
its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipeline.engine.checkpoints import load_sealed, save_sealed
from pipeline.engine.progress import Progress
from pipeline.errors import ScreenError
from pipeline.models import ScreenText

Read = Callable[[bytes], ScreenText]


@dataclass(frozen=True)
class OcrBatch:
    """Reads pictures (as compressed bytes).

    Args:
        cache: a folder of texts read earlier, by the picture's hash; survives a crash.
        here: the text of a picture, read in this process; raises ScreenError when it cannot.
        apart: the same in a process of its own.
        version: changes when the reader does.
        workers: pictures read at once.
    """

    cache: Path
    here: Read
    apart: Read
    version: str
    workers: int

    def texts(
        self, pictures: Sequence[Callable[[], bytes]], progress: Progress
    ) -> tuple[list[ScreenText], dict[int, str]]:
        """The text of each picture, and for those that could not be read (by index) why not."""
        failed: dict[int, str] = {}
        done = 0

        def read(index: int) -> ScreenText:
            nonlocal done
            try:
                text = self._text(pictures[index]())
            except ScreenError as error:
                failed[index] = error.message
                text = ScreenText()
            done += 1
            progress.update(done, len(pictures), "frames read")
            return text

        pool = ThreadPoolExecutor(self.workers)
        try:
            return list(pool.map(read, range(len(pictures)))), dict(sorted(failed.items()))
        finally:
            # After Ctrl-C or a failure the pictures that wait are not read first.
            pool.shutdown(cancel_futures=True)

    def _text(self, picture: bytes) -> ScreenText:
        key = sha256(picture + self.version.encode()).hexdigest()
        kept, mark = self.cache / f"{key}.json", self.cache / f"{key}.begun"
        if (known := load_sealed(kept)) is not None:
            mark.unlink(missing_ok=True)  # killed between keeping the text and removing the mark
            return ScreenText.model_validate(known)
        if mark.exists():
            text = self.apart(picture)
        else:
            self.cache.mkdir(parents=True, exist_ok=True)
            mark.touch()
            try:
                text = self.here(picture)
            except BaseException:
                mark.unlink(missing_ok=True)  # it raised (or was interrupted), and ended nothing
                raise
        save_sealed(kept, text.model_dump(mode="json"))
        mark.unlink(missing_ok=True)
        return text

"""The uploaded files, which wait for their conversion in a folder of the server's own."""

from __future__ import annotations

import contextlib
import glob
from collections.abc import Iterable
from pathlib import Path

CAPTION_SUFFIXES = (".vtt", ".srt", ".sbv")


class Uploads:
    """The folder with the uploaded videos and the captions beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def holds(self, source: str) -> bool:
        """Whether a job's source is a file of this folder; ``..`` in it leads nowhere else."""
        return Path(source).parent == self.folder and Path(source).name != ".."

    def remove(self, source: str) -> None:
        """Remove the file of a job's source, if it was uploaded, with its captions."""
        path = Path(source)
        if self.holds(source):
            for one in (path, *captions_beside(path)):
                with contextlib.suppress(OSError):
                    one.unlink()

    def remove_all_but(self, sources: Iterable[str]) -> None:
        """Remove what a server that was killed has left of uploads that never became a job."""
        wanted = {one for path in map(Path, sources) for one in (path, *captions_beside(path))}
        for path in self.folder.glob("*"):
            if path not in wanted:
                with contextlib.suppress(OSError):
                    path.unlink()


def captions_beside(video: Path) -> tuple[Path, ...]:
    """The caption files that came with an uploaded video: its name with a further ending."""
    if not video.is_absolute():
        return ()
    return tuple(
        path
        for path in sorted(video.parent.glob(f"{glob.escape(video.stem)}.*"))
        if path.suffix in CAPTION_SUFFIXES
    )

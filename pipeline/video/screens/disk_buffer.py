"""Measures and pictures that wait: kept small, and on disk beyond a few megabytes."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

from pipeline.video.screens.tiles import Tiles

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

IN_MEMORY = 1 << 20  # bytes


class DiskBuffer:
    """Takes pieces of bytes and gives them back in the same order; gone when it is let go."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        self._sizes = array("I")

    def add(self, piece: bytes) -> None:
        """The next piece; it is packed."""
        packed = zlib.compress(piece, level=1)
        self._file.write(packed)
        self._sizes.append(len(packed))

    def __iter__(self) -> Iterator[bytes]:
        at = 0
        for size in self._sizes:
            self._file.seek(at)
            yield zlib.decompress(self._file.read(size))
            at += size


class TileBuffer:
    """Tiles of pictures, each as its difference from the one before: mostly nearly all zero."""

    def __init__(self) -> None:
        self._spool = DiskBuffer()
        self._before: NDArray[np.uint8] | None = None
        self._shapes: tuple[tuple[int, ...], ...] = ()

    def add(self, tiles: Tiles) -> None:
        """The next picture's tiles; all have the same shapes."""
        import numpy as np

        parts = (tiles.brightness, tiles.ink, tiles.strips)
        flat = np.concatenate([part.ravel() for part in parts])
        self._spool.add((flat if self._before is None else flat - self._before).tobytes())
        self._before = flat
        self._shapes = tuple(part.shape for part in parts)

    def __iter__(self) -> Iterator[Tiles]:
        import numpy as np

        flat: NDArray[np.uint8] | None = None
        for piece in self._spool:
            news = np.frombuffer(piece, dtype=np.uint8)
            flat = news if flat is None else flat + news
            yield self._tiles(flat)

    def _tiles(self, flat: NDArray[np.uint8]) -> Tiles:
        parts = []
        at = 0
        for rows, columns in self._shapes:
            parts.append(flat[at : at + rows * columns].reshape(rows, columns))
            at += rows * columns
        return Tiles(*parts)


class PictureBuffer:
    """Pictures (RGB), or None where there is none."""

    def __init__(self) -> None:
        self._spool = DiskBuffer()
        self._sizes: list[tuple[int, int] | None] = []

    def add(self, picture: Image | None) -> None:
        """The next picture."""
        self._spool.add(b"" if picture is None else picture.tobytes())
        self._sizes.append(None if picture is None else picture.size)

    def __iter__(self) -> Iterator[Image | None]:
        from PIL import Image

        for piece, size in zip(self._spool, self._sizes, strict=True):
            yield None if size is None else Image.frombytes("RGB", size, piece)

"""Memory that a computation frees and soon asks for again, kept instead of given back.

Whisper's encoder takes and frees 70 MB and more in every layer. The C library gives blocks of that
size back to the system at once and gets them as new pages, to be cleared: with the base model 40%
of the encoder's processor time. Only glibc is tuned here; elsewhere nothing is done.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Numbers of mallopt(3).
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _MMAP_MAX, _ARENA_MAX = -1, -3, -4, -8
_KEEP = 2**31 - 1  # bytes of free memory at the heap's end
# What glibc itself comes to in a process that uses large blocks.
_USUAL = {_MMAP_THRESHOLD: 32 * 2**20, _TRIM_THRESHOLD: 64 * 2**20, _MMAP_MAX: 65_536}


def share_one_heap() -> None:
    """Let all threads use the main heap: in a thread's own no block is larger than 64 MB.

    To be called before the first thread is started, else ``freed_memory_kept`` may do nothing.
    """
    _tune({_ARENA_MAX: 1})


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """Within, up to 2 GB of freed memory stay with the process; afterwards it is given back."""
    _tune({_MMAP_MAX: 0, _TRIM_THRESHOLD: _KEEP})
    try:
        yield
    finally:
        _tune(_USUAL)
        release_memory()


def release_memory() -> None:
    """Give the system back what is free between blocks in use, in the heaps of all threads.

    glibc itself only gives back what is free at the end of the main one.
    """
    if library := _glibc():
        library.malloc_trim(0)


def _tune(values: dict[int, int]) -> None:
    if library := _glibc():
        for number, value in values.items():
            library.mallopt(number, value)


def _glibc() -> Any:
    """The C library of this process if it is glibc, else None."""
    if not sys.platform.startswith("linux"):
        return None
    import ctypes

    library = ctypes.CDLL(None)
    return library if hasattr(library, "gnu_get_libc_version") else None

"""Bringing very quiet recordings to the level of ordinary speech, block by block."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

_FRAME = 480  # samples at 16 kHz: 30 ms
_LOUD_PERCENTILE = 95  # the syllables, not the pauses between them
# Silero finds all of a voice down to -55 dBFS, 90% of it at -65 (German speech attenuated in steps
# of 5 dB). Ordinary recordings are at -30 to -14; they are left as they are.
_QUIET_DB = -45.0
_TARGET_DB = -25.0
# Below this there is nothing but the dither of a 16-bit recording (-96 dBFS).
_NOTHING_DB = -85.0
_PEAK = 0.95
_MEMORY = 6  # blocks: of 10 s each, a minute


def amplified(blocks: Iterable[Samples], tell: Callable[[int], None]) -> Iterator[Samples]:
    """``blocks`` of 16 kHz samples, amplified where the last minute of them is very quiet.

    The gain is constant within a block and never makes it clip. Noise is amplified like speech:
    that it is none is for the speech detector to say.

    Args:
        tell: called once, with the gain in dB, when the first block is amplified.
    """
    recent: deque[float] = deque(maxlen=_MEMORY)
    told = False
    for block in blocks:
        recent.append(_level_db(block))
        level = max(recent)
        if not _NOTHING_DB < level < _QUIET_DB:
            yield block
            continue
        gain = min(10 ** ((_TARGET_DB - level) / 20), _PEAK / float(abs(block).max() or 1))
        if not told:
            told = True
            tell(round(_TARGET_DB - level))
        yield block * block.dtype.type(gain)


def _level_db(block: Samples) -> float:
    """The level of the louder frames in dBFS; -200 for silence."""
    import numpy as np

    whole = block[: len(block) // _FRAME * _FRAME] if len(block) >= _FRAME else block
    power = np.square(whole).reshape(-1, min(_FRAME, len(whole) or 1)).mean(axis=1)
    loud = float(np.percentile(power, _LOUD_PERCENTILE)) if len(power) else 0.0
    return 10 * float(np.log10(loud + 1e-20))

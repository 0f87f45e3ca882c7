"""How likely a sentence ends between two words, by the fifteen words around the gap.

A small network: every word has a vector, the sum of one of its own, if it is among the 5,000
commonest, and one of its last three letters; one hidden layer reads the vectors. Its weights were
learnt from speeches, chats and manuals by ``python -m tests.benchmarks.train_sentence_ends``.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LEFT, RIGHT = 9, 6
ENDINGS = 1024
# A matrix is kept as whole numbers of 8 bits; its greatest entry is this one.
GREATEST = 127
WEIGHTS = Path(__file__).with_name("end_model.npz")


def ending_of(word: str) -> int:
    """The number of the vector that words share with others that end in the same letters.

    >>> ending_of("tokens") == ending_of("pens"), ending_of("merges") == ending_of("merged")
    (True, False)
    """
    return zlib.crc32(word[-3:].encode()) % ENDINGS


@dataclass(frozen=True)
class EndModel:
    """The weights, as matrices of floats; ``words`` has the rows of ``own``, 0 is of the others."""

    words: Mapping[str, int]
    own: npt.NDArray[np.float32]
    endings: npt.NDArray[np.float32]
    hidden: npt.NDArray[np.float32]
    hidden_bias: npt.NDArray[np.float32]
    marks: npt.NDArray[np.float32]
    marks_bias: npt.NDArray[np.float32]

    def log_odds(self, keys: Sequence[str]) -> list[float]:
        """For each of ``keys`` (see ``SpokenWord.key``) the log odds that a sentence ends there."""
        import numpy as np

        own = self.own[[self.words.get(key, 0) for key in keys]]
        vectors = own + self.endings[[ending_of(key) for key in keys]]
        nothing = self.own[0] + self.endings[0]
        padded = np.vstack([[nothing] * (LEFT - 1), vectors, [nothing] * RIGHT])
        windows = np.lib.stride_tricks.sliding_window_view(padded, LEFT + RIGHT, axis=0)
        layer = np.einsum("gvp,hpv->gh", windows, self.hidden, optimize=True) + self.hidden_bias
        nowhere, clause, sentence = (np.maximum(layer, 0) @ self.marks.T + self.marks_bias).T
        odds: list[float] = (sentence - np.logaddexp(nowhere, clause)).tolist()
        return odds


@cache
def end_model() -> EndModel:
    """The model that comes with the program, read when it is first needed."""
    import numpy as np

    with np.load(WEIGHTS, allow_pickle=False) as kept:

        def matrix(name: str) -> npt.NDArray[np.float32]:
            whole: npt.NDArray[np.int8] = kept[name]
            return whole.astype(np.float32) * float(kept[f"{name} scale"] / GREATEST)

        words = bytes(kept["words"]).decode().split("\n")
        own, hidden = matrix("own.weight"), matrix("hidden.weight")
        return EndModel(
            words={word: at for at, word in enumerate(words, start=1)},
            own=own,
            endings=matrix("endings.weight"),
            hidden=hidden.reshape(len(hidden), LEFT + RIGHT, own.shape[1]),
            hidden_bias=matrix("hidden.bias"),
            marks=matrix("end.weight"),
            marks_bias=matrix("end.bias"),
        )

"""What a speech recogniser is to the rest: windows of sound in, timed words out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.speech.prompt import Priming


@dataclass(frozen=True)
class HeardWord:
    """A word and its times in seconds from the start of the window; probability in 0 to 1."""

    start_s: float
    end_s: float
    text: str
    probability: float | None


@dataclass(frozen=True)
class Heard:
    """What was recognised in one window.

    ``average_logprob`` is the mean log probability of the tokens, ``no_speech`` the model's own
    probability that nobody spoke; None where an engine does not tell. ``approximate``: the word
    times are shared out in proportion because the model could not align them.
    """

    words: tuple[HeardWord, ...]
    average_logprob: float | None = None
    no_speech: float | None = None
    temperature: float = 0.0
    approximate: bool = False

    @property
    def text(self) -> str:
        """The words, divided by single spaces."""
        return " ".join(word.text for word in self.words)


class Recogniser(Protocol):
    """A loaded model.

    ``batch`` is how many windows it likes to be given at once; ``languages`` the codes it knows,
    None when that is not known.
    """

    name: str
    model: str
    batch: int
    languages: frozenset[str] | None

    def language(self, samples: NDArray[np.float32]) -> str:
        """The language spoken, as Whisper's code (``en``); an English-only model says ``en``."""

    def recognise(
        self,
        windows: Sequence[NDArray[np.float32]],
        language: str,
        priming: Priming,
        temperature: float = 0.0,
    ) -> list[Heard]:
        """What is said in each window (16 kHz mono, up to 30 s), in the same order.

        Raises:
            SpeechError: the model or the server failed.
        """

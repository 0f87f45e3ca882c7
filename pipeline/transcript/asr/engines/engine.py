"""What a speech recogniser is to the rest: windows of sound in, timed words out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from pipeline.transcript.asr.initial_prompt import InitialPrompt

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Decoding:
    """How a window is to be decoded.

    ``temperature`` 0 is the likeliest text, above it the best of some sampled ones.
    ``timestamps``: whether Whisper writes time stamps into its text. With them it stops at the one
    that ends the last whole sentence, and what is said after it is lost; but it writes the slips
    and restarts of a lecturer that it leaves out without them.
    """

    language: str
    prompt: InitialPrompt = field(default_factory=InitialPrompt)
    temperature: float = 0.0
    timestamps: bool = False


@dataclass(frozen=True)
class RecognisedWord:
    """A word and its times in seconds from the start of the window; probability in 0 to 1."""

    start_s: float
    end_s: float
    text: str
    probability: float | None


@dataclass(frozen=True)
class Recognition:
    """What was recognised in one window.

    ``average_logprob`` is the mean log probability of the tokens, ``no_speech`` the model's own
    probability that nobody spoke; None where an engine does not tell. ``approximate``: the word
    times are shared out in proportion because the model could not align them. ``language`` is what
    the window sounds like to the model, whatever it was told to write, and how sure it is of that.
    """

    words: tuple[RecognisedWord, ...]
    average_logprob: float | None = None
    no_speech: float | None = None
    temperature: float = 0.0
    approximate: bool = False
    language: str = ""
    language_probability: float | None = None

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

    def language(self, samples: NDArray[np.float32]) -> tuple[str, float | None]:
        """The language spoken, as Whisper's code (``en``), and how sure that is, in 0 to 1.

        An English-only model says ``en`` and 1; None where an engine does not tell how sure it is.
        """

    def recognise(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[Recognition]:
        """What is said in each window (16 kHz mono, up to 30 s), in the same order.

        Raises:
            SpeechError: the model or the server failed.
        """

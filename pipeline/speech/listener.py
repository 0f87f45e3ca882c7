"""Listening to windows with care: once, and again where the result is doubtful.

Also decides whether the prompt helps. Most models understand names better with it; a weak one
begins to repeat itself. So the first windows are heard with and without it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from pipeline.speech.engine import Heard, Recogniser
from pipeline.speech.guards import better, doubt, without_inventions
from pipeline.speech.prompt import Priming
from pipeline.speech.windows import Window

# A doubtful window is decoded once more at this temperature (the middle of Whisper's own ladder).
_AGAIN_TEMPERATURE = 0.4
# With a prompt the mean log probability of the first windows may be this much lower at most.
_PROMPT_MARGIN = 0.005


class Store(Protocol):
    """Keeps what was heard in windows, so that a crash does not lose it."""

    def get(self, window: Window, priming: Priming, temperature: float) -> Heard | None:
        """What was heard in a window of the same sound in the same way, if it is kept."""

    def put(self, window: Window, priming: Priming, temperature: float, heard: Heard) -> None:
        """Keep it, safe against a crash."""


class Listener:
    """Hears windows with one model in one language; counts what it does in ``tally``.

    The keys of ``tally``: ``("reheard", reason)`` in windows, ``("dropped", reason)`` in words.
    """

    def __init__(
        self, recogniser: Recogniser, store: Store, language: str, priming: Priming
    ) -> None:
        self.recogniser = recogniser
        self.language = language
        self.priming = priming
        self.tally: Counter[tuple[str, str]] = Counter()
        self._store = store
        self._prompt_tried = not priming

    def hear(self, batch: Sequence[Window]) -> list[Heard]:
        """What is said in each window, inventions taken out, in the same order."""
        results = self._decode(batch, self.priming, 0.0)
        if not self._prompt_tried:
            self._prompt_tried = True
            plain = self._decode(batch, Priming(), 0.0)
            if _sureness(results) < _sureness(plain) - _PROMPT_MARGIN:
                self.priming = Priming()
                results = plain
        results = self._again(batch, results)
        cleaned = []
        for window, heard in zip(batch, results, strict=True):
            kept, dropped = without_inventions(heard, window.pauses)
            cleaned.append(kept)
            for reason, words in vars(dropped).items():
                self.tally["dropped", reason] += words
        return cleaned

    def _again(self, batch: Sequence[Window], results: Sequence[Heard]) -> list[Heard]:
        """Listen once more to the doubtful windows, and believe the better of the two."""
        settled = list(results)
        doubtful = {i: why for i, heard in enumerate(results) if (why := doubt(heard))}
        for reason in doubtful.values():
            self.tally["reheard", reason] += 1
        indices = list(doubtful)
        if indices:
            windows = [batch[index] for index in indices]
            # A prompt that is the cause of a loop would cause it again.
            others = self._decode(windows, Priming(), _AGAIN_TEMPERATURE)
            if self.priming:
                plain = self._decode(windows, Priming(), 0.0)
                others = [better(a, b) for a, b in zip(plain, others, strict=True)]
            for index, other in zip(indices, others, strict=True):
                settled[index] = better(results[index], other)
        return settled

    def _decode(self, batch: Sequence[Window], priming: Priming, temperature: float) -> list[Heard]:
        kept = [self._store.get(window, priming, temperature) for window in batch]
        if all(kept):
            return [heard for heard in kept if heard]
        # All of them, also those that are kept: the numbers of a batch depend on its company,
        # and a resumed run must give the very words of an uninterrupted one.
        results = self.recogniser.recognise(
            [window.samples for window in batch], self.language, priming, temperature
        )
        for window, heard in zip(batch, results, strict=True):
            self._store.put(window, priming, temperature, heard)
        return results


def _sureness(results: Sequence[Heard]) -> float:
    """The mean log probability over windows; 0 when the engine gives none."""
    known = [heard.average_logprob for heard in results if heard.average_logprob is not None]
    return sum(known) / len(known) if known else 0.0

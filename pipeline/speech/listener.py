"""Listening to windows with care: once, and again where the result is doubtful.

Also decides whether the prompt helps. Most models understand names better with it; a weak one
begins to repeat itself. So the first windows are heard with and without it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from pipeline.speech.engine import Heard, Recogniser
from pipeline.speech.guards import better, doubt, without_inventions
from pipeline.speech.prompt import Priming
from pipeline.speech.windows import SAMPLE_RATE, Window, halves

# The last way to hear a doubtful window: sampled at this temperature of Whisper's own ladder.
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
        """Listen again to the doubtful windows, in other ways, until one leaves no doubt."""
        settled = list(results)
        for index, (window, heard) in enumerate(zip(batch, results, strict=True)):
            reason = doubt(heard, window.pauses)
            if reason is None:
                continue
            self.tally["reheard", reason] += 1
            for other in self._other_ways(window):
                settled[index] = better(settled[index], other, window.pauses)
                if doubt(settled[index], window.pauses) is None:
                    break
        return settled

    def _other_ways(self, window: Window) -> Iterator[Heard]:
        """A window heard without the prompt, in two halves, and at a higher temperature."""
        plain = Priming()
        if self.priming:
            yield self._decode([window], plain, 0.0)[0]
        if parts := halves(window):
            first, second = self._decode(parts, plain, 0.0)
            yield _one_after_the_other(first, second, len(parts[0].samples) / SAMPLE_RATE)
        yield self._decode([window], plain, _AGAIN_TEMPERATURE)[0]

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


def _one_after_the_other(first: Heard, second: Heard, at_s: float) -> Heard:
    """What was heard in two halves as what was heard in the whole; the second begins ``at_s``."""
    moved = (
        replace(word, start_s=word.start_s + at_s, end_s=word.end_s + at_s) for word in second.words
    )
    count = max(len(first.words) + len(second.words), 1)
    logprobs = [(len(h.words), h.average_logprob) for h in (first, second)]
    mean = sum(n * (logprob or 0.0) for n, logprob in logprobs) / count
    return replace(
        first,
        words=(*first.words, *moved),
        average_logprob=None if first.average_logprob is None else mean,
        approximate=first.approximate or second.approximate,
    )


def _sureness(results: Sequence[Heard]) -> float:
    """The mean log probability over windows; 0 when the engine gives none."""
    known = [heard.average_logprob for heard in results if heard.average_logprob is not None]
    return sum(known) / len(known) if known else 0.0

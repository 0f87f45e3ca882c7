"""A stream of sound to words: windows of speech, recognised in batches, kept as they are done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Protocol

from pipeline.model import Cue, Word
from pipeline.speech.cues import cues_from, in_order
from pipeline.speech.engine import Heard, Recogniser
from pipeline.speech.prompt import Priming
from pipeline.speech.vad import SpeechDetector
from pipeline.speech.windows import Window, windows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Store(Protocol):
    """Keeps what was heard in windows, so that a crash does not lose it."""

    def get(self, window: Window) -> Heard | None:
        """What was heard in a window of the same sound with the same settings, if it is kept."""

    def put(self, window: Window, heard: Heard) -> None:
        """Keep it, safe against a crash."""


@dataclass(frozen=True)
class Recognised:
    """The cues of a stream, times in its source, and the language spoken (None: nothing said)."""

    language: str | None
    cues: tuple[Cue, ...]


def recognise(
    blocks: Iterable[NDArray[np.float32]],
    load: Callable[[], Recogniser],
    detector: SpeechDetector,
    store_for: Callable[[Recogniser, str], Store],
    language: str | None = None,
    priming: Priming | None = None,
    offset_ms: int = 0,
    on_progress: Callable[[int], None] = lambda ms: None,
) -> Recognised:
    """Transcribe a stream of 16 kHz mono samples.

    Args:
        blocks: the samples, in pieces of any length.
        load: loads the model; not called when nobody speaks.
        detector: finds speech; nothing else is sent to the model.
        store_for: the store of finished windows for a model and a language.
        language: Whisper's code; None detects it in the first window.
        priming: names and terms for the prompt.
        offset_ms: where the stream begins in its source; added to all times.
        on_progress: called with the milliseconds of the stream that are done.
    """
    priming = priming or Priming()
    found = windows(blocks, detector)
    first = next(found, None)
    if first is None:
        return Recognised(None, ())
    recogniser = load()
    language = language or recogniser.language(first.samples)
    store = store_for(recogniser, language)
    cues: list[Cue] = []
    for batch in _batches(chain([first], found), recogniser.batch):
        results = _heard(batch, recogniser, store, language, priming)
        for window, heard in zip(batch, results, strict=True):
            cues += cues_from(_words(window, heard, offset_ms), heard.approximate)
        on_progress(batch[-1].end_ms)
    return Recognised(language, tuple(in_order(cues)))


def _heard(
    batch: Sequence[Window],
    recogniser: Recogniser,
    store: Store,
    language: str,
    priming: Priming,
) -> list[Heard]:
    kept = [store.get(window) for window in batch]
    if all(kept):
        return [heard for heard in kept if heard]
    results = recogniser.recognise([window.samples for window in batch], language, priming)
    for window, heard in zip(batch, results, strict=True):
        store.put(window, heard)
    return results


def _words(window: Window, heard: Heard, offset_ms: int) -> list[Word]:
    """The words with times in the source, each at least 1 ms and none before the one before."""
    words: list[Word] = []
    latest = 0
    for word in heard.words:
        start_ms = max(offset_ms + window.source_ms(word.start_s), latest)
        end_ms = max(offset_ms + window.source_ms(word.end_s, ending=True), start_ms + 1)
        words.append(
            Word(start_ms=start_ms, end_ms=end_ms, text=word.text, probability=word.probability)
        )
        latest = end_ms
    return words


def _batches(found: Iterable[Window], size: int) -> Iterator[list[Window]]:
    iterator = iter(found)
    while batch := list(islice(iterator, size)):
        yield batch

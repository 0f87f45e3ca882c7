"""A stream of sound to cues: windows of speech, recognised in batches, words timed and shaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from pipeline.model import Cue, Word
from pipeline.speech.engine import Heard
from pipeline.speech.listener import Listener
from pipeline.speech.report import SpeechReport
from pipeline.speech.vad import SpeechDetector
from pipeline.speech.windows import SAMPLE_RATE, Window, windows
from pipeline.speech.words import snapped
from pipeline.transcript.cues import cues_from, in_order

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Recognised:
    """The cues of a stream, times in its source, and what was done to get them."""

    cues: tuple[Cue, ...]
    report: SpeechReport


def recognise(
    blocks: Iterable[NDArray[np.float32]],
    listen: Callable[[Window], Listener],
    detector: SpeechDetector,
    offset_ms: int = 0,
    on_progress: Callable[[int], None] = lambda ms: None,
) -> Recognised:
    """Transcribe a stream of 16 kHz mono samples.

    Args:
        blocks: the samples, in pieces of any length.
        listen: makes the listener, given the first window (to tell the language by); not called
            when nobody speaks, so that silence needs no model.
        detector: finds speech; nothing else is sent to the model.
        offset_ms: where the stream begins in its source; added to all times.
        on_progress: called with the milliseconds of the stream that are done.
    """
    counted = _Counted(blocks)
    found = windows(counted, detector)
    first = next(found, None)
    if first is None:
        report = SpeechReport(engine="none", detector=detector.name, audio_ms=counted.ms)
        return Recognised((), report)
    listener = listen(first)
    on_progress(0)  # from here on the speed is the model's, its loading left out
    cues: list[Cue] = []
    count = speech = 0
    for batch in _batches(chain([first], found), listener.recogniser.batch):
        for window, heard in zip(batch, listener.hear(batch), strict=True):
            cues += cues_from(_words(window, heard, offset_ms), heard.approximate)
            speech += len(window.samples)
        count += len(batch)
        on_progress(batch[-1].end_ms)
    report = SpeechReport(
        engine=listener.recogniser.name,
        model=listener.recogniser.model,
        language=listener.language,
        detector=detector.name,
        audio_ms=counted.ms,
        voiced_ms=speech * 1000 // SAMPLE_RATE,
        windows=count,
        reheard={why: n for (what, why), n in sorted(listener.tally.items()) if what == "reheard"},
        dropped={why: n for (what, why), n in sorted(listener.tally.items()) if what == "dropped"},
        prompt=" ".join(listener.priming.sentences),
    )
    return Recognised(tuple(in_order(cues)), report)


class _Counted:
    """Passes blocks on and knows how much sound has gone by."""

    def __init__(self, blocks: Iterable[NDArray[np.float32]]) -> None:
        self._blocks = blocks
        self._samples = 0

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        for block in self._blocks:
            self._samples += len(block)
            yield block

    @property
    def ms(self) -> int:
        return self._samples * 1000 // SAMPLE_RATE


def _words(window: Window, heard: Heard, offset_ms: int) -> list[Word]:
    """The words with times in the source, each at least 1 ms and none before the one before."""
    words: list[Word] = []
    latest = 0
    for word in snapped(heard.words, window.pauses):
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

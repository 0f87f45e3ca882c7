"""A stream of sound to cues: windows of speech, recognised in batches, words timed and shaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby, islice, pairwise
from typing import TYPE_CHECKING

from pipeline.models import Cue, Word
from pipeline.text.punctuation import sentence_ends
from pipeline.transcript.asr.coverage import voiced
from pipeline.transcript.asr.decoding import DecodedWindow, WindowDecoder
from pipeline.transcript.asr.engines.engine import Recognition
from pipeline.transcript.asr.report import Disagreement, SpeechReport, Unheard
from pipeline.transcript.asr.vad import SpeechDetector
from pipeline.transcript.asr.window_packing import windows
from pipeline.transcript.asr.windows import Window
from pipeline.transcript.asr.word_timing import snapped
from pipeline.transcript.cues import cues_from, in_order
from pipeline.transcript.phonetics import is_written_small
from pipeline.video.audio import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# After so long a pause a sentence that was not finished is not gone on with.
_PAUSE_MS = 2_000
# A word that stands in lower case so often in the same transcript is no name.
_TIMES_SMALL = 2


@dataclass(frozen=True)
class Recognised:
    """The cues of a stream, times in its source, and what was done to get them.

    ``kept_windows`` and ``kept_words`` come from an earlier run that was interrupted;
    ``foreign_ms``: how much speech sounds like another language than the one it was written in, by
    that language.
    """

    cues: tuple[Cue, ...]
    report: SpeechReport
    kept_windows: int = 0
    kept_words: int = 0
    foreign_ms: Mapping[str, int] = field(default_factory=dict)


def recognise(
    blocks: Iterable[NDArray[np.float32]],
    decoder_for: Callable[[Window], WindowDecoder],
    detector: SpeechDetector,
    offset_ms: int = 0,
    on_progress: Callable[[int], None] = lambda ms: None,
) -> Recognised:
    """Transcribe a stream of 16 kHz mono samples.

    Args:
        blocks: the samples, in pieces of any length.
        decoder_for: makes the decoder, given the first window (to tell the language by); not called
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
    decoder = decoder_for(first)
    on_progress(0)  # from here on the speed is the model's, its loading left out
    made = _Made(offset_ms)
    for batch in _batches(chain([first], found), decoder.recogniser.batch):
        for window, decoded in zip(batch, decoder.decode(batch), strict=True):
            made.add(window, decoded)
        on_progress(batch[-1].end_ms)
    report = SpeechReport(
        engine=decoder.recogniser.name,
        model=decoder.recogniser.model,
        language=made.language(),
        detector=detector.name,
        audio_ms=counted.ms,
        voiced_ms=made.voiced_ms,
        windows=made.windows,
        unheard=tuple(made.unheard),
        reheard={why: n for (what, why), n in sorted(decoder.tally.items()) if what == "reheard"},
        dropped={why: n for (what, why), n in sorted(decoder.tally.items()) if what == "dropped"},
        disagreements=tuple(made.disagreements),
        prompt=" ".join(decoder.prompt.sentences),
    )
    tally = decoder.tally
    foreign_ms = {code: ms for (what, code), ms in sorted(tally.items()) if what == "foreign"}
    kept = tally["kept", "windows"], tally["kept", "words"]
    return Recognised(made.cues(), report, *kept, foreign_ms)


def without_capitals(
    words: Sequence[Word], starts: Sequence[int], is_common: Callable[[str], bool]
) -> tuple[Word, ...]:
    """``words`` with a small first letter where a sentence goes on across two windows.

    A recogniser gives a capital to the first word of every window; a word that the language writes
    small gets its small letter back where the sentence only goes on.

    Args:
        words: of the whole transcript, in order.
        starts: indices of the first word of every window.
        is_common: whether a word, in lower case, is one that its language writes small.
    """
    out = list(words)
    small = Counter(word.text.strip(".,?!;:") for word in words if word.text[:1].islower())
    for index in starts:
        if not 0 < index < len(out):
            continue
        before, word = out[index - 1], out[index]
        text = word.text[:1].lower() + word.text[1:]
        bare = text.strip(".,?!;:")
        goes_on = (
            word.text[:1].isupper()
            and not word.text[1:2].isupper()
            and not sentence_ends(before.text, word.text)
            and word.start_ms - before.end_ms < _PAUSE_MS
        )
        if goes_on and (small[bare] >= _TIMES_SMALL or is_common(bare)):
            out[index] = word.model_copy(update={"text": text})
    return tuple(out)


class _Made:
    """What has been made of the windows so far, times in the source."""

    def __init__(self, offset_ms: int) -> None:
        self._offset_ms = offset_ms
        self._words: list[Word] = []
        self._starts: list[int] = []  # index of each window's first word
        self._approximate: list[bool] = []  # of each window
        self._languages: Counter[str] = Counter()  # voiced ms of each
        self.unheard: list[Unheard] = []
        self.disagreements: list[Disagreement] = []
        self.voiced_ms = self.windows = 0

    def add(self, window: Window, decoded: DecodedWindow) -> None:
        self._starts.append(len(self._words))
        self._approximate.append(decoded.heard.approximate)
        self._words += self._timed(window, decoded.heard)
        voiced_ms = round(1000 * voiced(0.0, window.length_s, window.pauses))
        self._languages[decoded.language] += voiced_ms
        self.voiced_ms += voiced_ms
        self.windows += 1
        for (start_s, end_s), reason in decoded.unheard:
            start_ms, end_ms = self._times(window, start_s, end_s)
            self.unheard.append(Unheard(start_ms=start_ms, end_ms=end_ms, reason=reason))
        for one in decoded.conflicts:
            start_ms, end_ms = self._times(window, one.start_s, one.end_s)
            self.disagreements.append(
                Disagreement(start_ms=start_ms, end_ms=end_ms, kept=one.kept, other=one.other)
            )

    def language(self) -> str:
        """The language of most of the speech."""
        return max(self._languages, key=lambda code: self._languages[code], default="")

    def cues(self) -> tuple[Cue, ...]:
        """All words as cues; a sentence may go on from one window to the next."""
        words = without_capitals(self._words, self._starts, is_written_small)
        cues: list[Cue] = []
        begins = [*self._starts, len(words)]
        for approximate, group in groupby(
            zip(self._approximate, pairwise(begins), strict=True), key=lambda one: one[0]
        ):
            spans = [span for _, span in group]
            cues += cues_from(words[spans[0][0] : spans[-1][1]], approximate)
        return tuple(in_order(cues))

    def _times(self, window: Window, start_s: float, end_s: float) -> tuple[int, int]:
        start_ms = self._offset_ms + window.source_ms(start_s)
        return start_ms, self._offset_ms + window.source_ms(end_s, ending=True)

    def _timed(self, window: Window, heard: Recognition) -> Iterator[Word]:
        """The words with times in the source, each at least 1 ms and none before the one before."""
        latest = self._words[-1].end_ms if self._words else 0
        for word in snapped(heard.words, window.pauses):
            start_ms, end_ms = window.span_ms(word.start_s, word.end_s)
            start_ms = max(self._offset_ms + start_ms, latest)
            latest = max(self._offset_ms + end_ms, start_ms + 1)
            yield Word(
                start_ms=start_ms, end_ms=latest, text=word.text, probability=word.probability
            )


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


def _batches(found: Iterable[Window], size: int) -> Iterator[list[Window]]:
    """One window, so that there soon is something to tell, then ``size`` at a time."""
    iterator = iter(found)
    yield [next(iterator)]
    while batch := list(islice(iterator, size)):
        yield batch

"""Decoding windows with care: once, and again where something is missing or doubtful.

What a window sounds like decides its language. A loop or words that the model hardly believes make
the whole window be decoded again, voiced sound without words only the stretch where it is: without
the prompt, at a higher temperature, in shorter parts. What stays without words is reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.transcript.asr.coverage import Stretch, gaps, missing_s, voiced, wordless
from pipeline.transcript.asr.decode_choice import (
    Decode,
    better,
    conflicts,
    confused,
    one_after_the_other,
    spliced,
)
from pipeline.transcript.asr.engines.engine import Decoding, Recogniser, Recognition
from pipeline.transcript.asr.hallucinations import believed, doubt, without_inventions
from pipeline.transcript.asr.initial_prompt import InitialPrompt
from pipeline.transcript.asr.report import UnheardReason
from pipeline.transcript.asr.window_store import WindowCache
from pipeline.transcript.asr.windows import Window, around, halves

# Steps of Whisper's own ladder of temperatures.
_TEMPERATURES = (0.2, 0.6)
# A gap that stays without a word is decoded once more at this temperature. Only what the model
# believes so much fills it: where nobody says a word but "um", it finds others, at -0.7.
_GAP_TEMPERATURE = 0.4
_GAP_LOGPROB = -0.6
# How often a window's gaps are looked for: a decode of one may stop early as well.
_ROUNDS = 3
_SAME_S = 0.2  # two gaps whose ends lie so near are the same
# A window is decoded in another language when that is likelier than all others together.
_OTHER_LANGUAGE = 0.5
# Whisper base tells the language of a window in one language with 0.71 to 1.00, the median 0.998
# (36 windows, seven lectures). Written in its own it has a mean log probability of -0.08 to -0.43,
# half German and written as English -0.61. Below both, its two halves may be in two languages.
_SURE_LANGUAGE = 0.9
_DOUBTED_LOGPROB = -0.5
# The prompt is dropped after so many windows that were decoded better without it.
_PROMPT_FAILURES = 2
_NO_SPEECH = 0.6  # Whisper's own threshold


@dataclass(frozen=True)
class DecodedWindow:
    """A window's words, and what is to be told of it; times in seconds of the window.

    ``unheard``: voiced stretches of 1 s and more without a word, with the reason; ``conflicts``:
    where the decode that was not believed has other words.
    """

    heard: Recognition
    language: str
    unheard: tuple[tuple[Stretch, UnheardReason], ...] = ()
    conflicts: tuple[Decode, ...] = ()


class WindowDecoder:
    """Decodes windows with one model; counts what it does in ``tally``.

    The keys of ``tally``: ``("reheard", reason)`` in windows, ``("dropped", reason)`` in words,
    ``("kept", "windows")`` and ``("kept", "words")``: what an earlier run had decoded;
    ``("foreign", language)``: ms of speech that sound like another language than the one they were
    written in, surely or with words that the model doubts.

    Args:
        language: the lecture's.
        fixed: whether every window is in that language, whatever it sounds like.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        store: WindowCache,
        language: str,
        prompt: InitialPrompt | None = None,
        fixed: bool = False,
    ) -> None:
        self.recogniser = recogniser
        self.language = language
        self.prompt = prompt or InitialPrompt()
        self.tally: Counter[tuple[str, str]] = Counter()
        self._store = store
        self._fixed = fixed
        self._failures = 0
        self._tried = False

    def decode(self, batch: Sequence[Window]) -> list[DecodedWindow]:
        """What is said in each window, hallucinations taken out, in the same order."""
        how = Decoding(self.language, self.prompt)
        earlier = all(self._store.is_earlier(window, how) for window in batch)
        results = self._recognise(batch, how)
        if earlier:
            self.tally["kept", "windows"] += len(batch)
            self.tally["kept", "words"] += sum(len(heard.words) for heard in results)
        if self.prompt and not self._tried:
            self._tried = True
            plain = self._recognise(batch, Decoding(self.language))
            if any(map(confused, batch, results, plain)):
                self.prompt, results = InitialPrompt(), plain
        return [self._settled(window, heard) for window, heard in zip(batch, results, strict=True)]

    def _settled(self, window: Window, heard: Recognition) -> DecodedWindow:
        language = self.language
        if not self._fixed:
            language, heard = self._in_its_language(window, heard)
        if _is_foreign(heard, language):
            spoken_s = voiced(0.0, window.length_s, window.pauses)
            self.tally["foreign", heard.language] += round(1000 * spoken_s)
        readings: list[Decode] = []
        heard = self._without_doubt(window, language, heard, readings)
        reasons: dict[Stretch, UnheardReason | None] = {}
        heard = self._filled(window, language, heard, readings, reasons)
        kept, dropped = without_inventions(heard, window.pauses, window.breaks)
        for why, words in vars(dropped).items():
            self.tally["dropped", why] += words
        unheard: list[tuple[Stretch, UnheardReason]] = []
        for stretch in wordless(kept.words, window.pauses, window.length_s):
            reason = next(
                (
                    why
                    for gap, why in reasons.items()
                    if gap[0] < stretch[1] and stretch[0] < gap[1]
                ),
                "low_confidence" if dropped.unsure else "no_words",
            )
            if reason:
                foreign = _sounds_like_another(heard, language)
                unheard.append((stretch, "other_language" if foreign else reason))
        return DecodedWindow(kept, language, tuple(unheard), tuple(readings))

    def _in_its_language(self, window: Window, heard: Recognition) -> tuple[str, Recognition]:
        """The window's language, and the window decoded in it."""
        chance = heard.language_probability
        if not heard.language or chance is None:
            return self.language, heard
        if _sounds_like_another(heard, self.language):
            other = self._recognise([window], Decoding(heard.language))[0]
            if believed(other) > believed(heard):
                self.tally["reheard", "language"] += 1
                return heard.language, other
        unsure = (heard.average_logprob or 0.0) < _DOUBTED_LOGPROB
        if unsure and chance < _SURE_LANGUAGE and (parts := halves(window)):
            self.tally["reheard", "language"] += 1
            found = [self.recogniser.language(part.samples)[0] for part in parts]
            if len(set(found)) > 1:
                first, second = (
                    self._recognise([part], Decoding(code))[0]
                    for part, code in zip(parts, found, strict=True)
                )
                joined = one_after_the_other(first, second, parts[0].length_s)
                if believed(joined) > believed(heard):
                    return self.language, joined
        return self.language, heard

    def _without_doubt(
        self, window: Window, language: str, heard: Recognition, readings: list[Decode]
    ) -> Recognition:
        """The window decoded again, in other ways, until one leaves no doubt."""
        reason = doubt(heard, window.breaks)
        missing = self.prompt and missing_s(heard, window.pauses, window.length_s)
        if reason is None and not missing:
            return heard
        self.tally["reheard", reason or "gap"] += 1
        best, unprompted = heard, bool(self.prompt)
        for other in self._other_ways(window, language, whole=reason is not None):
            chosen = better(best, other, window, unprompted)
            unprompted = False
            if chosen is other and self.prompt and best is heard:
                self._failures += 1
                if self._failures >= _PROMPT_FAILURES:
                    self.prompt = InitialPrompt()
            if reason != "loop":
                readings += conflicts(chosen, best if chosen is other else other)
            best = chosen
            if doubt(best, window.breaks) is None:
                break
        return best

    def _other_ways(self, window: Window, language: str, whole: bool) -> Iterator[Recognition]:
        """A window decoded without the prompt, in two halves, and at higher temperatures."""
        if self.prompt:
            yield self._recognise([window], Decoding(language))[0]
        if not whole:
            return
        if parts := halves(window):
            first, second = self._recognise(parts, Decoding(language))
            yield one_after_the_other(first, second, parts[0].length_s)
        for temperature in _TEMPERATURES:
            yield self._recognise([window], Decoding(language, temperature=temperature))[0]

    def _filled(
        self,
        window: Window,
        language: str,
        heard: Recognition,
        readings: list[Decode],
        reasons: dict[Stretch, UnheardReason | None],
    ) -> Recognition:
        """The words with those that were left out.

        ``reasons`` gets the stretches that stay without a word and why; None: it is no speech.
        """
        tried: list[Stretch] = []
        for _ in range(_ROUNDS):
            silent = wordless(heard.words, window.pauses, window.length_s)
            fresh = [
                gap
                for gap in gaps(heard, window.pauses, window.length_s)
                if not _is_tried(gap, tried, inside=gap not in silent)
            ]
            if not fresh:
                break
            for gap in fresh:
                tried.append(gap)
                self.tally["reheard", "gap"] += 1
                heard = self._with_gap_filled(window, language, heard, gap, readings, reasons)
        return heard

    def _with_gap_filled(
        self,
        window: Window,
        language: str,
        heard: Recognition,
        gap: Stretch,
        readings: list[Decode],
        reasons: dict[Stretch, UnheardReason | None],
    ) -> Recognition:
        part, at_s = around(window, gap)
        best, missing = heard, missing_s(heard, window.pauses, window.length_s)
        quiet = doubted = True
        wordless_gap = wordless(heard.words, window.pauses, window.length_s)
        ways = [Decoding(language, timestamps=True)]
        if gap in wordless_gap:
            ways.append(Decoding(language, temperature=_GAP_TEMPERATURE))
        for way in ways:
            found = self._recognise([part], way)[0]
            quiet = quiet and (found.no_speech or 0.0) > _NO_SPEECH
            if doubt(found, part.breaks) == "loop":
                continue
            doubted = bool(found.words) and believed(found) < _GAP_LOGPROB
            filled = spliced(heard, found, (at_s, at_s + part.length_s), gap)
            left = missing_s(filled, window.pauses, window.length_s)
            more = len(filled.words) > len(best.words)
            if more and left < missing and not doubted:
                best, missing = filled, left
            if not gaps(found, part.pauses, part.length_s):
                break
        if best is not heard:
            readings += conflicts(best, heard)
        elif gap in wordless_gap:
            reasons[gap] = None if quiet else "low_confidence" if doubted else "no_words"
        return best

    def _recognise(self, batch: Sequence[Window], how: Decoding) -> list[Recognition]:
        kept = [self._store.get(window, how) for window in batch]
        if all(kept):
            return [heard for heard in kept if heard]
        # All of them, also those that are kept: the numbers of a batch depend on its company,
        # and a resumed run must give the very words of an uninterrupted one.
        results = self.recogniser.recognise([window.samples for window in batch], how)
        for window, heard in zip(batch, results, strict=True):
            self._store.put(window, how, heard)
        return results


def _sounds_like_another(heard: Recognition, language: str, least: float = _OTHER_LANGUAGE) -> bool:
    """Whether the model is so sure that the window is in another language than ``language``."""
    chance = heard.language_probability or 0.0
    return bool(heard.language) and heard.language != language and chance >= least


def _is_foreign(heard: Recognition, language: str) -> bool:
    """Whether the window sounds like another language, surely or with words that are doubted."""
    doubted = believed(heard) < _DOUBTED_LOGPROB
    return _sounds_like_another(heard, language, _OTHER_LANGUAGE if doubted else _SURE_LANGUAGE)


def _is_tried(gap: Stretch, tried: Sequence[Stretch], inside: bool) -> bool:
    """Whether a gap is one of those that were decoded again, or with ``inside`` a part of one.

    Words that stay long where they were found anew are said slowly.
    """
    near = [(gap[0] - begin, end - gap[1]) for begin, end in tried]
    if inside:
        return any(before >= -_SAME_S and after >= -_SAME_S for before, after in near)
    return any(abs(before) < _SAME_S and abs(after) < _SAME_S for before, after in near)

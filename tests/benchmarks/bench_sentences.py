"""Sentence ends found in English without punctuation, beside the ones that people set.

    python -m tests.benchmarks.bench_sentences          the table: precision, recall and F1
    python -m tests.benchmarks.bench_sentences --fit    measure the weights anew, print them
    python -m tests.benchmarks.train_sentence_ends      the model of the text that they weigh

Weights are measured on first halves; the table is of the second halves, which nothing was tuned
on. Its last column is of whole lectures by weights that were measured on the first halves of the
other lecturers alone. Needs the shared material (LECTURE_SHARED).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from pipeline.models import Cue, Segment, Segments, Transcript, Word
from pipeline.text.punctuation import sentence_ends
from pipeline.text.spoken_words import SpokenWord, spoken_words
from pipeline.transcript.captions.read import read_captions
from pipeline.writing.transcript_edition.punctuation import sentence_breaks
from pipeline.writing.transcript_edition.punctuation.break_features import Timing
from pipeline.writing.transcript_edition.punctuation.break_weights import WEIGHTS
from pipeline.writing.transcript_edition.punctuation.clause_structure import ClauseStructure
from tests.shared import shared

Weights = Mapping[Timing, Mapping[str, float]]

_RIDGE = 1.0
_STEPS = 60
# Added to the bias where pauses between words are not known: F1 is best where an end is set at half
# the odds that F1 reaches, and likelihood stops at even odds.
_LEAN = 0.4  # F1 of 0.8


@dataclass(frozen=True)
class Speech:
    """Words without punctuation, and whether a sentence ends with each."""

    name: str
    timing: Timing
    words: tuple[SpokenWord, ...]
    ends: tuple[bool, ...]

    def half(self, second: bool) -> Speech:
        middle = len(self.words) // 2
        part = slice(middle, None) if second else slice(middle)
        return replace(self, words=self.words[part], ends=self.ends[part])

    def without_times(self) -> Speech:
        bare = [replace(word, pause_ms=0, line_start=False) for word in self.words]
        name = self.name.split(",")[0] + ", text alone"
        return Speech(name, Timing.NONE, tuple(bare), self.ends)


def speech_of(name: str, timing: Timing, cues: Sequence[Cue], gaps: bool = True) -> Speech:
    """The words of ``cues`` as the program takes them, stripped of punctuation and capitals.

    Without ``gaps`` the cues are taken to touch.
    """
    transcript = Transcript(language="en", engine="", model=None, cues=tuple(cues))
    segment = Segment(
        id="s0001",
        start_ms=cues[0].start_ms,
        end_ms=cues[-1].end_ms,
        text="",
        first_word=0,
        last_word=len(transcript.words) - 1,
    )
    written = spoken_words(Segments(segments=(segment,), frames=()), transcript)
    texts = [word.text for word in written]
    ends = [sentence_ends(*two) for two in zip_longest(texts, texts[1:])]
    bare = [replace(word, text=word.key, pause_ms=word.pause_ms if gaps else 0) for word in written]
    kept = [(word, end) for word, end in zip(bare, ends, strict=True) if word.text]
    return Speech(name, timing, tuple(w for w, _ in kept), tuple(end for _, end in kept))


def with_word_times(name: str, path: Path) -> Speech:
    """A file of [word, start in s, end in s]."""
    words = tuple(
        Word(start_ms=round(start * 1000), end_ms=round(end * 1000), text=text.strip())
        for text, start, end in json.loads(path.read_text(encoding="utf-8"))
    )
    cue = Cue(start_ms=words[0].start_ms, end_ms=words[-1].end_ms, text="", words=words)
    return speech_of(name, Timing.WORDS, [cue])


def with_cues(name: str, path: Path, gaps: bool = True) -> Speech:
    """A caption file; without ``gaps`` its cues are taken to touch."""
    return speech_of(name, Timing.CUES, read_captions(path, "en").cues, gaps)


def score(speech: Speech, weights: Weights = WEIGHTS) -> tuple[float, float, float]:
    """Precision, recall and F1 of the sentence ends that are found."""
    with patch.object(sentence_breaks, "WEIGHTS", weights):
        found = {start - 1 for start in sentence_breaks.breaks(speech.words) if start}
    true = {at for at, end in enumerate(speech.ends[:-1]) if end}
    right = len(found & true)
    precision, recall = right / max(1, len(found)), right / max(1, len(true))
    return precision, recall, 2 * right / max(1, len(found) + len(true))


def fitted(speeches: Sequence[Speech], timing: Timing) -> dict[str, float]:
    """Weights of a logistic regression with a ridge, by Newton's method."""
    rows: list[dict[str, float]] = []
    truth: list[bool] = []
    for speech in speeches:
        clauses = ClauseStructure([word.key for word in speech.words])
        rows += map(dict, sentence_breaks.gaps(speech.words, clauses, timing))
        truth += speech.ends[:-1]
    names = sorted({name for row in rows for name in row})
    matrix = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    weights = dict(zip(names, _newton(matrix, np.array(truth, dtype=float)), strict=True))
    if timing is not Timing.WORDS:
        weights["bias"] += _LEAN
    return {name: round(float(weight), 2) for name, weight in weights.items()}


def _newton(
    matrix: npt.NDArray[np.float64], truth: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    weights = np.zeros(matrix.shape[1])

    def loss(at: npt.NDArray[np.float64]) -> float:
        odds = matrix @ at
        return float(np.sum(np.logaddexp(0, odds) - truth * odds) + _RIDGE / 2 * at @ at)

    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(matrix @ weights, -30, 30)))
        slope = matrix.T @ (chance - truth) + _RIDGE * weights
        curve = (matrix.T * (chance * (1 - chance))) @ matrix + _RIDGE * np.eye(len(weights))
        step, size = np.linalg.solve(curve, slope), 1.0
        while size > 1e-4 and loss(weights - size * step) > loss(weights):
            size /= 2
        if loss(weights) - loss(weights - size * step) < 1e-6:
            break
        weights = weights - size * step
    return weights


def main() -> None:
    """Print the table, or the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true", help="measure the weights, print them")
    fit = parser.parse_args().fit
    attention = shared("media/languages/attention.en.srt")
    semester = "media/captions/missing-semester-2020"
    boneh = with_cues(
        "stream ciphers, cues that touch",
        shared("media/captions/boneh-crypto1-stream-ciphers.full-lecture.vtt"),
    )
    words = with_word_times(
        "attention, word times", shared("media/languages/attention.en.words.json")
    )
    cues = [
        with_cues("attention, cues", attention),
        with_cues("attention, cues that touch", attention, gaps=False),
        with_cues("command line, cues", shared(f"{semester}-command-line.sbv")),
        with_cues("shell tools, cues", shared(f"{semester}-shell-tools.sbv")),
        boneh,
    ]
    texts = [one.without_times() for one in cues if not one.name.endswith("touch")]
    texts.append(boneh.without_times())
    if fit:
        for speeches in ([words], cues, texts):
            timing = speeches[0].timing
            print(timing, fitted([one.half(second=False) for one in speeches], timing))
        return
    print("| second half of | precision | recall | F1 | F1 of first half | F1, lecturer unseen |")
    print("| --- | --- | --- | --- | --- | --- |")
    for speech in (words, *cues, *texts):
        precision, recall, both = score(speech.half(second=True))
        row = [precision, recall, both, score(speech.half(second=False))[2]]
        lecture = speech.name.split(",")[0]
        if others := [
            one.half(second=False)
            for one in (*cues, *texts)
            if one.timing is speech.timing and not one.name.startswith(lecture)
        ]:
            weights = fitted(others, speech.timing)
            row.append(score(speech, {speech.timing: weights})[2])
        print("| ".join([f"| {speech.name} ", *(f"{one:.2f} " for one in row)]) + "|", flush=True)


if __name__ == "__main__":
    main()

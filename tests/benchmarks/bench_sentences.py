"""Sentence ends found in English without punctuation, beside the ones that people set.

    python -m tests.benchmarks.bench_sentences          the table: precision, recall and F1
    python -m tests.benchmarks.bench_sentences --fit    measure the weights anew, print them

Weights are measured on first halves; the table is of the second halves, which nothing was tuned
on. Its last column is of whole lectures by weights that were measured on the first halves of the
other lecturers alone. Needs the shared material (LECTURE_SHARED).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from pipeline.text.punctuation import sentence_ends
from pipeline.text.spoken_words import SpokenWord
from pipeline.transcript.captions.read import read_captions
from pipeline.writing.transcript_edition.punctuation import sentence_breaks
from pipeline.writing.transcript_edition.punctuation.break_features import Timing, features
from pipeline.writing.transcript_edition.punctuation.break_weights import WEIGHTS
from pipeline.writing.transcript_edition.punctuation.clause_structure import ClauseStructure
from pipeline.writing.transcript_edition.punctuation.sentence_starts import SentenceStarts
from tests.shared import shared

Weights = Mapping[Timing, Mapping[str, float]]

_RIDGE = 1.0
_STEPS = 60
# Added to the bias of captions: likelihood finds too few ends. Mean F1 of the first halves, by the
# weights of the last column: 0.598 with 0, 0.605 with 0.2, 0.603 with 0.4.
_LEAN = 0.2


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


def speech_of(
    name: str, timing: Timing, texts: Sequence[str], words: Iterable[SpokenWord]
) -> Speech:
    """``words`` stripped of their punctuation and capitals; ``texts`` are as they were written."""
    ends = [
        sentence_ends(text, texts[at + 1] if at + 1 < len(texts) else None)
        for at, text in enumerate(texts)
    ]
    bare = [(replace(word, text=word.key), end) for word, end in zip(words, ends, strict=True)]
    kept = [(word, end) for word, end in bare if word.text]
    return Speech(name, timing, tuple(w for w, _ in kept), tuple(end for _, end in kept))


def with_word_times(name: str, path: Path) -> Speech:
    """A file of [word, start in s, end in s]."""
    found: list[SpokenWord] = []
    before = 0
    for text, start, end in json.loads(path.read_text(encoding="utf-8")):
        begin = round(start * 1000)
        found.append(SpokenWord(text.strip(), 0, begin, round(end * 1000), max(0, begin - before)))
        before = round(end * 1000)
    return speech_of(name, Timing.WORDS, [word.text for word in found], found)


def with_cues(name: str, path: Path, gaps: bool = True) -> Speech:
    """A caption file; without ``gaps`` its cues are taken to touch."""
    found: list[SpokenWord] = []
    before = 0
    for cue in read_captions(path, "en").cues:
        for at, word in enumerate(cue.words):
            pause = max(0, word.start_ms - before) if gaps and at == 0 and found else 0
            found.append(
                SpokenWord(word.text, 0, word.start_ms, word.end_ms, pause, line_start=at == 0)
            )
            before = word.end_ms
    return speech_of(name, Timing.CUES, [word.text for word in found], found)


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
        openings = SentenceStarts(clauses)
        for at in range(1, len(speech.words)):
            start, ending = openings.score(at), sentence_breaks.ending_score(clauses, at)
            rows.append(dict(features(speech.words, at, start, ending, timing)))
            truth.append(speech.ends[at - 1])
    names = sorted({name for row in rows for name in row})
    matrix = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    weights = dict(zip(names, _newton(matrix, np.array(truth, dtype=float)), strict=True))
    if timing is Timing.CUES:
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
    boneh = shared("media/captions/boneh-crypto1-stream-ciphers.full-lecture.vtt")
    words = with_word_times(
        "attention, word times", shared("media/languages/attention.en.words.json")
    )
    cues = [
        with_cues("attention, cues", attention),
        with_cues("attention, cues that touch", attention, gaps=False),
        with_cues("command line, cues", shared(f"{semester}-command-line.sbv")),
        with_cues("shell tools, cues", shared(f"{semester}-shell-tools.sbv")),
        with_cues("stream ciphers, cues that touch", boneh),
    ]
    if fit:
        print("words", fitted([words.half(second=False)], Timing.WORDS))
        print("cues", fitted([one.half(second=False) for one in cues], Timing.CUES))
        return
    print("| second half of | precision | recall | F1 | F1 of first half | F1, lecturer unseen |")
    print("| --- | --- | --- | --- | --- | --- |")
    for speech in (words, *cues):
        precision, recall, both = score(speech.half(second=True))
        row = [precision, recall, both, score(speech.half(second=False))[2]]
        if speech in cues:
            lecture = speech.name.split(",")[0]
            others = [one for one in cues if not one.name.startswith(lecture)]
            weights = fitted([one.half(second=False) for one in others], Timing.CUES)
            row.append(score(speech, {Timing.CUES: weights})[2])
        print("| ".join([f"| {speech.name} ", *(f"{one:.2f} " for one in row)]) + "|", flush=True)


if __name__ == "__main__":
    main()

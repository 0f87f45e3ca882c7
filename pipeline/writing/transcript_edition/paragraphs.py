"""Paragraphs: sentences that belong together, cut where the lecturer takes a breath or turns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.text.topics import depths
from pipeline.text.words import sentences_joined
from pipeline.writing.transcript_edition.punctuation.sentences import Sentence

MAX_SENTENCES = 7
_TARGET_WORDS = 80
# No paragraph is longer, unless it is one sentence: a page has about 300 words.
MAX_WORDS = 220
# A reader wants a link to the second at least this often, even where the lecturer speaks slowly.
_LONGEST_MS = 60_000
_STRONG = ("okay", "alright", "all right", "now", "next", "finally", "let's", "let me", "moving on")
_WEAK = ("so", "but", "another", "first", "second", "for example", "in particular", "in addition")
_CLINGING = ("and", "because", "which", "that's", "this", "it", "or", "then", "also")


@dataclass(frozen=True)
class SpokenParagraph:
    """Sentences in order; ``segments`` are the indices of the first and last one cited."""

    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        return sentences_joined(sentence.text for sentence in self.sentences)

    @property
    def segments(self) -> tuple[int, int]:
        return (
            min(sentence.segments[0] for sentence in self.sentences),
            max(sentence.segments[1] for sentence in self.sentences),
        )

    @property
    def start_ms(self) -> int:
        return self.sentences[0].start_ms

    @property
    def end_ms(self) -> int:
        return max(sentence.end_ms for sentence in self.sentences)


def paragraphs(
    sentences: Sequence[Sentence], changes_ms: Sequence[int] = (), starts: Collection[int] = ()
) -> tuple[SpokenParagraph, ...]:
    """Paragraphs of mostly 2 to 6 sentences, in order; every sentence is in exactly one.

    Args:
        changes_ms: times at which the screen changes.
        starts: indices of sentences that have to begin a paragraph.
    """
    if not sentences:
        return ()
    scores = _scores(sentences, changes_ms, starts)
    best = [0.0] + [float("-inf")] * len(sentences)
    previous = [0] * (len(sentences) + 1)
    for end in range(1, len(sentences) + 1):
        words = 0
        for start in range(end - 1, max(-1, end - 1 - 2 * MAX_SENTENCES), -1):
            words += sentences[start].words
            if words > MAX_WORDS and start < end - 1:
                break
            length_ms = sentences[end - 1].end_ms - sentences[start].start_ms
            total = best[start] + scores[start] - _cost(end - start, words, length_ms)
            if total > best[end]:
                best[end], previous[end] = total, start
            if start in starts:
                break
    bounds = [len(sentences)]
    while bounds[-1] > 0:
        bounds.append(previous[bounds[-1]])
    bounds.reverse()
    return tuple(SpokenParagraph(tuple(sentences[a:b])) for a, b in pairwise(bounds))


def _cost(count: int, words: int, length_ms: int) -> float:
    cost = 1.0 + max(0.0, (length_ms - _LONGEST_MS) / 15_000)
    if count == 1 and words < 45:
        cost += 1.5
    if count > MAX_SENTENCES - 1:
        cost += 0.5 * (count - MAX_SENTENCES + 1)
    over = words / _TARGET_WORDS
    return cost + (0.7 * (over - 1) ** 2 if over > 1 else 1.2 * (1 - over) ** 2)


def _scores(
    sentences: Sequence[Sentence], changes_ms: Sequence[int], starts: Collection[int]
) -> list[float]:
    shifts = depths([sentence.text for sentence in sentences])
    scores = []
    for index, sentence in enumerate(sentences):
        score = 0.5 * shifts[index] + _opening(sentence.text)
        if sentence.pause_ms >= 600:
            score += min(sentence.pause_ms, 3000) / 1500
        if any(sentence.start_ms - 2500 <= time <= sentence.start_ms + 1500 for time in changes_ms):
            score += 1.5
        if index and sentences[index - 1].text.endswith("?"):
            score -= 1.5
        scores.append(score + (20.0 if index in starts else 0.0))
    return scores


def _opening(text: str) -> float:
    line = text.lower().replace("’", "'").replace(",", "") + " "
    if line.startswith(tuple(word + " " for word in _STRONG)):
        return 1.4
    if line.startswith(tuple(word + " " for word in _WEAK)):
        return 0.5
    if line.startswith(tuple(word + " " for word in _CLINGING)):
        return -0.6
    return 0.0

"""Where a lecture may be cut: sentences, pauses, screen changes; and the best cuts of all.

Every word of every cue falls into exactly one span, in order. A cut costs little after a sentence,
at a pause, where the screen changes and before "okay, so"; it costs much within a sentence. The
cuts that cost least in sum, with every span between the shortest and the longest, are found by
dynamic programming, so that one awkward place does not shift all that follow.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.models import Transcript
from pipeline.text.punctuation import sentence_ends
from pipeline.text.words import joined

# Words with which speakers open a new thought; cheap places to cut where there are no full stops.
_OPENING = frozenset(
    {"so", "right", "well", "first", "second", "third", "let", "let's", "and", "but", "then"}
    | {"remember", "notice", "basically", "here"}
)
_STRONG_OPENING = frozenset({"okay", "ok", "alright", "now", "next", "finally"})

PAUSE_MS = 350  # silence that a listener notices between two words
NEAR_MS = 2_000  # a screen change this near to a gap between words belongs to it
# What a cut costs, and what it saves at a good place. Measured on three lectures with word times,
# full stops and capitals kept and taken out: 60 of 60 cuts and 40 of 51 fall between sentences. Of
# the latter 26% without the pauses, 71% without the ends of cues, 66 to 70% with half or twice the
# cost of uneven lengths; of the former 86% with half of what a sentence saves.
_CUT, _CUT_UNPUNCTUATED = 1.8, 1.2
_SENTENCE, _WITHIN_SENTENCE = 1.4, 1.0
_LONG_PAUSE = 0.5
_STRONG, _WEAK, _CUE_END = 0.5, 0.25, 0.1
_SCREEN_CHANGE = 0.4
# Of a length: by how far it is from the middle, shorter than the shortest (beside what a cut within
# a sentence costs) and longer than the longest, as shares. Half of the last two change nothing.
_UNEVEN, _TOO_SHORT, _TOO_LONG = 0.8, 5.0, 10.0
# Words: with fewer full stops than one in so many, the text has none of its own.
_LONGEST_SENTENCE = 60
# What a place worth trying costs at most; so many in the longest span are tried in any case.
_GOOD, _LEAST_PLACES = 1.0, 8


@dataclass(frozen=True)
class SpokenToken:
    """One spoken word and its time, and whether a cue or a sentence ends with it."""

    start_ms: int
    end_ms: int
    text: str
    ends_cue: bool
    ends_sentence: bool


@dataclass(frozen=True)
class SegmentSpan:
    """A stretch of the lecture: its range, the words in it, and their places in the transcript.

    In silence the text is empty and ``last_word`` is ``first_word - 1``.
    """

    start_ms: int
    end_ms: int
    text: str
    first_word: int
    last_word: int


def tokens(transcript: Transcript) -> tuple[SpokenToken, ...]:
    """The words of the transcript in order, one token a word."""
    cue_ends = [word is cue.words[-1] for cue in transcript.cues for word in cue.words]
    following = [*(word.text for word in transcript.words[1:]), None]
    return tuple(
        SpokenToken(
            word.start_ms,
            word.end_ms,
            word.text,
            ends_cue,
            sentence_ends(word.text, after, transcript.language),
        )
        for word, ends_cue, after in zip(transcript.words, cue_ends, following, strict=False)
    )


def spans(
    transcript: Transcript,
    changes_ms: Sequence[int],
    start_ms: int,
    end_ms: int,
    shortest_ms: int,
    longest_ms: int,
) -> tuple[SegmentSpan, ...]:
    """Cut the range [start_ms, end_ms) into spans of whole sentences, in order, not overlapping.

    Args:
        transcript: cues outside of the range are left out.
        changes_ms: when the screen changes, in order.
        shortest_ms, longest_ms: wished lengths; a sentence longer than ``longest_ms`` is cut at its
            best pause, and a lecture shorter than ``shortest_ms`` is one span.

    Returns:
        Spans that meet end to start, but for silences longer than ``longest_ms``, which become
        spans with an empty text, cut where the screen changes. Without any speech the whole range
        is cut so.
    """
    every = tokens(transcript)
    first, last = _inside(transcript, start_ms, end_ms)
    words = every[first:last]

    def silence(begin: int, end: int, at: int) -> tuple[SegmentSpan, ...]:
        cuts = _silence(begin, end, changes_ms, shortest_ms, longest_ms)
        return tuple(SegmentSpan(a, b, "", at, at - 1) for a, b in cuts)

    if not words:
        return silence(start_ms, end_ms, first)
    out: list[SegmentSpan] = []
    runs = _runs(words, longest_ms)
    at = first
    for number, run in enumerate(runs):
        begin = max(run[0].start_ms, start_ms)
        until = runs[number + 1][0].start_ms if number + 1 < len(runs) else end_ms
        previous = out[-1].end_ms if out else start_ms
        if begin - previous > longest_ms:
            out += silence(previous, begin, at)
        cuts = _cuts(run, changes_ms, shortest_ms, longest_ms)
        for left, right in zip([0, *cuts], [*cuts, len(run)], strict=True):
            end = run[right].start_ms if right < len(run) else run[-1].end_ms
            if right == len(run) and until - end <= longest_ms:
                end = until
            end = min(max(end, begin + 1), end_ms)
            text = joined(word.text for word in run[left:right])
            out.append(SegmentSpan(begin, end, text, at + left, at + right - 1))
            begin = end
        at += len(run)
    if end_ms - out[-1].end_ms > longest_ms:
        out += silence(out[-1].end_ms, end_ms, at)
    return tuple(out)


def _inside(transcript: Transcript, start_ms: int, end_ms: int) -> tuple[int, int]:
    """The words of the cues that lie at least partly in the range, as a half-open range."""
    first = last = 0
    for cue in transcript.cues:
        if cue.end_ms <= start_ms:
            first += len(cue.words)
        if cue.start_ms < end_ms:
            last += len(cue.words)
    return first, max(first, last)


def is_punctuated(words: Sequence[SpokenToken]) -> bool:
    """Whether the text has full stops at all; automatic captions have none."""
    return sum(word.ends_sentence for word in words) >= len(words) / _LONGEST_SENTENCE


def _runs(words: Sequence[SpokenToken], longest_ms: int) -> list[Sequence[SpokenToken]]:
    """The words between silences longer than ``longest_ms``."""
    breaks = [
        k for k in range(1, len(words)) if words[k].start_ms - words[k - 1].end_ms > longest_ms
    ]
    return [words[a:b] for a, b in zip([0, *breaks], [*breaks, len(words)], strict=True)]


def _cuts(
    words: Sequence[SpokenToken], changes_ms: Sequence[int], shortest_ms: int, longest_ms: int
) -> list[int]:
    """The indices of the words before which to cut, so that the sum of costs is least."""
    punctuated = is_punctuated(words)
    places = [0]
    costs = [0.0]
    for k in range(1, len(words)):
        cost = _cost(words, k, changes_ms, punctuated)
        since_ms = words[k].start_ms - words[places[-1]].start_ms
        if cost < _GOOD or since_ms > longest_ms / _LEAST_PLACES:
            places.append(k)
            costs.append(cost)
    places.append(len(words))
    costs.append(0.0)
    starts = [words[k].start_ms for k in places[:-1]] + [words[-1].end_ms]
    total = [0.0] + [float("inf")] * (len(places) - 1)
    came_from = [0] * len(places)
    for j in range(1, len(places)):
        i = j - 1
        while i >= 0 and (starts[j] - starts[i] <= longest_ms or i == j - 1):
            length = _length_cost(starts[j] - starts[i], shortest_ms, longest_ms)
            if total[i] + costs[j] + length < total[j]:
                total[j] = total[i] + costs[j] + length
                came_from[j] = i
            i -= 1
    cuts = []
    j = came_from[-1]
    while j > 0:
        cuts.append(places[j])
        j = came_from[j]
    return cuts[::-1]


def _cost(
    words: Sequence[SpokenToken], k: int, changes_ms: Sequence[int], punctuated: bool
) -> float:
    """What a cut before word ``k`` costs: 0 at the best places, 3 within a sentence."""
    before, after = words[k - 1], words[k]
    pause = after.start_ms - before.end_ms
    cost = _CUT if punctuated else _CUT_UNPUNCTUATED
    if before.ends_sentence:
        cost -= _SENTENCE
    elif punctuated:
        cost += _WITHIN_SENTENCE
    cost -= _LONG_PAUSE * min(1.0, max(0, pause) / (3 * PAUSE_MS))
    if not punctuated:
        opening = after.text.lower().strip(",")
        if opening in _STRONG_OPENING:
            cost -= _STRONG
        elif opening in _OPENING:
            cost -= _WEAK
        cost -= _CUE_END if before.ends_cue else 0.0
    if _near(changes_ms, after.start_ms):
        cost -= _SCREEN_CHANGE
    return max(cost, 0.0)


def _near(changes_ms: Sequence[int], at_ms: int) -> bool:
    k = bisect_left(changes_ms, at_ms - NEAR_MS)
    return k < len(changes_ms) and changes_ms[k] <= at_ms + NEAR_MS


def _length_cost(length_ms: int, shortest_ms: int, longest_ms: int) -> float:
    """0 for the middle of the wished range, growing to its ends, and steeply beyond them."""
    middle = (shortest_ms + longest_ms) / 2
    cost = _UNEVEN * abs(length_ms - middle) / middle
    if length_ms < shortest_ms:
        cost += _TOO_SHORT * (shortest_ms - length_ms) / shortest_ms + _WITHIN_SENTENCE
    if length_ms > longest_ms:
        cost += _TOO_LONG * (length_ms - longest_ms) / longest_ms
    return cost


def _silence(
    start_ms: int, end_ms: int, changes_ms: Sequence[int], shortest_ms: int, longest_ms: int
) -> list[tuple[int, int]]:
    """A stretch without speech, cut where the screen changes."""
    out: list[tuple[int, int]] = []
    begin = start_ms
    while end_ms - begin > longest_ms:
        inside = [t for t in changes_ms if begin + shortest_ms <= t <= begin + longest_ms]
        cut = inside[-1] if inside else begin + longest_ms
        if end_ms - cut < shortest_ms:
            break
        out.append((begin, cut))
        begin = cut
    if end_ms > begin:
        out.append((begin, end_ms))
    return out

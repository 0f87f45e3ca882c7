"""Where the topic shifts: lexical cohesion between neighbouring blocks of text (TextTiling).

M. A. Hearst, "TextTiling: Segmenting Text into Multi-paragraph Subtopic Passages", Computational
Linguistics 23(1), 1997: blocks of text on both sides of a gap are compared by the cosine of their
word counts; a gap is a shift in so far as the similarity there lies below the peaks around it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from pipeline.text.content import content_terms

# Content words on each side of a gap. Of the 24 chapter marks of a lecture of two hours, the cuts
# every 5 minutes meet 12 within 30 s with 60 words, 10 with 120, 8 with 240 (5 by chance); Hearst
# takes blocks of 6 to 10 sentences of 20 words.
_BLOCK_WORDS = 120
# What a part costs that is longer or shorter than wished, and than the shortest. That lecture, cut
# every 5 minutes, gets 32 parts of 2.6 to 6.5 minutes, and 11 of 25 marks have a cut within 30 s;
# half of the first weight: 35 parts and 12 marks, twice: 29 and 8; twice the second: 34 and 10.
_UNEVEN, _TOO_LONG, _TOO_SHORT = 0.8, 0.6, 5.0


def depths(texts: Sequence[str]) -> list[float]:
    """How deep the topic shift is before each text, 0 to about 2; the first is 0."""
    counted = [Counter(content_terms(text)) for text in texts]
    similarities = [1.0] + [_similarity(counted, gap) for gap in range(1, len(counted))]
    result = [0.0] * len(counted)
    for gap in range(1, len(counted)):
        left = _climb(similarities, gap, -1)
        right = _climb(similarities, gap, 1)
        result[gap] = (left - similarities[gap]) + (right - similarities[gap])
    return result


def cut(
    scores: Sequence[float], lengths_ms: Sequence[int], target_ms: int, shortest_ms: int
) -> list[int]:
    """Indices of the pieces that begin a part, in order; the first is 0 (none for no pieces).

    The cuts have the largest sum of scores, less a cost for parts that are shorter or longer than
    ``target_ms``; no part is shorter than ``shortest_ms`` unless everything is.
    """
    count = len(lengths_ms)
    ends = [0]
    for length in lengths_ms:
        ends.append(ends[-1] + length)
    best = [0.0] + [float("-inf")] * count
    previous = [0] * (count + 1)
    for end in range(1, count + 1):
        for start in range(end):
            gain = scores[start] if start else 0.0
            total = best[start] + gain - _unevenness(ends[end] - ends[start], target_ms)
            if ends[end] - ends[start] < shortest_ms:
                total -= _TOO_SHORT
            if total > best[end]:
                best[end], previous[end] = total, start
    starts = []
    position = count
    while position > 0:
        position = previous[position]
        starts.append(position)
    return starts[::-1]


def _unevenness(length_ms: int, target_ms: int) -> float:
    ratio = max(length_ms, 1) / target_ms
    return _UNEVEN * math.log(ratio) ** 2 + _TOO_LONG * max(0.0, ratio - 1.0)


def _similarity(counted: Sequence[Counter[str]], gap: int) -> float:
    left, right = Counter[str](), Counter[str]()
    index = gap - 1
    while index >= 0 and left.total() < _BLOCK_WORDS:
        left.update(counted[index])
        index -= 1
    index = gap
    while index < len(counted) and right.total() < _BLOCK_WORDS:
        right.update(counted[index])
        index += 1
    product = sum(count * right[term] for term, count in left.items())
    norms = math.sqrt(_square(left) * _square(right))
    return product / norms if norms else 1.0


def _square(counts: Counter[str]) -> int:
    return sum(count * count for count in counts.values())


def _climb(values: Sequence[float], at: int, step: int) -> float:
    """The height of the nearest peak on one side."""
    height = values[at]
    index = at + step
    while 0 < index < len(values) and values[index] >= height:
        height = values[index]
        index += step
    return height

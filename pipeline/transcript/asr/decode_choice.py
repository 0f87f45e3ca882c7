"""Several decodes of the same sound: which one to believe, how to join them, where they differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from pipeline.transcript.asr.coverage import Stretch, missing_s
from pipeline.transcript.asr.engines.engine import RecognisedWord, Recognition
from pipeline.transcript.asr.hallucinations import believed, doubt
from pipeline.transcript.asr.windows import Window

# One decode leaves more out than another when so many voiced seconds more have no word.
_LESS_S = 0.5
# A prompt made the log probability of Whisper base up to 1.3 times as large (lectures, a novel),
# that of a model which was trained without prompts 4 to 9 times.
_DOUBT_TIMES = 2.0
_CONTENT_LETTERS = 4  # shorter words are mostly function words
_EDGE_S = 0.3  # how far two alignments of the same word may lie apart


@dataclass(frozen=True)
class Decode:
    """From ``start_s`` to ``end_s``: the words that were kept, and what the other decode has."""

    start_s: float
    end_s: float
    kept: str
    other: str


def better(
    first: Recognition, second: Recognition, window: Window, unprompted: bool = False
) -> Recognition:
    """The one of two decodes of a window to believe: no loop, then coverage, then likelihood.

    Where the second is the ``unprompted`` one, it is that before the likelier: a prompt makes a
    model surer of what it says.
    """
    loops = [doubt(heard, window.breaks) == "loop" for heard in (first, second)]
    if loops[0] != loops[1]:
        return second if loops[0] else first
    missing = [missing_s(heard, window.pauses, window.length_s) for heard in (first, second)]
    if abs(missing[0] - missing[1]) > _LESS_S:
        return first if missing[0] < missing[1] else second
    return second if unprompted or believed(second) > believed(first) else first


def confused(window: Window, prompted: Recognition, plain: Recognition) -> bool:
    """Whether the prompt makes the model leave something out, repeat itself, or doubt all it hears.

    A little less likely tells nothing: a decode that stops early is surer of itself.
    """
    if doubt(prompted, window.breaks) == "loop" and doubt(plain, window.breaks) != "loop":
        return True
    if believed(prompted) < _DOUBT_TIMES * believed(plain):
        return True
    left_out = [missing_s(one, window.pauses, window.length_s) for one in (prompted, plain)]
    return left_out[0] > _LESS_S + left_out[1]


def one_after_the_other(first: Recognition, second: Recognition, at_s: float) -> Recognition:
    """What was heard in two halves as what was heard in the whole; the second begins ``at_s``."""
    words = (*first.words, *_moved(second.words, at_s))
    count = max(len(words), 1)
    pairs = [(len(one.words), one.average_logprob) for one in (first, second)]
    mean = sum(n * (logprob or 0.0) for n, logprob in pairs) / count
    return replace(
        first,
        words=words,
        average_logprob=None if first.average_logprob is None else mean,
        approximate=first.approximate or second.approximate,
    )


def spliced(whole: Recognition, part: Recognition, span: Stretch, gap: Stretch) -> Recognition:
    """``whole`` with the words of ``part``, a decode of its ``span``, where they fill ``gap``.

    Where the two have the same words, the times are those of ``part``; where they differ outside
    of the gap, the words of ``whole`` stay.
    """
    new = _moved(part.words, span[0])
    begin, end = gap[0] - _EDGE_S, gap[1] + _EDGE_S
    first = sum(_middle(word) < span[0] for word in whole.words)
    count = sum(span[0] <= _middle(word) <= span[1] for word in whole.words)
    old = whole.words[first : first + count]
    chosen: list[RecognisedWord] = []
    for tag, i1, i2, j1, j2 in _differences(old, new):
        ours, theirs = old[i1:i2], new[j1:j2]
        touches = any(one.start_s < end and begin < one.end_s for one in (*ours, *theirs))
        if tag == "equal" or not theirs or not touches:
            chosen += theirs if tag == "equal" else ours
            continue
        # The part's decode may itself stop early: what it does not reach stays.
        chosen += [word for word in ours if word.end_s <= min(theirs[0].start_s, begin)]
        chosen += theirs
        chosen += [word for word in ours if word.start_s >= max(theirs[-1].end_s, end)]
    words = (*whole.words[:first], *chosen, *whole.words[first + count :])
    return replace(whole, words=words)


def conflicts(kept: Recognition, other: Recognition) -> Iterator[Decode]:
    """Where the other decode has other content words, in order."""
    for tag, i1, i2, j1, j2 in _differences(kept.words, other.words):
        ours, theirs = kept.words[i1:i2], other.words[j1:j2]
        if tag == "replace" and _has_content(ours) and _has_content(theirs):
            yield Decode(ours[0].start_s, ours[-1].end_s, _text(ours), _text(theirs))


def _differences(
    old: Sequence[RecognisedWord], new: Sequence[RecognisedWord]
) -> list[tuple[str, int, int, int, int]]:
    matcher = SequenceMatcher(
        a=[letters_of(w) for w in old], b=[letters_of(w) for w in new], autojunk=False
    )
    return list(matcher.get_opcodes())


def letters_of(word: RecognisedWord) -> str:
    """The letters and digits of a word, in lower case."""
    return re.sub(r"\W", "", word.text).lower() or word.text


def _has_content(words: Sequence[RecognisedWord]) -> bool:
    return any(len(letters_of(word)) >= _CONTENT_LETTERS for word in words)


def _text(words: Sequence[RecognisedWord]) -> str:
    return " ".join(word.text for word in words)


def _middle(word: RecognisedWord) -> float:
    return (word.start_s + word.end_s) / 2


def _moved(words: Sequence[RecognisedWord], by_s: float) -> tuple[RecognisedWord, ...]:
    return tuple(
        replace(word, start_s=word.start_s + by_s, end_s=word.end_s + by_s) for word in words
    )

"""The lines of captions: each once, at the time it was first said, and no word cut in two.

Automatic captions roll up: a new line appears under the one before, which is shown again, so a
plain reading says everything twice or three times. Live captions also grow: the same line, a word
longer each time.

Chinese and Japanese captions are often cut after so many characters, within a Latin word even
("ChatG" and "PT"). Two pieces are one word where that word stands whole somewhere else in them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import regex

from pipeline.text.scripts import is_unspaced
from pipeline.transcript.captions.tokens import CaptionToken

# A repeated line must follow at once; a lecturer may say the same thing again later.
_FOLLOWS_MS = 250
# Below this share of repeating cues a file is taken as it is: people do say "No." twice.
_ROLLING_SHARE = 0.2
# A screen holds no more lines of captions: TV's own have 15 rows.
_MOST_LINES = 16

_RUN = regex.compile(r"[A-Za-z0-9]+")
_END, _START = regex.compile(r"[A-Za-z0-9]+$"), regex.compile(r"^[A-Za-z0-9]+")
_Line = tuple[CaptionToken, ...]


@dataclass(frozen=True)
class ShownCue:
    """What a caption shows: its lines of words, none of them empty."""

    start_ms: int
    end_ms: int
    lines: tuple[tuple[CaptionToken, ...], ...]


def unroll(cues: Sequence[ShownCue]) -> list[ShownCue]:
    """``cues`` (in order of start) without what the cue before already showed, if the file rolls.

    A file rolls when at least a fifth of its cues, and at least two, begin with what the cue
    before ended with. Cues that show nothing new are left out.
    """
    rolling = sum(_repeated(before, after) != (0, 0) for before, after in pairwise(cues))
    if rolling < 2 or rolling < _ROLLING_SHARE * len(cues):
        return list(cues)
    still: list[ShownCue] = []
    for index, cue in enumerate(cues):
        lines, words = _repeated(cues[index - 1], cue) if index else (0, 0)
        rest = list(cue.lines[lines:])
        if words and rest:
            rest[0] = rest[0][words:]
        kept = tuple(line for line in rest if line)
        if kept:
            still.append(ShownCue(cue.start_ms, cue.end_ms, kept))
    return still


def _repeated(before: ShownCue, after: ShownCue) -> tuple[int, int]:
    """How many whole lines, and then words of the next line, ``after`` shows again."""
    if after.start_ms - before.end_ms > _FOLLOWS_MS:
        return 0, 0
    old = [_texts(line) for line in before.lines]
    new = [_texts(line) for line in after.lines]
    most = min(len(old), len(new), _MOST_LINES)
    for count in range(most, 0, -1):
        if old[-count:] == new[:count]:
            return count, 0
    for count in range(most, 0, -1):
        grown, last = new[count - 1], old[-1]
        if old[-count:-1] == new[: count - 1] and len(last) > 1 and grown[: len(last)] == last:
            return count - 1, len(last)
    return 0, 0


def _texts(line: tuple[CaptionToken, ...]) -> list[str]:
    return [token.text for token in line]


def with_whole_words(cues: Sequence[ShownCue]) -> list[ShownCue]:
    """``cues`` with the second piece of a cut word at the end of the line that has the first."""
    lines = [list(cue.lines) for cue in cues]
    texts = [token.text for own in lines for line in own for token in line]
    if not is_unspaced("".join(texts)):
        return list(cues)
    whole = Counter(run for text in texts for run in _RUN.findall(text))
    before: tuple[int, int] | None = None
    for number, own in enumerate(lines):
        for place, line in enumerate(own):
            if before is not None:
                first = lines[before[0]][before[1]]
                lines[before[0]][before[1]], own[place] = _repaired(first, line, whole)
            before = (number, place)
    kept = [tuple(line for line in own if line) for own in lines]
    return [replace(cue, lines=own) for cue, own in zip(cues, kept, strict=True) if own]


def _repaired(first: _Line, second: _Line, whole: Counter[str]) -> tuple[_Line, _Line]:
    if not first or not second:
        return first, second
    head, tail = _END.search(first[-1].text), _START.match(second[0].text)
    if not head or not tail or not whole[head[0] + tail[0]]:
        return first, second
    longer = replace(first[-1], text=first[-1].text + tail[0])
    rest = second[0].text[tail.end() :]
    kept = (replace(second[0], text=rest), *second[1:]) if rest else second[1:]
    return (*first[:-1], longer), kept

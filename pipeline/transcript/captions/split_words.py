"""Latin words that a line break cut in two, in scripts without spaces: "ChatG" and "PT".

Chinese and Japanese captions are often cut after so many characters, whatever stands there. Two
pieces are one word where that word stands whole somewhere else in the captions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import regex

from pipeline.text.scripts import is_unspaced
from pipeline.transcript.captions.rolling import ShownCue
from pipeline.transcript.captions.tokens import CaptionToken

_RUN = regex.compile(r"[A-Za-z0-9]+")
_END, _START = regex.compile(r"[A-Za-z0-9]+$"), regex.compile(r"^[A-Za-z0-9]+")
_Line = tuple[CaptionToken, ...]


def with_whole_words(cues: Sequence[ShownCue]) -> list[ShownCue]:
    """``cues`` with the second piece of such a word at the end of the line that has the first."""
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

"""A caption file to cues of the transcript: clean text, every word once, times in order.

Word times are exact where the file has them inline (YouTube's automatic captions) and shared out in
proportion to the words' lengths elsewhere; such cues are marked ``approximate``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pipeline.errors import CaptionError
from pipeline.models import Cue, Word
from pipeline.text.words import joined, unspaced_parts
from pipeline.transcript.captions.lines import ShownCue, unroll, with_whole_words
from pipeline.transcript.captions.parse import CaptionFile, read_caption_file
from pipeline.transcript.captions.sounds import is_bracketed
from pipeline.transcript.captions.speakers import with_turns
from pipeline.transcript.captions.tokens import CaptionToken, cue_text, has_escaped_break
from pipeline.transcript.cues import cue_of, in_order, split_long, spread

# A caption often stays on the screen until the next one. Nobody speaks slower than this (ordinary
# speech is three times as fast, 15 letters a second), so what is left of its time is a pause.
_SLOWEST_MS_PER_LETTER = 200
_SLOWEST_MS_MORE = 600  # for the caption as a whole: one word alone is said more slowly
# A caption whose end is missing or before its start is given the length of ordinary speech.
_USUAL_MS_PER_LETTER = 65
# A lecturer may speak of "\n" in so many captions; in more of them it is a line break of the file.
_SPOKEN_BREAKS = 2
_SPOKEN_BREAKS_SHARE = 0.05
# In 33 hours at the pace of a lecture, 150 words a minute.
_MOST_WORDS = 300_000


@dataclass(frozen=True)
class Captions:
    """What was read: the cues, the language the file names, the lines without a valid time.

    ``doubt`` says what is not sure of the text ("": nothing); ``inaudible`` are the times (ms) of
    passages that whoever wrote the captions could not make out; ``restarts`` as for
    ``CaptionFile``.
    """

    cues: tuple[Cue, ...]
    language: str | None
    unreadable: tuple[int, ...]
    doubt: str = ""
    inaudible: tuple[int, ...] = ()
    restarts: int = 0


def read_captions(path: Path, language: str | None = None, fps: float | None = None) -> Captions:
    """The transcript cues of a caption file (``.vtt``, ``.srt`` or ``.sbv``, in any order of time).

    Cues that hold no speech (``[Music]``, song notes, empty) are left out; cues longer than a
    transcript's are split. No cue overlaps the next. ``language`` is what the file is believed to
    be in; it helps to tell old encodings apart; ``fps`` are the frames a second of times that
    count frames.

    Raises:
        CaptionError: the file cannot be read, is no caption file or has more words than anybody
            can say.
    """
    return captions_of(read_caption_file(path, language, fps), str(path))


def captions_of(file: CaptionFile, name: str = "a file") -> Captions:
    """Like ``read_captions``, from a file called ``name`` that has been parsed."""
    shown = []
    inaudible: list[int] = []
    bracketed = 2 * sum(is_bracketed(raw.lines) for raw in file.cues) > len(file.cues) > 2
    escapes = sum(has_escaped_break(raw.lines) for raw in file.cues)
    escaped = escapes > max(_SPOKEN_BREAKS, _SPOKEN_BREAKS_SHARE * len(file.cues))
    for raw in with_turns(sorted(file.cues, key=lambda cue: cue.start_ms)):
        text = cue_text(raw.lines, bracketed, escaped)
        inaudible += [raw.start_ms] * text.inaudible
        if text.lines:
            shown.append(ShownCue(raw.start_ms, raw.end_ms, text.lines))
    cues: list[Cue] = []
    still = with_whole_words(unroll(shown))
    if sum(len(line) for cue in still for line in cue.lines) > _MOST_WORDS:
        raise CaptionError(
            f"the captions in {name} have more than {_MOST_WORDS:,} words: more than anybody can "
            "say in a day",
            "put the captions of this video alone there",
        )
    for index, cue in enumerate(still):
        tokens = [token for line in cue.lines for token in line]
        following = still[index + 1].start_ms if index + 1 < len(still) else None
        end_ms = _end(cue, tokens, following)
        for part in _by_speaker(_cue(cue.start_ms, end_ms, tokens), tokens):
            cues += split_long(part)
    fine = tuple(_fine(cue) for cue in in_order(cues))
    return Captions(
        fine, file.language, file.unreadable, file.doubt, tuple(inaudible), file.restarts
    )


def _end(cue: ShownCue, tokens: Sequence[CaptionToken], following: int | None) -> int:
    """The cue's end: its own, but not after the next cue's start, nor long after its words."""
    letters = sum(len(token.text) + 1 for token in tokens)
    end_ms = cue.end_ms
    if end_ms <= cue.start_ms:
        end_ms = cue.start_ms + letters * _USUAL_MS_PER_LETTER
    stamps = [token.at_ms for token in tokens if token.at_ms is not None]
    timed = [stamp for stamp in stamps if cue.start_ms <= stamp <= end_ms]
    end_ms = min(end_ms, cue.start_ms + letters * _SLOWEST_MS_PER_LETTER + _SLOWEST_MS_MORE)
    if timed:
        last = len(tokens[-1].text)
        latest = max(timed) + last * _SLOWEST_MS_PER_LETTER + _SLOWEST_MS_MORE
        end_ms = max(max(timed) + 1, min(cue.end_ms, latest))
    # Cues that begin together share the time until the following one: see ``in_order``.
    return min(end_ms, following) if following and following > cue.start_ms else end_ms


def _cue(start_ms: int, end_ms: int, tokens: Sequence[CaptionToken]) -> Cue:
    text = joined(token.text for token in tokens)
    times: list[int] = []
    for token in tokens[1:]:
        # A stamp outside the cue, or before the last one, is damage.
        if token.at_ms is None or not (times or [start_ms])[-1] <= token.at_ms <= end_ms:
            break
        times.append(token.at_ms)
    if len(tokens) > 1 and len(times) == len(tokens) - 1:
        starts = [start_ms, *times]
        words = tuple(
            Word(start_ms=start, end_ms=_word_end(token, start, stop), text=token.text)
            for token, start, stop in zip(tokens, starts, [*times, end_ms], strict=True)
        )
        return Cue(start_ms=start_ms, end_ms=end_ms, text=text, words=words)
    shared = spread([token.text for token in tokens], start_ms, end_ms)
    return Cue(start_ms=start_ms, end_ms=end_ms, text=text, words=shared, approximate=True)


def _by_speaker(cue: Cue, tokens: Sequence[CaptionToken]) -> list[Cue]:
    """``cue``, which has a word for each token, cut where another person begins to speak."""
    starts = [number for number, token in enumerate(tokens) if token.new_speaker]
    if starts in ([], [0]):
        return [cue.model_copy(update={"new_speaker": bool(starts)})]
    return [
        cue_of(cue.words[first:end], cue.approximate, tokens[first].new_speaker)
        for first, end in pairwise(sorted({0, *starts, len(tokens)}))
    ]


def _fine(cue: Cue) -> Cue:
    """``cue`` with words as fine as its script allows: Chinese lines have no spaces to cut at."""
    fine = tuple(
        piece
        for word in cue.words
        for piece in spread(unspaced_parts(word.text), word.start_ms, word.end_ms)
    )
    return cue if len(fine) == len(cue.words) else cue.model_copy(update={"words": fine})


def _word_end(token: CaptionToken, start_ms: int, next_ms: int) -> int:
    """A word ends where the next begins, unless that is long after it can have ended."""
    return min(next_ms, start_ms + _SLOWEST_MS_MORE + _SLOWEST_MS_PER_LETTER * len(token.text))

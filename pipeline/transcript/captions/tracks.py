"""The caption tracks of a video: who made one, which to read, and its cues on the video's clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import regex

from pipeline.engine.progress import Progress
from pipeline.errors import CaptionError
from pipeline.models import CaptionKind, CaptionTrack, Cue, Video
from pipeline.text.languages.codes import base_language, written_language
from pipeline.text.punctuation import mark_count
from pipeline.text.scripts import main_script
from pipeline.text.words import words
from pipeline.timecode import clock
from pipeline.transcript.captions.parse import parse_captions
from pipeline.transcript.captions.read import Captions, read_captions
from pipeline.transcript.cues import within

# Longer than a lecturer is silent, who writes on the board or shows a film; and this share of it.
_GAP_MS = 120_000
_GAP_SHARE = 0.05

_HOUR_MS = 3_600_000  # clocks of broadcasts begin at a full hour, 01:00:00 or 10:00:00 mostly
# A last caption may stay this long after the picture has ended.
_OVERHANG_MS = 5_000

_PAL_SPEED = 25 / 24  # films have 24 pictures a second, and PAL shows 25
# The last caption ends up to 0.6% before the video does (20 s of an hour), or stays a bit longer.
_PAL_NEAR = 0.006

_INLINE_TIME = regex.compile(r"<(?:\d{1,4}:)?\d\d:\d\d\.\d{3}>")
_MARKUP = regex.compile(r"<[^<>]*>|\{\\[^{}]*\}|\[[^\[\]]*\]|\([^()]*\)|【[^【】]*】|（[^（）]*）")
# Marks that stand between speakers and in times, and are no punctuation.
_NO_MARKS = regex.compile(r"&\w+;|>>+|♪")
_ENOUGH_WORDS = 30  # people set two marks or more in so many, on average
# A mark every hundred words; people set one every five to fifteen (in the captions of one lecture
# in 15 languages, 7 to 18 marks a hundred words where words have spaces).
_FEWEST_MARKS = 0.01


@dataclass(frozen=True)
class TrackText:
    """What a track says in the part of the video to convert; at least one cue."""

    cues: tuple[Cue, ...]
    language: str | None


def tracks_in_order(
    tracks: Sequence[CaptionTrack], kind: CaptionKind, wanted: str | None
) -> list[CaptionTrack]:
    """The tracks of one kind, the best first.

    The language that is spoken comes before an unnamed one, then English, then the others, which
    are translations; within that, the order of the download.

    Args:
        tracks: all of the video's.
        kind: made by a person, or automatic.
        wanted: the language spoken (``en``, ``pt-BR``), None when it is not known.
    """
    return sorted(
        (track for track in tracks if track.kind == kind), key=lambda track: _rank(track, wanted)
    )


def read_track(
    path: Path, track: CaptionTrack, video: Video, progress: Progress
) -> TrackText | None:
    """The cues of ``track``, whose file is ``path``; None where it is no use for the video.

    ``progress`` is warned of everything that is doubtful or left out, each with a count and its
    first place.
    """
    try:
        captions = read_captions(path, track.language or video.language, video.fps or None)
    except CaptionError as error:
        progress.warn(str(error))
        return None
    for warning in _warnings(captions):
        progress.warn(f"{track.path}: {warning}")
    placed = on_clock(captions.cues, video.duration_ms)
    if placed.shift_ms:
        progress.warn(
            f"{track.path}: its times begin at {clock(captions.cues[0].start_ms)}, after the "
            f"video's end; {clock(placed.shift_ms)} is taken from them"
        )
    if placed.outside:
        speed = other_speed(captions.cues, video.duration_ms)
        progress.warn(
            f"{track.path}: {len(placed.outside)} captions lie after the video's end and are left "
            f"out, the first at {clock(placed.outside[0].start_ms)}{speed and f'; {speed}'}"
        )
    cues = tuple(within(placed.cues, video.start_ms, video.end_ms))
    if not cues:
        progress.warn(f"{track.path}: no speech in it for the part to convert")
        return None
    if gaps := _gaps(cues, video):
        start_ms, end_ms = gaps[0]
        more = f" (and {len(gaps) - 1} more such stretches)" if len(gaps) > 1 else ""
        progress.warn(
            f"{track.path}: no captions from {clock(start_ms)} to {clock(end_ms)}{more}: if "
            "anybody speaks there, it is not in the transcript; set transcribe.engine to listen"
        )
    language = track.language or captions.language or video.language
    return TrackText(cues, written_language(language))


def _gaps(cues: Sequence[Cue], video: Video) -> list[tuple[int, int]]:
    """Stretches of the part to convert that are suspiciously long for silence."""
    least_ms = max(_GAP_MS, int((video.end_ms - video.start_ms) * _GAP_SHARE))
    ends = [video.start_ms, *(cue.end_ms for cue in cues)]
    starts = [*(cue.start_ms for cue in cues), video.end_ms]
    return [(a, b) for a, b in zip(ends, starts, strict=True) if b - a > least_ms]


def _warnings(captions: Captions) -> list[str]:
    warnings = []
    if captions.doubt:
        warnings.append(f"{captions.doubt}; look whether the text is right")
    if captions.restarts:
        warnings.append(
            f"it is joined from {captions.restarts + 1} segments whose times begin again and that "
            "do not say when they are; they are put one behind the other, so that times may be "
            "early"
        )
    if captions.unreadable:
        warnings.append(
            f"{len(captions.unreadable)} captions without a readable time are left out, the first "
            f"on line {captions.unreadable[0]}"
        )
    if captions.inaudible:
        warnings.append(
            f"{len(captions.inaudible)} passages are marked inaudible in it, the first at "
            f"{clock(captions.inaudible[0])}"
        )
    return warnings


def _rank(track: CaptionTrack, wanted: str | None) -> tuple[int, int]:
    language = base_language(track.language)
    if wanted and language == base_language(wanted):
        return 0, 0 if (track.language or "").lower() == wanted.lower() else 1
    if language is None:
        return 1, 0
    return (2, 0) if language == "en" else (3, 0)


@dataclass(frozen=True)
class OnClock:
    """Cues on the video's clock; ``shift_ms`` was taken from their times; ``outside`` are left.

    ``outside`` are the cues that begin when the video is over.
    """

    cues: tuple[Cue, ...]
    shift_ms: int = 0
    outside: tuple[Cue, ...] = ()


def on_clock(cues: Sequence[Cue], duration_ms: int) -> OnClock:
    """``cues`` brought to the clock of a video that lasts ``duration_ms`` (0: not known).

    They are shifted by whole hours when most of them begin after the video's end, the first one
    not before a full hour, and all of them would lie in the video then. Programmes are mastered
    from 01:00:00 or 10:00:00 (EBU R 122), so the hour is the clock's and the rest the speech's.
    """
    outside = tuple(cue for cue in cues if cue.start_ms >= duration_ms)
    if not duration_ms or not outside:
        return OnClock(tuple(cues))
    shift_ms = cues[0].start_ms // _HOUR_MS * _HOUR_MS
    fits = cues[-1].start_ms - shift_ms < duration_ms
    fits = fits and cues[-1].end_ms - shift_ms <= duration_ms + _OVERHANG_MS
    if shift_ms and fits and 2 * len(outside) > len(cues):
        return OnClock(tuple(_shifted(cue, -shift_ms) for cue in cues), shift_ms)
    return OnClock(tuple(cue for cue in cues if cue.start_ms < duration_ms), 0, outside)


def other_speed(cues: Sequence[Cue], duration_ms: int) -> str:
    """What to say where the cues are those of a slower copy of the video, else "".

    Films run at 24 frames a second and are shown at 25 in countries of PAL, 4% faster; captions of
    the one drift from the speech of the other, by two seconds a minute and more. Those of the
    faster copy end within the video and cannot be told from captions that end early.
    """
    ratio = cues[-1].end_ms / duration_ms if cues and duration_ms else 0.0
    if abs(ratio - _PAL_SPEED) > _PAL_NEAR:
        return ""
    return (
        f"they last {ratio:.3f} times as long as the video, as captions of a copy at 24 frames a "
        "second do beside one at 25: if so, all of them are late"
    )


def _shifted(cue: Cue, by_ms: int) -> Cue:
    words = tuple(
        word.model_copy(update={"start_ms": word.start_ms + by_ms, "end_ms": word.end_ms + by_ms})
        for word in cue.words
    )
    update = {"start_ms": cue.start_ms + by_ms, "end_ms": cue.end_ms + by_ms, "words": words}
    return cue.model_copy(update=update)


def looks_automatic(text: str) -> bool:
    """Whether a caption file's text was made by a recogniser rather than a person.

    It has times inside its lines (YouTube's rolling form), or hardly any punctuation of its script.
    Captions of fewer than 30 words, and those in a script that people caption without punctuation
    (``Script.unmarked_captions``) or that is not known, count as human unless they have such times.

    >>> looks_automatic("00:00:01.000 --> 00:00:09.000\\n" + "hi everyone so in this video " * 10)
    True
    >>> looks_automatic("00:00:01.000 --> 00:00:09.000\\n" + "Hi, everyone. We build it. " * 10)
    False
    """
    if _INLINE_TIME.search(text):
        return True
    lines = (line for cue in parse_captions(text).cues for line in cue.lines)
    speech = _NO_MARKS.sub(" ", _MARKUP.sub(" ", "\n".join(lines)))
    count = len(words(speech))
    script = main_script(speech)
    if count < _ENOUGH_WORDS or script is None or script.unmarked_captions:
        return False
    return mark_count(speech) < count * _FEWEST_MARKS

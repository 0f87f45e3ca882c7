"""Small lectures for the tests of the transcript edition, built from plain text."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.models import ChapterMark, Cue, Frame, Segment, Segments, Transcript, Video
from pipeline.text.spoken_words import SpokenWord

WORD_MS = 300


def spoken(text: str, *, pauses: dict[str, int] | None = None) -> tuple[SpokenWord, ...]:
    """The words of ``text``; ``pauses`` gives the silence before a word, in ms."""
    pauses = pauses or {}
    return tuple(
        SpokenWord(word, 0, n * WORD_MS, (n + 1) * WORD_MS, pauses.get(word, 0))
        for n, word in enumerate(text.split())
    )


def video(duration_ms: int, chapters: Sequence[tuple[int, str]] = (), **fields: object) -> Video:
    """A video of that length, with chapters as (start in ms, title)."""
    base = Video(
        video_id="lecture",
        title="A lecture",
        url=None,
        path="lecture.mp4",
        duration_ms=duration_ms,
        width=1280,
        height=720,
        fps=30,
        has_audio=True,
        language="en",
        chapters=tuple(ChapterMark(start_ms=start, title=title) for start, title in chapters),
        sha256="0" * 64,
        start_ms=0,
        end_ms=duration_ms,
    )
    return base.model_copy(update=fields)


def lecture(
    texts: Sequence[str], frames: Sequence[Frame] = (), segment_ms: int = 20_000
) -> tuple[Segments, Transcript]:
    """One segment and one cue for each text, one after the other."""
    segments = []
    cues: list[Cue] = []
    for number, text in enumerate(texts):
        start, end = number * segment_ms, (number + 1) * segment_ms
        said = sum(len(cue.words) for cue in cues)
        on_screen = [f.id for f in frames if f.start_ms < end and f.end_ms > start]
        segments.append(
            Segment(
                id=f"s{number + 1:04d}",
                start_ms=start,
                end_ms=end,
                text=text,
                first_word=said,
                last_word=said + len(text.split()) - 1,
                frames=tuple(on_screen),
            )
        )
        if text:
            cues.append(Cue(start_ms=start, end_ms=end, text=text, approximate=True))
    transcript = Transcript(language="en", engine="captions", model=None, cues=tuple(cues))
    return Segments(segments=tuple(segments), frames=tuple(frames)), transcript


def frame(name: str, start_ms: int, end_ms: int, text: str = "", **fields: object) -> Frame:
    """A slide that is on screen from ``start_ms`` to ``end_ms`` and fullest at its end."""
    base = Frame(
        id=name,
        at_ms=end_ms - 500,
        start_ms=start_ms,
        end_ms=end_ms,
        path=f"screens/frames/{name}.webp",
        width=1280,
        height=720,
        text=text,
        kind="slide",
    )
    return base.model_copy(update=fields)

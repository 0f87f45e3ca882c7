"""A whole lecture whose speech and screens are hostile, as the chapter without a model."""

from __future__ import annotations

from itertools import pairwise

from pipeline.models import ChapterMark, Frame, Segment, Segments, Transcript, Video
from pipeline.settings.outline import OutlineSettings
from pipeline.transcript.captions.parse import parse_captions
from pipeline.transcript.captions.read import captions_of
from pipeline.transcript.segmentation import spans
from pipeline.writing.outline.planner_input import shown_segments
from pipeline.writing.transcript_edition.edition import write_transcript
from pipeline.writing.transcript_edition.report import report
from pipeline.writing.transcript_edition.sections import plan_transcript
from tests.fuzz.target import Target, halves

_SPEECH_MS = 4_000
_LECTURE = b"""so um this is the the tokenizer it's it reads bytes
okay so in particular how many bytes are there
[Music] GPT-2 has 50,257 tokens.
====
def get_stats(ids):
    return {}
>>> get_stats([])
{}

File Edit View Insert
"""


def lecture(data: bytes) -> None:
    """A chapter of any speech over any screen: nothing raises, every citation is right."""
    spoken, screen = halves(data)
    vtt = "WEBVTT\n\n" + "\n\n".join(
        f"00:{n * 4 // 60:02d}:{n * 4 % 60:02d}.000 --> 00:{(n * 4 + 4) // 60:02d}:"
        f"{(n * 4 + 4) % 60:02d}.000\n{line}"
        for n, line in enumerate(spoken.split("\n")[:100])
    )
    cues = captions_of(parse_captions(vtt)).cues
    end_ms = max([60_000, *(cue.end_ms for cue in cues)])
    transcript = Transcript(language="en", engine="captions", model=None, cues=cues)
    cut = spans(transcript, [20_000], 0, end_ms, 15_000, 60_000)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(cut))
    kept = [word for span in cut for word in transcript.words[span.first_word : span.last_word + 1]]
    assert tuple(kept) == transcript.words
    frames = tuple(_frame(number, text) for number, text in enumerate(screen.split("\f")[:6]))
    segments = Segments(
        segments=tuple(
            Segment(
                id=f"s{n:04d}",
                start_ms=one.start_ms,
                end_ms=one.end_ms,
                text=one.text,
                first_word=one.first_word,
                last_word=one.last_word,
            )
            for n, one in enumerate(cut, 1)
        ),
        frames=frames,
    )
    video = Video(
        video_id="v", title=screen[:50], url=None, path="v.mp4", duration_ms=end_ms, width=640,
        height=360, fps=5, has_audio=True, sha256="0" * 64, start_ms=0, end_ms=end_ms,
        description=spoken[:500], chapters=(ChapterMark(start_ms=0, title=spoken[:40]),),
    )  # fmt: skip
    settings = OutlineSettings()
    outline = plan_transcript(video, segments, transcript, settings)
    article = write_transcript(video, segments, transcript, outline, settings)
    found = report(article, segments)
    assert not [problem for section in found.sections for problem in section.problems]
    shown_segments(segments.segments, segments.frames)


def _frame(number: int, text: str) -> Frame:
    return Frame(
        id=f"f{number}",
        at_ms=number * 9_000 + 1,
        start_ms=number * 9_000,
        end_ms=(number + 1) * 9_000,
        path=f"{number}.png",
        width=640,
        height=360,
        text=text,
        kind="code" if number % 2 == 0 else "slide",
    )


TARGET = Target("lecture", lecture, (_LECTURE, "大家好。这是分词器\n====\n字节对编码".encode()))

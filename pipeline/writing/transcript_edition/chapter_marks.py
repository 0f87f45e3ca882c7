"""Chapter marks that made no section: their titles stand at the start of a paragraph instead."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.models import Outline, Video
from pipeline.writing.transcript_edition.punctuation.sentences import Sentence
from pipeline.writing.transcript_edition.sections import clean_title

_NEAR_MS = 6_000


def chapter_marks(video: Video, outline: Outline, spoken: Sequence[Sentence]) -> dict[int, str]:
    """Start of a sentence (ms) -> the title of the chapter that begins with it.

    Only chapters whose title is no section's, and near whose mark a sentence begins.
    """
    used = {section.title.casefold() for section in outline.sections}
    marks: dict[int, str] = {}
    for chapter in video.chapters:
        title = clean_title(chapter.title)
        if title.casefold() in used or not spoken:
            continue
        nearest = min(spoken, key=lambda s: (abs(s.start_ms - chapter.start_ms), s.start_ms))
        if abs(nearest.start_ms - chapter.start_ms) <= _NEAR_MS:
            marks.setdefault(nearest.start_ms, title)
            used.add(title.casefold())
    return marks

"""Headings inside sections: at topic shifts of long ones, and of chapters that made no section."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipeline.document.outline import Outline
from pipeline.models import Segments, Video
from pipeline.settings.outline import OutlineSettings
from pipeline.text.topics import cut, depths
from pipeline.writing.transcript_edition.punctuation.sentences import Sentence
from pipeline.writing.transcript_edition.sections import clean_title, known_names
from pipeline.writing.transcript_edition.slides import slide_titles
from pipeline.writing.transcript_edition.titles import TitleMaker

# How far from a chapter mark, whose site tells whole seconds, the sentence may begin that it means:
# an average sentence of speech, 15 words.
_NEAR_MS = 6_000


def subheadings(
    video: Video,
    segments: Segments,
    outline: Outline,
    spoken: Sequence[Sequence[Sentence]],
    settings: OutlineSettings,
) -> list[dict[int, str]]:
    """For each section: start of a sentence (ms) -> the heading before it; empty for short ones.

    ``spoken`` are the sentences of each section, in order.

    The first part of a section stands under the section's own title. A part that nothing names
    gets no heading.
    """
    parts = [_parts(own, settings) for own in spoken]
    maker = TitleMaker(
        [" ".join(s.text for s in part) for section in parts for part in section],
        known_names(video, segments),
        outline.language or video.language,
        [section.title for section in outline.sections],
    )
    slides = slide_titles(segments.frames)
    found: list[dict[int, str]] = []
    for section in parts:
        heads: dict[int, str] = {}
        for part in section[1:]:
            start, end = part[0].start_ms, part[-1].end_ms
            titles = [title for at, title in slides if start - 3000 <= at < (start + end) // 2]
            if title := maker.title([sentence.text for sentence in part], titles):
                heads[start] = title
        found.append(heads)
    return found


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


def _parts(sentences: Sequence[Sentence], settings: OutlineSettings) -> list[list[Sentence]]:
    if not sentences:
        return []
    length_ms = sentences[-1].end_ms - sentences[0].start_ms
    if length_ms <= settings.max_section_s * 1000:
        return [list(sentences)]
    scores = depths([sentence.text for sentence in sentences])
    for index, sentence in enumerate(sentences):
        scores[index] += _turn(sentence.text) + min(sentence.pause_ms, 3000) / 3000
    starts = [*[sentence.start_ms for sentence in sentences], sentences[-1].end_ms]
    lengths = [max(0, b - a) for a, b in pairwise(starts)]
    target_ms = int(settings.heading_every_s * 1000)
    cuts = [*cut(scores, lengths, target_ms, target_ms // 2), len(sentences)]
    return [list(sentences[a:b]) for a, b in pairwise(cuts)]


def _turn(text: str) -> float:
    """How much the sentence sounds like the start of something new."""
    line = text.lower()
    if line.startswith(("okay", "all right", "alright", "now ", "next")):
        return 0.5
    if line.startswith(("and ", "because", "it ", "that's", "this ")):
        return -0.4
    return 0.15 if line.startswith(("so ", "let's", "let me")) else 0.0

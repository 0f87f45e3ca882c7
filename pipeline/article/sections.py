"""The plan of the transcript edition: which segments make a section, and what it is called."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipeline.article.chrome import Chrome
from pipeline.article.furniture import furniture
from pipeline.article.names import spellings
from pipeline.article.screens import distinct, slide_titles
from pipeline.article.spoken import is_cjk
from pipeline.article.titles import TitleMaker
from pipeline.article.topics import cut, depths
from pipeline.model import Chapter, Frame, Outline, OutlineSection, Segment, Segments, Video
from pipeline.settings.outline import OutlineSettings

# A segment that starts this near to a chapter mark starts with the chapter.
_NEAR_MS = 8_000


def plan_transcript(video: Video, segments: Segments, settings: OutlineSettings) -> Outline:
    """The outline of the transcript edition.

    Sections follow the video's chapters where it has them (those shorter than
    ``settings.min_section_s`` join the one before), else the shifts of topic in the text and the
    changes of slide. Without segments there are no sections.
    """
    pieces = segments.segments
    language = video.language
    if not pieces:
        return Outline(title=video.title, language=language, edition="transcript", sections=())
    named = _chapter_starts(video.chapters, pieces, settings)
    named = named or _topic_starts(video, segments, settings)
    bounds = [start for start, _ in named] + [len(pieces)]
    titles = _all_different([title for _, title in named])
    return Outline(
        title=video.title,
        language=language,
        edition="transcript",
        sections=tuple(
            OutlineSection(
                id=f"sec{number:02d}",
                title=title,
                first_segment=pieces[first].id,
                last_segment=pieces[end - 1].id,
            )
            for number, (title, (first, end)) in enumerate(
                zip(titles, pairwise(bounds), strict=True), start=1
            )
        ),
    )


def known_names(video: Video, segments: Segments) -> dict[str, str]:
    """Right spellings from title, description, chapters and slides (see ``names.spellings``)."""
    ordinary = {word for segment in segments.segments for word in segment.text.split()}
    written = [video.title, video.description, *[chapter.title for chapter in video.chapters]]
    chrome = Chrome(segments.frames)
    shown = [line for frame in distinct(segments.frames) for line in chrome.content(frame)]
    return spellings(written, shown, ordinary)


def _chapter_starts(
    chapters: Sequence[Chapter], pieces: Sequence[Segment], settings: OutlineSettings
) -> list[tuple[int, str]]:
    """(index of the first segment, title) of each chapter that makes a section, in order.

    A chapter that starts too soon after the one before it, or far from where any segment starts,
    makes none (its title then stands within the text, see ``chapter_marks``).
    """
    if not chapters:
        return []
    end_ms = pieces[-1].end_ms
    shortest_ms = settings.min_section_s * 1000
    ends = [*[chapter.start_ms for chapter in chapters[1:]], end_ms]
    starts: list[tuple[int, str]] = []
    opened_ms = 0
    for chapter, after_ms in zip(chapters, ends, strict=True):
        if after_ms <= pieces[0].start_ms or chapter.start_ms >= end_ms:
            continue
        index = min(
            range(len(pieces)), key=lambda n: (abs(pieces[n].start_ms - chapter.start_ms), n)
        )
        off_ms = abs(pieces[index].start_ms - chapter.start_ms)
        if not starts:
            starts.append((0, clean_title(chapter.title)))
            opened_ms = max(chapter.start_ms, pieces[0].start_ms)
        elif (
            index > starts[-1][0]
            and chapter.start_ms - opened_ms >= shortest_ms
            and off_ms <= max(_NEAR_MS, (after_ms - chapter.start_ms) // 4)
        ):
            starts.append((index, clean_title(chapter.title)))
            opened_ms = chapter.start_ms
    if len(starts) > 1 and end_ms - opened_ms < shortest_ms / 2:
        starts.pop()
    return starts


def _topic_starts(
    video: Video, segments: Segments, settings: OutlineSettings
) -> list[tuple[int, str]]:
    """(index of the first segment, title) of each part; one that nothing names joins another."""
    pieces = segments.segments
    starts = _cuts(segments, settings)
    bounds = [*starts, len(pieces)]
    texts = [" ".join(piece.text for piece in pieces[a:b]) for a, b in pairwise(bounds)]
    english = (video.language or "en").startswith("en") and not is_cjk(" ".join(texts))
    maker = TitleMaker(texts, known_names(video, segments), english)
    by_opening = not english  # key phrases are found best in English
    named: list[tuple[int, str]] = []
    for text, (first, end) in zip(texts, pairwise(bounds), strict=True):
        slides = _slides_in(segments.frames, pieces[first].start_ms, pieces[end - 1].end_ms)
        title = maker.title([text], slides)
        title = title or (maker.opening([text]) if by_opening else None)
        if title:
            named.append((first if named else 0, title))
    if not named:
        alone = video.title if "".join(texts).strip() else furniture(video.language).on_screen
        named = [(0, maker.opening(texts) or alone)]
    return named


def _cuts(segments: Segments, settings: OutlineSettings) -> list[int]:
    """Indices of the segments that begin a part: where the words and the slides change."""
    pieces = segments.segments
    scores = depths([segment.text for segment in pieces])
    changes = [start_ms for start_ms, _ in slide_titles(segments.frames)]
    for index, piece in enumerate(pieces):
        if index and any(abs(piece.start_ms - change) < _NEAR_MS for change in changes):
            scores[index] += 0.5
    target_ms = int(settings.heading_every_s * 1000)
    ends = [*[piece.start_ms for piece in pieces[1:]], pieces[-1].end_ms]
    lengths = [end - piece.start_ms for piece, end in zip(pieces, ends, strict=True)]
    shortest_ms = min(int(settings.min_section_s * 1000), target_ms // 2)
    return cut(scores, lengths, target_ms, shortest_ms)


def _slides_in(frames: Sequence[Frame], start_ms: int, end_ms: int) -> list[str]:
    """Titles of the slides that come up in the first half of a part."""
    half_ms = (start_ms + end_ms) // 2
    return [
        title for at_ms, title in slide_titles(frames) if start_ms - _NEAR_MS <= at_ms < half_ms
    ]


def clean_title(title: str) -> str:
    """A chapter title as a heading: one line, its first letter a capital if its word has none."""
    line = " ".join(title.split())
    first = line.split(" ")[0] if line else ""
    return line[0].upper() + line[1:] if first.islower() else line


def _all_different(titles: Sequence[str]) -> list[str]:
    """The titles, numbered where one was used before."""
    unique: list[str] = []
    used: set[str] = set()
    for title in titles:
        count, name = 1, title or "…"
        while name.casefold() in used:
            count += 1
            name = f"{title} ({count})"
        used.add(name.casefold())
        unique.append(name)
    return unique

"""The plan of the transcript edition: which segments make a section, and what it is called."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from pipeline.document.outline import Outline, OutlineSection
from pipeline.i18n.transcript_edition import edition_words
from pipeline.models import ChapterMark, Frame, Segment, Segments, Transcript, Video
from pipeline.settings.outline import OutlineSettings
from pipeline.text.languages.codes import other_language
from pipeline.text.scripts import is_unspaced
from pipeline.text.spoken_words import spoken_words
from pipeline.text.topics import cut, depths
from pipeline.writing.outline.section_starts import Start, nearest_sentence, starts_in
from pipeline.writing.transcript_edition.addresses import lecture_links
from pipeline.writing.transcript_edition.proper_names import spellings
from pipeline.writing.transcript_edition.punctuation.sentences import Sentence, sentences
from pipeline.writing.transcript_edition.slides import distinct, lecture_title, slide_titles
from pipeline.writing.transcript_edition.titles import TitleMaker, announces
from pipeline.writing.transcript_edition.window_chrome import WindowChrome

# A segment that starts this near to a change of slide starts with the slide.
_NEAR_MS = 8_000


def plan_transcript(
    video: Video, segments: Segments, transcript: Transcript, settings: OutlineSettings
) -> Outline:
    """The outline of the transcript edition.

    Sections follow the video's chapters where it has them (those shorter than
    ``settings.min_section_s`` join the one before), else the shifts of topic in the text and the
    changes of slide; each begins at the sentence nearest to that second. Without segments there are
    no sections.
    """
    pieces = segments.segments
    language = video.language
    spoken = lecture_sentences(video, segments, transcript) if pieces else ()
    title = lecture_title(video, segments.frames, [one.text for one in spoken])
    links = lecture_links(video.description, segments.frames)
    if not pieces:
        return Outline(
            title=title, language=language, edition="transcript", links=links, sections=()
        )
    named = _chapter_starts(video.chapters, pieces, settings)
    named = named or _topic_starts(video, segments, spoken, settings)
    near = [nearest_sentence(at_ms, spoken) for at_ms, _ in named]
    kept = [
        (start, title)
        for start, (_, title) in zip(starts_in(pieces, near), named, strict=True)
        if start
    ]
    titles = _all_different([title for _, title in kept])
    return Outline(
        title=title,
        language=language,
        edition="transcript",
        links=links,
        sections=sections_from([start for start, _ in kept], titles, pieces),
    )


def lecture_sentences(
    video: Video, segments: Segments, transcript: Transcript, language: str | None = None
) -> tuple[Sentence, ...]:
    """The sentences of the whole lecture."""
    spoken = spoken_words(segments, transcript)
    language = language or transcript.language or video.language
    return sentences(spoken, language, known_names(video, segments))


def sections_from(
    starts: Sequence[Start], titles: Sequence[str], pieces: Sequence[Segment]
) -> tuple[OutlineSection, ...]:
    """Sections with these starts and titles that cover all segments."""
    ends = [*[start.end_before for start in starts[1:]], len(pieces)]
    return tuple(
        OutlineSection(
            id=f"sec{number:02d}",
            title=title,
            first_segment=pieces[start.first].id,
            last_segment=pieces[end - 1].id,
            starts_at_ms=start.starts_at_ms,
        )
        for number, (title, start, end) in enumerate(zip(titles, starts, ends, strict=True), 1)
    )


def known_names(video: Video, segments: Segments) -> dict[str, str]:
    """Right spellings from title, description, chapters and slides (see ``proper_names``)."""
    ordinary = {word for segment in segments.segments for word in segment.text.split()}
    written = [video.title, video.description, *[chapter.title for chapter in video.chapters]]
    chrome = WindowChrome(segments.frames)
    shown = [line for frame in distinct(segments.frames) for line in chrome.content(frame)]
    return spellings(written, shown, ordinary)


def _chapter_starts(
    chapters: Sequence[ChapterMark], pieces: Sequence[Segment], settings: OutlineSettings
) -> list[tuple[int, str]]:
    """(start in ms, title) of each chapter that makes a section, in order.

    A chapter that starts too soon after the one before it makes none (its title then stands within
    the text, see ``chapter_marks``).
    """
    if not chapters:
        return []
    end_ms = pieces[-1].end_ms
    shortest_ms = settings.min_section_s * 1000
    ends = [*[chapter.start_ms for chapter in chapters[1:]], end_ms]
    starts: list[tuple[int, str]] = []
    for chapter, after_ms in zip(chapters, ends, strict=True):
        if after_ms <= pieces[0].start_ms or chapter.start_ms >= end_ms:
            continue
        at_ms = max(chapter.start_ms, pieces[0].start_ms)
        if not starts or at_ms - starts[-1][0] >= shortest_ms:
            starts.append((at_ms, clean_title(chapter.title)))
    if len(starts) > 1 and end_ms - starts[-1][0] < shortest_ms / 2:
        starts.pop()
    return starts


def _topic_starts(
    video: Video, segments: Segments, spoken: Sequence[Sentence], settings: OutlineSettings
) -> list[tuple[int, str]]:
    """(start in ms, title) of each part; one that nothing names joins another.

    A part whose first segment has a sentence that announces a subject begins with that sentence.
    """
    pieces = segments.segments
    announced = _announced(video, spoken)
    starts = _cuts(segments, settings, announced)
    bounds = [*starts, len(pieces)]
    texts = [" ".join(piece.text for piece in pieces[a:b]) for a, b in pairwise(bounds)]
    maker = TitleMaker(texts, known_names(video, segments), video.language)
    by_opening = other_language(video.language, "en") or is_unspaced(" ".join(texts))
    named: list[tuple[int, str]] = []
    for text, (first, end) in zip(texts, pairwise(bounds), strict=True):
        slides = _slides_in(segments.frames, pieces[first].start_ms, pieces[end - 1].end_ms)
        end_ms = pieces[end - 1].end_ms
        from_here = [
            one.text for one in spoken if announced.get(first, end_ms) <= one.start_ms < end_ms
        ]
        title = maker.title(from_here or [text], slides)
        title = title or (maker.opening([text]) if by_opening else None)
        if title:
            at_ms = announced.get(first, pieces[first].start_ms)
            named.append((at_ms if named else pieces[0].start_ms, title))
    if not named:
        alone = video.title if "".join(texts).strip() else edition_words(video.language).on_screen
        named = [(pieces[0].start_ms, maker.opening(texts) or alone)]
    return named


def _announced(video: Video, spoken: Sequence[Sentence]) -> dict[int, int]:
    """When a sentence of a segment first announces a subject, in ms, by the segment's index."""
    if other_language(video.language, "en"):
        return {}
    found: dict[int, int] = {}
    for sentence in spoken:
        if announces(sentence.text):
            found.setdefault(sentence.segments[0], sentence.start_ms)
    return found


def _cuts(segments: Segments, settings: OutlineSettings, announced: Collection[int]) -> list[int]:
    """Indices of the segments that begin a part: where the words and the slides change, and where
    a subject is ``announced``."""
    pieces = segments.segments
    scores = depths([segment.text for segment in pieces])
    changes = [start_ms for start_ms, _ in slide_titles(segments.frames)]
    for index, piece in enumerate(pieces):
        if index and any(abs(piece.start_ms - change) < _NEAR_MS for change in changes):
            scores[index] += 0.5
        if index in announced:
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

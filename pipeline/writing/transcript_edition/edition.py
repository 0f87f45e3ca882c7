"""The chapter without a language model: the lecturer's own sentences, made readable."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from pipeline.document.article import Article, Section, cell_prefix
from pipeline.document.outline import Outline
from pipeline.document.parse import numbered
from pipeline.i18n.transcript_edition import edition_words
from pipeline.models import Frame, Segments, Transcript, Video
from pipeline.settings.outline import OutlineSettings
from pipeline.writing.outline.section_parts import section_parts, section_starts
from pipeline.writing.transcript_edition.addresses import shown_addresses
from pipeline.writing.transcript_edition.figure_captions import FigureCaptions
from pipeline.writing.transcript_edition.figures import chosen_figures
from pipeline.writing.transcript_edition.punctuation.sentences import Sentence
from pipeline.writing.transcript_edition.repeats import Repeats
from pipeline.writing.transcript_edition.screen_code.extraction import screen_cells
from pipeline.writing.transcript_edition.screen_code.shell_commands import has_untold_command
from pipeline.writing.transcript_edition.section_text import Headings, SectionText, Show
from pipeline.writing.transcript_edition.sections import lecture_sentences
from pipeline.writing.transcript_edition.subheadings import chapter_marks, subheadings
from pipeline.writing.transcript_edition.window_chrome import WindowChrome

_MOST_BESIDE = 2  # screens below code that was not read whole
_LONG_AGO_MS = 60_000  # as long as a segment at most: the speech below the code is about that


def write_transcript(
    video: Video,
    segments: Segments,
    transcript: Transcript,
    outline: Outline,
    settings: OutlineSettings,
) -> Article:
    """The article of the transcript edition, one section for each section of ``outline``.

    Every word of the transcript is in it, save for English hesitations and stumbles. Each paragraph
    ends with a citation of the segments its words come from; a figure stands at the gap between
    two paragraphs nearest to the time when its screen came up, below a heading in that gap.

    Raises:
        OutlineError: ``outline`` does not cover the segments in order.
    """
    parts = section_parts(outline, segments, transcript)
    language = outline.language or transcript.language or video.language
    spoken = lecture_sentences(video, segments, transcript, language)
    starts = section_starts(outline, segments)
    ends = [*starts[1:], segments.segments[-1].end_ms if segments.segments else 0]
    own = _by_section(spoken, starts)
    heads = subheadings(video, segments, outline, own, settings)
    marks = chapter_marks(video, outline, spoken)
    shows = screen_shows(segments, video.end_ms - video.start_ms)
    words = edition_words(language)
    captions = FigureCaptions(segments, words)
    turns = [cue.start_ms for cue in transcript.cues if cue.new_speaker]
    sections = []
    later: list[Show] = []
    place = {segment.id: index for index, segment in enumerate(segments.segments)}
    for number, (planned, pieces) in enumerate(zip(outline.sections, parts, strict=True)):
        first, end = place[pieces[0].id], place[pieces[-1].id] + 1
        ids = numbered(cell_prefix(planned.id))
        text = SectionText(planned.title, segments, first, end, words, captions, ids)
        later = text.write(
            own[number],
            [*later, *(show for show in shows if _section_of(show.at_ms, ends) == number)],
            Headings(heads[number], marks),
            turns,
            starts[number + 1] if number + 1 < len(starts) else None,
        )
        section = Section(
            id=planned.id,
            title=planned.title,
            start_ms=pieces[0].start_ms,
            end_ms=pieces[-1].end_ms,
            markdown="",
            segments=tuple(piece.id for piece in pieces),
        )
        sections.append(section.with_blocks(text.blocks))
    return Article(title=outline.title, edition="transcript", sections=tuple(sections))


def screen_shows(segments: Segments, duration_ms: int) -> list[Show]:
    """What the screens give a chapter: figures, cells and addresses, in order of time.

    A screen whose code is told is no figure too, unless a shell prints something else on it, or a
    web page shows it, of which the code is but a part. Below code of which a part was not read
    stands the screen that shows it, if it was up shortly before.

    Args:
        duration_ms: of the lecture: a longer one has more figures.
    """
    cells = screen_cells(segments.frames)
    chrome = WindowChrome(segments.frames)
    told = {
        cell.frame.id
        for cell in cells
        if not has_untold_command(cell.frame, cells) and chrome.web_page(cell.frame) is None
    }
    untold = [frame for frame in segments.frames if frame.id not in told]
    lines = [line for cell in cells for line in cell.source.splitlines()]
    shows: list[Show] = []
    beside: dict[str, Frame] = {}
    repeats = Repeats(chrome)
    for cell in cells:
        shows.append(Show(cell.frame.at_ms, cell))
        new: list[Frame] = []
        for frame in cell.unread:
            there = [*beside.values(), *new]
            again = repeats.among([*there, frame], {one.id for one in there})
            if frame not in there and not again and len(new) < _MOST_BESIDE:
                new.append(frame)
        shows += [Show(_beside_ms(cell.frame, frame), frame) for frame in new]
        beside |= {frame.id: frame for frame in new}
    silent = not any(segment.text.strip() for segment in segments.segments)
    figures = chosen_figures(untold, duration_ms, lines, list(beside.values()), silent)
    shows = [*(Show(frame.start_ms, frame) for frame in figures), *shows]
    shows += [Show(one.at_ms, one.link) for one in shown_addresses(segments.frames)]
    return sorted(shows, key=lambda show: show.at_ms)


def _beside_ms(code: Frame, shown: Frame) -> int:
    """Where a screen that shows what was not read of code stands: below the code, which stands at
    its last frame, or where it was up itself, if that is long ago."""
    is_near = shown.end_ms >= code.at_ms - _LONG_AGO_MS
    return code.at_ms if is_near else shown.start_ms


def _by_section(spoken: Sequence[Sentence], starts: Sequence[int]) -> list[list[Sentence]]:
    """The sentences of each section: those that start from its start on, before the next one's."""
    own: list[list[Sentence]] = [[] for _ in starts]
    for sentence in spoken:
        if starts:
            own[max(0, bisect_right(starts, sentence.start_ms) - 1)].append(sentence)
    return own


def _section_of(at_ms: int, ends: Sequence[int]) -> int:
    """The section of the time ``at_ms``."""
    return min(bisect_right(ends, at_ms), len(ends) - 1)

"""The chapter as the page shows it: everything worked out, nothing formatted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.cells.report import Report
from pipeline.document.article import Article, FidelityReport, Section
from pipeline.document.blocks import AnyBlock, Heading
from pipeline.document.inline import words_of
from pipeline.document.outline import Outline
from pipeline.document.walk import changed, figures, walk
from pipeline.i18n.page import direction, words_for
from pipeline.models import Segments, Transcript, Video
from pipeline.render.cue_index import CueIndex
from pipeline.render.html.anchors import Anchors, slug
from pipeline.render.html.fragments import FragmentMaker
from pipeline.render.html.passage_footer import tail_html
from pipeline.render.html.passages import CitedSpan, PassageMaker
from pipeline.render.html.prose import Prose, ProseMaker
from pipeline.render.links import embed_url, is_web
from pipeline.render.pictures import PagePicture, take_drawings, take_pictures
from pipeline.settings.render import RenderSettings
from pipeline.text.units import word_count
from pipeline.transcript.asr.report import SpeechReport


@dataclass(frozen=True)
class Sources:
    """What a chapter is rendered from.

    Args:
        name: the name of the chapter's folder (the video's id).
        file: the local video's address relative to ``render/``, None when there is no file.
        frames: the folder that the frames' paths are relative to.
        drawings: the folder that the paths of the cells' pictures are relative to.
        speech: how the transcript came about, None when it is not known.
        warnings: what went wrong while the screens were read and the speech was transcribed.
        taken_along: the chapter is a file to pass on: its links lead to the lecture on the web
            where it has a page there, not to a file of this machine.
        made_on: the day the text was made (YYYY-MM-DD), None when unknown.
    """

    name: str
    video: Video
    transcript: Transcript
    segments: Segments
    outline: Outline
    article: Article
    report: Report
    fidelity: FidelityReport | None
    file: str | None
    frames: Path
    drawings: Path
    taken_along: bool = False
    made_on: str | None = None
    speech: SpeechReport | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class SectionPage:
    """One section: its number (from 1), anchor, source and converted prose."""

    number: int
    anchor: str
    section: Section
    prose: Prose


@dataclass(frozen=True)
class ChapterPage:
    """A chapter ready for its templates.

    ``unknown_citations`` and ``unknown_frames`` are ids in the text that name no segment and no
    frame, once each: nothing on the page stands for them.
    ``player_file`` and ``player_embed`` are what the player may use; both None without a player.
    """

    sources: Sources
    language: str
    direction: str
    words: Mapping[str, str]
    pieces: FragmentMaker
    sections: tuple[SectionPage, ...]
    pictures: Mapping[str, PagePicture]
    player_file: str | None
    player_embed: str | None
    unknown_citations: tuple[str, ...] = ()
    unknown_frames: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def word_count(self) -> int:
        """How many words of English say as much as the passages (see ``text.units``)."""
        return sum(
            word_count(passage.text, self.language)
            for page in self.sections
            for passage in page.prose.passages
        )


def build_chapter(sources: Sources, settings: RenderSettings) -> ChapterPage:
    """Convert the sections and take the pictures.

    Raises:
        RenderError: a frame that a figure shows cannot be read.
    """
    sections = tuple(
        one.model_copy(update={"blocks": below_title(one.blocks, one.title)})
        for one in sources.article.sections
    )
    article = sources.article.model_copy(update={"sections": sections})
    sources = replace(sources, article=article)
    language = sources.outline.language or sources.transcript.language or "en"
    words = words_for(language)
    file, embed = _player(sources, settings)
    drawings = take_drawings(
        (path for cell in sources.report.cells for path in cell.pictures), sources.drawings
    )
    is_elsewhere = sources.taken_along and is_web(sources.video.url)
    linked_file = None if is_elsewhere else sources.file
    pieces = FragmentMaker(sources.video, linked_file, words, drawings)
    cues = CueIndex(sources.transcript)

    def tail(anchor: str, span: CitedSpan) -> str:
        said = cues.text(span.start_ms, span.end_ms) if settings.speaker_words else ""
        return tail_html(anchor, said, words)

    segments = {segment.id: segment for segment in sources.segments.segments}
    anchors = Anchors()
    numbered = [
        (number, anchors.take(f"{number}-{slug(section.title)}"), section)
        for number, section in enumerate(sources.article.sections, start=1)
    ]
    passages = PassageMaker(segments, pieces.time_link, tail, anchors)
    pictures = _pictures(sources, settings)
    maker = ProseMaker(passages, pieces, pictures, sources.report, anchors, language)
    pages = [
        SectionPage(number, anchor, section, maker.section(section.blocks))
        for number, anchor, section in numbered
    ]
    return ChapterPage(
        sources=sources,
        language=language,
        direction=direction(language),
        words=words,
        pieces=pieces,
        sections=tuple(pages),
        pictures=pictures,
        player_file=file,
        player_embed=embed,
        unknown_citations=tuple(dict.fromkeys(passages.unknown)),
        unknown_frames=tuple(dict.fromkeys(maker.unknown_frames)),
        files={name: data for one in pictures.values() for name, data in one.files.items()}
        | {one.src: one.data for one in drawings.values()},
    )


def below_title(blocks: Sequence[AnyBlock], title: str) -> tuple[AnyBlock, ...]:
    """A section's blocks as they stand below its title: headings from level 3 on, and no first
    heading that only repeats the title, with or without a number."""
    first = next((one for one in walk(blocks) if isinstance(one, Heading)), None)
    repeats = first is not None and _bare(words_of(first.text)) == _bare(title)

    def lowered(block: AnyBlock) -> list[AnyBlock]:
        if repeats and block is first:
            return []
        if isinstance(block, Heading) and block.level < 3:
            return [block.model_copy(update={"level": 3})]
        return [block]

    return changed(blocks, lowered)


def _bare(title: str) -> str:
    return re.sub(r"^[\d.]+\s+", "", title).strip().casefold()


def _player(sources: Sources, settings: RenderSettings) -> tuple[str | None, str | None]:
    file = sources.file if settings.player in ("auto", "local") else None
    embed = embed_url(sources.video.url) if settings.player in ("auto", "embed") else None
    return file, embed


def _pictures(sources: Sources, settings: RenderSettings) -> dict[str, PagePicture]:
    """The pictures of the sections' figures; those that show the same share a file."""
    shown = [one for section in sources.article.sections for one in figures(section.blocks)]
    return take_pictures(shown, sources.segments.frames, sources.frames, settings)

"""The chapter as the page shows it: everything worked out, nothing formatted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.cells.report import Report
from pipeline.document.article import Article, Section
from pipeline.document.passage_times import with_passage_times
from pipeline.i18n.page import direction, words_for
from pipeline.models import FidelityReport, Outline, Segments, Transcript, Video
from pipeline.render.cue_index import CueIndex
from pipeline.render.html.fragments import FragmentMaker
from pipeline.render.html.passage_footer import tail_html
from pipeline.render.html.passages import CitedSpan, PassageMaker
from pipeline.render.html.prose import Prose, ProseMaker, slug
from pipeline.render.links import embed_url
from pipeline.render.pictures import PagePicture, take_drawings, take_pictures
from pipeline.render.verdicts import Verdicts
from pipeline.settings.render import RenderSettings
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
    files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def word_count(self) -> int:
        """Words of the passages (characters of Chinese and Japanese count half a word)."""
        return sum(
            _count_words(passage.text) for page in self.sections for passage in page.prose.passages
        )


def build_chapter(sources: Sources, settings: RenderSettings) -> ChapterPage:
    """Convert the sections and take the pictures.

    Raises:
        RenderError: a frame that a figure shows cannot be read.
    """
    article, shown = with_passage_times(sources.article, sources.segments, sources.transcript)
    sources = replace(sources, article=article, segments=shown)
    language = sources.outline.language or sources.transcript.language or "en"
    words = words_for(language)
    file, embed = _player(sources, settings)
    drawings = take_drawings(
        (path for cell in sources.report.cells for path in cell.pictures), sources.drawings
    )
    pieces = FragmentMaker(sources.video, sources.file, words, lambda text: text, drawings)
    cues = CueIndex(sources.transcript)

    def tail(anchor: str, span: CitedSpan) -> str:
        said = cues.text(span.start_ms, span.end_ms) if settings.speaker_words else ""
        return tail_html(anchor, said, words)

    segments = {segment.id: segment for segment in sources.segments.segments}
    passages = PassageMaker(segments, pieces.time_link, tail)
    pictures = _pictures(sources, settings)
    maker = ProseMaker(passages, pieces, pictures, Verdicts(sources.report), language)
    pages = []
    for number, section in enumerate(sources.article.sections, start=1):
        anchor = f"{number}-{slug(section.title)}"
        pages.append(
            SectionPage(number, anchor, section, maker.section(section.markdown, section.title))
        )
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
        files={name: data for one in pictures.values() for name, data in one.files.items()}
        | {one.src: one.data for one in drawings.values()},
    )


def _player(sources: Sources, settings: RenderSettings) -> tuple[str | None, str | None]:
    file = sources.file if settings.player in ("auto", "local") else None
    embed = embed_url(sources.video.url) if settings.player in ("auto", "embed") else None
    return file, embed


def _pictures(sources: Sources, settings: RenderSettings) -> dict[str, PagePicture]:
    """Pictures of the frames that the sections show; a returning screen shares the earlier file."""
    frames = {frame.id: frame for frame in sources.segments.frames}
    used = [
        frames[name]
        for section in sources.article.sections
        for name in shown_frames(section.markdown)
        if name in frames
    ]
    return take_pictures(dict.fromkeys(used), sources.frames, settings)


def shown_frames(markdown: str) -> list[str]:
    """The ids of the frames that a section shows, in order, once each."""
    from pipeline.render.html.placeholders import FigurePlaceholder, lift

    ids = [piece.frame for piece in lift(markdown).pieces if isinstance(piece, FigurePlaceholder)]
    return list(dict.fromkeys(ids))


def _count_words(text: str) -> int:
    wide = sum(1 for char in text if "\u3040" <= char <= "\u9fff")
    return len(text.split()) + wide // 2

"""``chapter.md``: the chapter as CommonMark with front matter, for MkDocs, Quarto and Obsidian.

Nothing but the document's serialiser writes it, so it holds no HTML, no picture from elsewhere and
no address but those that a document may have, whatever a title or a model says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote

from pipeline.document.blocks import (
    AnyBlock,
    Cell,
    Figure,
    Heading,
    List,
    Note,
    Paragraph,
    Quote,
    Source,
    TextBlock,
)
from pipeline.document.citations import Citation
from pipeline.document.dialect import as_address, is_address
from pipeline.document.inline import from_words, portable, runs, write
from pipeline.document.inline_writer import written
from pipeline.document.runs import Run, tidied
from pipeline.document.serialise import Forms, serialise
from pipeline.document.walk import changed, walk, with_texts
from pipeline.render.about import about
from pipeline.render.chapter import ChapterPage, SectionPage
from pipeline.render.formats.program import listing
from pipeline.render.gaps import ReportEntry
from pipeline.render.html.passages import cited_span
from pipeline.render.links import moment_url
from pipeline.timecode import clock


def chapter_markdown(chapter: ChapterPage, pictures: str = "assets") -> str:
    """The whole chapter, and its code in one piece where there is a listing; times are links.

    Args:
        pictures: the folder with the pictures, as the file sees it.
    """
    forms = ChapterForms(chapter, lambda src: f"{quote(pictures)}/{src.rpartition('/')[2]}")
    blocks = (*chapter_blocks(chapter), *_code(chapter))
    return f"{_front_matter(chapter)}\n\n{serialise(blocks, forms)}"


def _code(chapter: ChapterPage) -> tuple[AnyBlock, ...]:
    """The code of the chapter in one piece; nothing where that tells no more than its cells."""
    if (source := listing(chapter)) is None:
        return ()
    words = chapter.words
    return (
        Heading(level=2, text=from_words(words["chapter_code"])),
        Paragraph(text=from_words(words["chapter_code_note"])),
        Cell(id="chapter", language="python", source=source),
    )


def chapter_blocks(chapter: ChapterPage) -> tuple[AnyBlock, ...]:
    """The chapter as one document: its title, summary and notices, its sections, and what it lacks.

    Links to moments stand in place of citations, and footnotes are numbered through.
    """
    linked = _Linked(chapter)
    blocks: list[AnyBlock] = [Heading(level=1, text=from_words(chapter.sources.article.title))]
    blocks.append(Paragraph(text=from_words(chapter.sources.outline.summary)))
    told = about(chapter)
    for notice in told.notices:
        links = [linked.time(ms) for ms in notice.moments]
        blocks.append(Quote(blocks=(_followed(from_words(notice.text), links),)))
    if told.known:
        blocks.append(Quote(blocks=(Paragraph(text=from_words(told.known_text)),)))
    for page in chapter.sections:
        blocks += linked.section(page)
    if told.gaps:
        blocks.append(Heading(level=2, text=from_words(chapter.words["about"])))
    for gap in told.gaps:
        blocks.append(Heading(level=3, text=from_words(gap.title)))
        blocks.append(List(items=tuple((linked.entry(one),) for one in gap.entries)))
    return tuple(block for block in blocks if not isinstance(block, TextBlock) or block.text)


class PortableForms(Forms):
    """Markdown for any reader: no backslash where not all take one, lists indented by four."""

    line_break = "  \n"

    def text(self, text: str) -> str:
        """See ``portable``."""
        return portable(text)

    def info(self, block: Source) -> str:
        """The language alone: Python's markdown takes a fence with more words for text."""
        return block.language

    def marker(self, marker: str) -> str:
        """Four places wide: what belongs to an item is indented by as many."""
        return f"{marker} ".ljust(4)


class ChapterForms(PortableForms):
    """The same with the pictures of a chapter.

    Args:
        address: makes the address of a picture from that in the page.
    """

    def __init__(self, chapter: ChapterPage, address: Callable[[str], str]) -> None:
        self._chapter = chapter
        self._address = address

    def figure(self, figure: Figure, caption: str) -> str:
        """The picture and the link to its moment."""
        picture = self._chapter.pictures.get(figure.picture)
        if picture is None:
            return ""
        at_ms = picture.frame.at_ms if figure.moment_ms is None else figure.moment_ms
        link = written((_time_link(self._chapter, at_ms),))
        return f"![{caption}]({self._address(picture.src)}) {link}"

    def drawing(self, path: str, words: str) -> str:
        """A picture that a cell drew; nothing when it is gone."""
        drawn = self._chapter.pieces.drawings.get(path)
        return f"![{words}]({self._address(drawn.src)})" if drawn else ""


class _Linked:
    """Puts links in place of citations, and gives each footnote a label of its own."""

    def __init__(self, chapter: ChapterPage) -> None:
        self._chapter = chapter
        self._segments = {one.id: one for one in chapter.sources.segments.segments}
        self._footnotes = 0
        self._labels: dict[str, str] = {}

    def time(self, ms: int) -> Run:
        return _time_link(self._chapter, ms)

    def entry(self, entry: ReportEntry) -> Paragraph:
        """A line of what the chapter lacks, after the link to its moment."""
        before = [] if entry.moment_ms is None else [self.time(entry.moment_ms), Run("text", " ")]
        return Paragraph(text=write(tidied([*before, Run("text", entry.text)])))

    def section(self, page: SectionPage) -> tuple[AnyBlock, ...]:
        start = Paragraph(text=write((self.time(page.section.start_ms),)))
        self._labels = {}
        for block in walk(page.section.blocks):
            if isinstance(block, Note) and block.label not in ("", *self._labels):
                self._footnotes += 1
                self._labels[block.label] = str(self._footnotes)
        title = Heading(level=2, text=from_words(page.section.title))
        return (title, start, *changed(page.section.blocks, self._block))

    def _block(self, block: AnyBlock) -> Iterator[AnyBlock]:
        links = self._times(block.citations, block.moment_ms)
        made = with_texts(block, lambda found: self._text(found, block.moment_ms))
        made = made.model_copy(update={"citations": ()})
        if isinstance(made, Note) and made.label:
            made = made.model_copy(update={"label": self._labels[made.label]})
        if isinstance(made, TextBlock):
            yield made.model_copy(update={"text": _followed(made.text, links).text})
            return
        if isinstance(made, Cell) and made.is_reconstructed:
            yield Paragraph(text=from_words(self._chapter.words["reconstructed_note"]))
        yield made
        if links and not isinstance(made, Figure):  # which has a link of its own
            yield _followed("", links)

    def _text(self, found: Sequence[Run], moment_ms: int | None) -> Iterator[Run]:
        for one in found:
            if one.kind == "citation":
                yield from self._times([Citation.of(one.text)], moment_ms)
            elif one.kind != "note":
                yield one
            elif one.text in self._labels:
                yield Run("note", self._labels[one.text])
            else:
                yield Run("text", f"[^{one.text}]")

    def _times(self, citations: Sequence[Citation], moment_ms: int | None) -> list[Run]:
        """The links of the citations, each moment once; those of no segment are left out."""
        spans = (cited_span(self._segments, [one], moment_ms) for one in citations)
        return [self.time(ms) for ms in dict.fromkeys(span.start_ms for span in spans if span)]


def _time_link(chapter: ChapterPage, ms: int) -> Run:
    """The link to a moment: on the web if the lecture is there, since these files are passed on."""
    sources = chapter.sources
    url = moment_url(sources.video.url, None, ms) or moment_url(None, sources.file, ms)
    return Run("text", clock(ms), link=as_address(url) if url else "")


def _followed(text: str, links: Sequence[Run]) -> Paragraph:
    """A text with links behind it."""
    behind = [one for link in links for one in (Run("text", " "), link)]
    return Paragraph(text=write(tidied([*runs(text), *behind])))


def _front_matter(chapter: ChapterPage) -> str:
    """YAML front matter; JSON strings are YAML strings. Its readers take titles for Markdown, some
    for HTML."""
    sources = chapter.sources
    url = sources.video.url or ""
    fields = {
        "title": portable(from_words(sources.article.title)),
        "author": portable(from_words(sources.video.uploader)) if sources.video.uploader else None,
        "date": sources.made_on,
        "lang": chapter.language,
        "source": url if is_address(url) and url.startswith("http") else None,
        "edition": sources.article.edition,
        "model": portable(from_words(sources.article.model)) if sources.article.model else None,
    }
    lines = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in fields.items()
        if value is not None
    ]
    return "\n".join(["---", *lines, "---"])

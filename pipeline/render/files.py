"""Renders a chapter: every file of the ``render/`` folder, as bytes."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.render.assets import asset_files
from pipeline.render.captions import captions_script
from pipeline.render.chapter import ChapterPage, Sources, build_chapter
from pipeline.render.formats.markdown import chapter_markdown
from pipeline.render.formats.notebook import notebook
from pipeline.render.formats.program import has_program, program
from pipeline.render.notebook_links import notebook_links
from pipeline.render.page import FileLink, chapter_html
from pipeline.render.search_index import search_index
from pipeline.settings.render import RenderSettings


@dataclass(frozen=True)
class Rendered:
    """The files by their names relative to ``render/``, and the chapter they show."""

    files: dict[str, bytes]
    chapter: ChapterPage


def render_chapter(sources: Sources, settings: RenderSettings) -> Rendered:
    """The chapter's page, Markdown, notebook, program (where it has code), pictures, search index
    and assets.

    Raises:
        RenderError: a frame that a figure shows cannot be read.
    """
    chapter = build_chapter(sources, settings)
    words = chapter.words
    code = program(chapter) if has_program(chapter) else ""
    links = (
        FileLink("chapter.ipynb", words["notebook"]),
        *([FileLink("chapter.py", "Python")] if code else []),
        FileLink("chapter.md", words["markdown"]),
        *notebook_links(sources.name, settings),
    )
    files = {
        "index.html": chapter_html(chapter, links).encode("utf-8", "replace"),
        "chapter.md": chapter_markdown(chapter).encode("utf-8", "replace"),
        "chapter.ipynb": notebook(chapter),
        "assets/captions.js": captions_script(sources.transcript).encode("utf-8", "replace"),
        "assets/search.js": search_index(chapter).encode("utf-8", "replace"),
    }
    if code:
        files["chapter.py"] = code.encode("utf-8", "replace")
    files |= {f"assets/{name}": data for name, data in asset_files().items()}
    return Rendered(files | dict(chapter.files), chapter)

"""Writes a chapter as one file to pass on: HTML, Markdown, notebook, program, EPUB, PDF, Word,
LaTeX."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipeline.engine.files import write_atomic
from pipeline.engine.workspace import Workspace
from pipeline.errors import RenderError
from pipeline.render.chapter import ChapterPage, build_chapter
from pipeline.render.formats.epub import epub
from pipeline.render.formats.markdown import chapter_markdown
from pipeline.render.formats.names import FORMATS
from pipeline.render.formats.notebook import notebook
from pipeline.render.formats.printed import write_printed
from pipeline.render.formats.program import has_program, program
from pipeline.render.formats.single_html import single_file
from pipeline.render.html.anchors import slug
from pipeline.render.load import sources_of
from pipeline.settings.render import RenderSettings

_ENDINGS = {"latex": "tex"}


def export(
    workspace: Workspace,
    format: str,
    target: Path | None = None,
    settings: RenderSettings | None = None,
) -> Path:
    """Write the chapter and return the path of the file.

    Args:
        workspace: the lecture's folder; the check stage must be done.
        format: one of ``FORMATS``. ``html`` and ``ipynb`` have everything inside; beside ``md``
            and ``latex`` stands a folder with its pictures. Times lead to the lecture on the web,
            where it has a page there.
        target: the file; None: ``export/<title>.<format>`` in the lecture's folder.
        settings: of the render stage; None: the defaults.

    Raises:
        ArtifactError: an artifact is missing or damaged.
        MissingDependencyError: ``pdf``, ``docx`` or ``latex`` without the packages for it.
        RenderError: no such format, no code for ``py``, a picture cannot be read, or no font has
            the text's letters.
        WorkspaceError: the file cannot be written.
    """
    if format not in FORMATS:
        raise RenderError(f"there is no export format {format!r}", f"choose {', '.join(FORMATS)}")
    folder = (target.parent if target else workspace.root / "export").absolute()
    sources = replace(sources_of(workspace, folder), taken_along=True)
    chapter = build_chapter(sources, settings or RenderSettings())
    path = (
        target or folder / f"{slug(chapter.sources.article.title)}.{_ENDINGS.get(format, format)}"
    )
    if format == "html":
        write_atomic(path, single_file(chapter).encode("utf-8", "replace"))
    elif format == "md":
        _write_markdown(chapter, path)
    elif format == "ipynb":
        write_atomic(path, notebook(chapter))
    elif format == "py":
        if not has_program(chapter):
            raise RenderError("the chapter has no Python code", "choose another format")
        write_atomic(path, program(chapter).encode("utf-8", "replace"))
    elif format in ("pdf", "docx", "latex"):
        write_printed(chapter, format, path)
    elif format == "epub":
        write_atomic(path, epub(_for_a_book(workspace, settings)))
    else:
        raise AssertionError(f"{format} is listed, and nothing writes it")
    return path


def _write_markdown(chapter: ChapterPage, path: Path) -> None:
    """The Markdown, its pictures in ``<stem>_files/``."""
    pictures = f"{path.stem}_files"
    text = chapter_markdown(chapter, pictures)
    for picture in chapter.pictures.values():
        write_atomic(path.parent / pictures / Path(picture.src).name, picture.files[picture.src])
    for drawing in chapter.pieces.drawings.values():
        write_atomic(path.parent / pictures / Path(drawing.src).name, drawing.data)
    write_atomic(path, text.encode("utf-8", "replace"))


def _for_a_book(workspace: Workspace, settings: RenderSettings | None) -> ChapterPage:
    """The chapter without addresses on this machine and without boxes: a book is read elsewhere."""
    plain = (settings or RenderSettings()).model_copy(update={"speaker_words": False})
    return build_chapter(replace(sources_of(workspace), file=None), plain)

"""The chapter as PDF (by Typst), Word document and LaTeX, all by pandoc, without network."""

from __future__ import annotations

import io
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.document.blocks import AnyBlock, Figure, Heading
from pipeline.document.walk import prose_of
from pipeline.engine.files import write_atomic
from pipeline.errors import MissingDependencyError, RenderError
from pipeline.render.about import about
from pipeline.render.chapter import ChapterPage
from pipeline.render.formats.figure_places import set_figures
from pipeline.render.formats.latex_fonts import font_options, with_latex_letters
from pipeline.render.formats.markdown import chapter_blocks
from pipeline.render.formats.pandoc_blocks import (
    Element,
    PandocBlocks,
    PrintedPicture,
    element,
    text_of,
)
from pipeline.render.formats.symbols import is_symbol, named, texts_in, with_names
from pipeline.render.formats.typst_fonts import (
    fonts_for,
    letters_without_font,
    rare_letters,
    refuse_letters,
)
from pipeline.render.formats.typst_formulas import with_typst_formulas
from pipeline.render.formats.word_contents import with_contents
from pipeline.render.links import is_web
from pipeline.timecode import clock

_API_VERSION = [1, 23, 1]
# Code and output wider than the page go on in the next line, where the package for it is installed.
_BROKEN_LINES = (
    r"\IfFileExists{fvextra.sty}{\usepackage{fvextra}"
    r"\fvset{breaklines,breakanywhere}\RecustomVerbatimEnvironment{verbatim}{Verbatim}{}}{}"
)


def write_printed(chapter: ChapterPage, format: str, path: Path) -> None:
    """Write the chapter as ``pdf``, ``docx`` or ``latex``.

    Beside ``latex`` stands ``<stem>_files/`` with its pictures; compile it with ``xelatex``.

    Raises:
        MissingDependencyError: pandoc or Typst is not installed.
        RenderError: no font of this machine has the letters of the text, or the text cannot be set.
        WorkspaceError: the file cannot be written.
    """
    if format == "latex":
        folder = path.parent / f"{path.stem}_files"
        document = _document(chapter, folder, f"{path.stem}_files", "latex")
        options = _latex_options(chapter, document)
        write_atomic(path, _pandoc(with_latex_letters(document), "latex", options))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        document = _document(chapter, folder, "." if format == "pdf" else str(folder), format)
        if format == "docx":
            options = ["--toc", "--toc-depth=1", "--number-sections"]
            write_atomic(path, with_contents(_pandoc(document, "docx", options)))
        else:
            write_atomic(path, _pdf(chapter, document, folder))


def _document(chapter: ChapterPage, folder: Path, seen: str, format: str) -> Element:
    """The chapter for pandoc. Its pictures are put into ``folder``, whose name is ``seen``."""
    _write_pictures(chapter, folder)

    def figure(block: Figure) -> tuple[PrintedPicture, list[Element]] | None:
        picture = chapter.pictures.get(block.picture)
        if picture is None:
            return None
        ms = picture.frame.at_ms if block.moment_ms is None else block.moment_ms
        file = f"{seen}/{_name(picture.src)}"
        shown = PrintedPicture(file, picture.small_width, picture.small_height)
        return shown, [_time(chapter, ms)]

    def drawing(path: str) -> PrintedPicture | None:
        drawn = chapter.pieces.drawings.get(path)
        if drawn is None:
            return None
        return PrintedPicture(f"{seen}/{_name(drawn.src)}", drawn.width, drawn.height)

    blocks = chapter_blocks(chapter)
    body = PandocBlocks(chapter.words, figure, drawing).blocks(_below_title(blocks))
    index = _index(chapter, format)
    return {
        "pandoc-api-version": _API_VERSION,
        "meta": _metadata(chapter),
        "blocks": [*_anchored(body, len(chapter.sections)), *index],
    }


def _below_title(blocks: tuple[AnyBlock, ...]) -> tuple[AnyBlock, ...]:
    """Without the title and summary, which each format sets in its own way."""
    first = next(
        (at for at, one in enumerate(blocks) if isinstance(one, Heading) and one.level == 2), 0
    )
    notices = tuple(one for one in blocks[:first] if one.kind == "quote")
    return (*notices, *blocks[first:])


def _anchored(blocks: list[Element], sections: int) -> list[Element]:
    """The sections with the labels that the index leads to; what follows the last of them (how the
    chapter was made) has no number and is in no contents."""
    number = 0
    for block in blocks:
        if block["t"] == "Header" and block["c"][0] == 1:
            number += 1
            classes = [] if number <= sections else ["unnumbered", "unlisted"]
            block["c"][1] = (f"section-{number}", classes, [])
    return blocks


def _time(chapter: ChapterPage, ms: int) -> Element:
    words = [element("Str", clock(ms))]
    url = chapter.pieces.url(ms)
    if not url or not url.startswith(("http://", "https://")):
        return words[0]
    return element("Link", [["", [], []], words, [url, ""]])


def _index(chapter: ChapterPage, format: str) -> list[Element]:
    """The glossary's terms, each with the sections that use it; nothing where there is none."""
    entries: list[list[Element]] = []
    sections = [prose_of(page.section.blocks).casefold() for page in chapter.sections]
    for term in sorted(chapter.sources.outline.glossary, key=lambda one: one.term.casefold()):
        wanted = re.compile(rf"(?<!\w){re.escape(term.term.casefold())}(?!\w)")
        found = [at for at, text in enumerate(sections, start=1) if wanted.search(text)]
        if found:
            line = [*text_of(term.term)]
            for at in found:
                line += [element("Str", ","), element("Space"), _place(at, format)]
            entries.append([element("Plain", line)])
    if not entries:
        return []
    title = [1, ("terms", ["unnumbered"], []), text_of(chapter.words["index_of_terms"])]
    return [element("Header", title), element("BulletList", entries)]


def _place(number: int, format: str) -> Element:
    """A link to a section: to its page on paper, to its number elsewhere."""
    anchor = f"section-{number}"
    if format == "pdf":
        page = f"#context link(<{anchor}>, str(counter(page).at(<{anchor}>).first()))"
        return element("RawInline", ["typst", page])
    if format == "latex":
        return element("RawInline", ["latex", rf"\hyperref[{anchor}]{{\pageref*{{{anchor}}}}}"])
    return element("Link", [["", [], []], [element("Str", str(number))], [f"#{anchor}", ""]])


def _metadata(chapter: ChapterPage) -> Mapping[str, Element]:
    sources = chapter.sources
    given = {"title": sources.article.title, "subtitle": sources.outline.summary}
    given |= {"author": sources.video.uploader or "", "date": sources.video.upload_date or ""}
    texts = {key: element("MetaInlines", text_of(text)) for key, text in given.items() if text}
    texts["toc-title"] = element("MetaInlines", text_of(chapter.words["contents"]))
    return texts | {"lang": element("MetaString", chapter.language)}


def _write_pictures(chapter: ChapterPage, folder: Path) -> None:
    pictures = [(one.src, one.files[one.src]) for one in chapter.pictures.values()]
    drawings = [(one.src, one.data) for one in chapter.pieces.drawings.values()]
    for src, data in (*pictures, *drawings):
        write_atomic(folder / _name(src), data if _name(src) == Path(src).name else _as_png(data))


def _name(src: str) -> str:
    """A picture's file; neither LaTeX nor older versions of Word read WebP, nor LaTeX GIF."""
    path = Path(src)
    return path.with_suffix(".png").name if path.suffix in (".webp", ".gif") else path.name


def _as_png(data: bytes) -> bytes:
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        buffer = io.BytesIO()
        image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _pandoc(document: Element, to: str, options: list[str]) -> bytes:
    try:
        import pypandoc
    except ImportError as error:
        raise _missing("pandoc") from error
    with tempfile.TemporaryDirectory() as name:
        written = Path(name) / "chapter"
        try:
            pypandoc.convert_text(
                json.dumps(document), to, format="json", outputfile=str(written),
                extra_args=["--standalone", *options] if to != "typst" else options,
            )  # fmt: skip
        except (RuntimeError, OSError) as error:
            raise RenderError(f"pandoc could not write {to}: {error}") from error
        return written.read_bytes()


def _pdf(chapter: ChapterPage, document: Element, folder: Path) -> bytes:
    try:
        import typst
    except ImportError as error:
        raise _missing("typst") from error
    template = files("pipeline.render") / "templates" / "print" / "chapter.typ"
    missing = _missing_letters(chapter, document, folder)
    document = with_names(document, missing.__contains__)
    with tempfile.TemporaryDirectory() as name:
        document = with_typst_formulas(document, _as_typst, Path(name))
    body = _pandoc(document, "typst", [])
    data = _typst_data(chapter)
    data |= {key: named(data[key], missing.__contains__) for key in ("title", "summary")}
    (folder / "chapter.json").write_text(json.dumps(data), encoding="utf-8")
    source = folder / "chapter.typ"
    source.write_bytes(template.read_bytes() + b"\n" + body)
    try:
        set_figures(source, folder / "chapter.json")
        made: bytes = typst.compile(source, root=folder)
    except typst.TypstError as error:
        raise RenderError(
            f"the chapter cannot be set: {error.message}", "export it as docx or html instead"
        ) from error
    return made


def _missing_letters(chapter: ChapterPage, document: Element, folder: Path) -> set[str]:
    """What no font of this machine has: symbols, and letters that only code holds.

    Raises:
        RenderError: the text itself is in a script that has no font.
    """
    own = "".join(_texts(chapter))
    missing = letters_without_font(rare_letters([own, *texts_in(document)]), folder)
    refuse_letters([one for one in missing if one in own and not is_symbol(one)])
    return set(missing)


def _as_typst(document: Element) -> str:
    return _pandoc(document, "typst", ["--wrap=none"]).decode("utf-8")


def _typst_data(chapter: ChapterPage) -> dict[str, Any]:
    told, sources = about(chapter), chapter.sources
    return {
        "title": sources.article.title,
        "authors": [sources.video.uploader] if sources.video.uploader else [],
        "kicker": told.kicker,
        "summary": sources.outline.summary,
        "facts": [" · ".join(fact.text for fact in told.facts)],
        "address": sources.video.url if is_web(sources.video.url) else "",
        "contents": chapter.words["contents"],
        "language": chapter.language.split("-")[0],
        "rtl": chapter.direction == "rtl",
        "fonts": fonts_for(chapter.language),
    }


def _texts(chapter: ChapterPage) -> Iterator[str]:
    """All that is read as text."""
    yield chapter.sources.article.title
    yield chapter.sources.outline.summary
    for page in chapter.sections:
        yield page.section.title
        yield prose_of(page.section.blocks)


def _latex_options(chapter: ChapterPage, document: Element) -> list[str]:
    options = ["--toc", "--toc-depth=1", "--number-sections", "--variable=geometry:margin=28mm"]
    # Pictures stay where the text speaks of them.
    keep = r"\usepackage{float}\floatplacement{figure}{H}"
    options += ["--variable=colorlinks:true", "--variable=toccolor:black"]
    options += [f"--variable=header-includes:{keep}{_BROKEN_LINES}"]
    furniture = (chapter.words["about"], chapter.words["contents"])
    texts = (*_texts(chapter), *furniture)
    return [*options, *font_options(texts, texts_in(document), chapter.language)]


def _missing(name: str) -> MissingDependencyError:
    return MissingDependencyError(
        f"this export needs {name}, which is not installed",
        "pip install 'lecture-chapter[export]'",
    )

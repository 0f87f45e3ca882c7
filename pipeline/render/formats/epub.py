"""The chapter as an EPUB 3 book: a file for each section and for all its code, pictures, links to
the seconds.

Written directly: an EPUB is a zip of XHTML with a list of contents (EPUB 3.3, W3C 2025).
"""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from pathlib import PurePosixPath

from markupsafe import Markup

from pipeline.render.about import about
from pipeline.render.assets import epub_style
from pipeline.render.chapter import ChapterPage
from pipeline.render.formats.program import listing
from pipeline.render.formats.xhtml import to_xhtml
from pipeline.render.page import environment

PICTURE_KINDS = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
}
EPOCH = (1980, 1, 1, 0, 0, 0)


def epub(chapter: ChapterPage) -> bytes:
    """The book as the bytes of an ``.epub`` file; the same chapter gives the same bytes."""
    pictures, names = pictures_of(chapter)
    sections = [
        (f"section-{page.number:03d}.xhtml", page, body_of(page.prose.html, chapter, names))
        for page in chapter.sections
    ]
    code = listing(chapter)
    values = {
        "chapter": chapter,
        "title": chapter.sources.article.title,
        "w": chapter.words,
        "about": about(chapter),
        "sections": sections,
        "pictures": [(name, PICTURE_KINDS[PurePosixPath(name).suffix]) for name in pictures],
        "cover": next(iter(pictures), None),
        "identifier": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, chapter.sources.name)}",
        "modified": f"{chapter.sources.made_on or '2000-01-01'}T00:00:00Z",
        "time_link": lambda ms: Markup(to_xhtml(chapter.pieces.time_link(ms, "time"))),
        "code": Markup(to_xhtml(chapter.pieces.program(code))) if code else "",
        "has_math": lambda html: "<math" in html,
    }
    files: dict[str, bytes] = {"META-INF/container.xml": _page("container.xml.j2", values)}
    files["OEBPS/content.opf"] = _page("content.opf.j2", values)
    files["OEBPS/nav.xhtml"] = _page("nav.xhtml.j2", values)
    files["OEBPS/toc.ncx"] = _page("toc.ncx.j2", values)
    files["OEBPS/title.xhtml"] = _page("title.xhtml.j2", values)
    files["OEBPS/style.css"] = epub_style().encode()
    for name, page, html in sections:
        files[f"OEBPS/{name}"] = _page("section.xhtml.j2", values | {"page": page, "html": html})
    if code:
        files["OEBPS/code.xhtml"] = _page("code.xhtml.j2", values)
    files["OEBPS/about.xhtml"] = _page("about.xhtml.j2", values)
    files |= {f"OEBPS/{name}": data for name, data in pictures.items()}
    return _zip(files)


def body_of(html: str, chapter: ChapterPage, names: dict[str, str]) -> Markup:
    """A section's HTML as it stands in the book; ``names`` as from ``pictures_of``."""
    text = to_xhtml(html)
    for picture in chapter.pictures.values():
        text = text.replace(f'"{picture.small_src}"', f'"{names[picture.src]}"')
        text = text.replace(f'"{picture.src}"', f'"{names[picture.src]}"')
    for drawing in chapter.pieces.drawings.values():
        text = text.replace(f'"{drawing.src}"', f'"{names[drawing.src]}"')
    # Readers enlarge pictures themselves, and a link must lead to a page of the book.
    text = re.sub(r'<a class="zoom"[^<>]*>(<img[^<>]*/>)</a>', r"\1", text)
    return Markup(re.sub(r'<a class="here"[^<>]*></a>', "", text))


def pictures_of(chapter: ChapterPage) -> tuple[dict[str, bytes], dict[str, str]]:
    """The pictures as files of the book, and the page's addresses mapped to them."""
    from PIL import Image

    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    drawings = chapter.pieces.drawings.values()
    sources = {one.src: one.files[one.src] for one in chapter.pictures.values()}
    for src, data in (sources | {one.src: one.data for one in drawings}).items():
        path = PurePosixPath(src)
        name = f"images/{path.name}"
        if path.suffix not in PICTURE_KINDS:
            name = f"images/{path.stem}.png"
            buffer = io.BytesIO()
            with Image.open(io.BytesIO(data)) as image:
                image.convert("RGB").save(buffer, "PNG")
            data = buffer.getvalue()
        files[name] = data
        names[src] = name
    return files, names


def _page(template: str, values: dict[str, object]) -> bytes:
    text = environment().get_template(f"epub/{template}").render(values)
    return text.encode("utf-8", "replace")


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        # Readers recognise the format by this first entry, which must not be compressed.
        archive.writestr(zipfile.ZipInfo("mimetype", EPOCH), b"application/epub+zip")
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            packed = name.endswith((".jpg", ".jpeg", ".png"))
            entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()

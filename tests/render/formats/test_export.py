"""One file to pass on: HTML with everything inside, Markdown with pictures, notebook, EPUB."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from pipeline.engine.workspace import Workspace
from pipeline.errors import RenderError
from pipeline.render.files import render_chapter
from pipeline.render.formats.export import export
from pipeline.render.formats.names import FORMATS
from pipeline.render.load import sources_of
from pipeline.settings.render import RenderSettings
from tests.render.sample import SECTIONS, sample_workspace

XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("exported") / "sample"
    return sample_workspace(root, url="https://www.youtube.com/watch?v=zduSFxRajkE")


def test_the_single_page_needs_no_other_file(chapter: Workspace) -> None:
    path = export(chapter, "html")
    assert path == chapter.root / "export" / "byte-pair-encoding.html"
    page = path.read_text(encoding="utf-8")
    assert not re.search(r'<(?:script|img|link)[^>]*(?:src|href)="(?!data:)', page)
    assert "url(" not in re.sub(r'url\("data:[^"]*"\)', "", page.split("<body")[0])
    assert page.count("data:image/webp") == 5
    assert "script-src &#39;sha256-" in page


def test_the_video_is_found_from_where_the_page_is_put(chapter: Workspace, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "page.html"
    export(chapter, "html", target)
    page = target.read_text(encoding="utf-8")
    match = re.search(r'data-file="([^"]+)"', page)
    assert match
    found = (target.parent / match[1].replace("%20", " ")).resolve()
    assert found == (chapter.root / "download" / "bpe mini lecture.mp4").resolve()


def test_markdown_takes_its_pictures_along(chapter: Workspace, tmp_path: Path) -> None:
    export(chapter, "md", tmp_path / "talk.md")
    text = (tmp_path / "talk.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
    assert len(pictures) == 5
    assert all((tmp_path / picture).is_file() for picture in pictures)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A lecture from a site whose links to moments nobody knows, with its file here."""
    root = tmp_path_factory.mktemp("elsewhere") / "sample"
    return sample_workspace(root, url="https://tube.example/w/abc")


@pytest.mark.parametrize("format", ["html", "md", "ipynb"])
def test_what_is_passed_on_links_to_the_lecture_on_the_web(
    elsewhere: Workspace, format: str
) -> None:
    text = export(elsewhere, format).read_text(encoding="utf-8")
    assert "https://tube.example/w/abc#t=17" in text
    assert "mp4#t=" not in text


@pytest.mark.parametrize("format", ["html", "md", "ipynb"])
def test_a_lecture_that_is_only_here_is_found_from_where_the_file_is_put(
    tmp_path: Path, format: str
) -> None:
    workspace = sample_workspace(tmp_path / "out" / "sample")
    path = export(workspace, format, tmp_path / "a" / f"talk.{format}")
    link = re.search(r'["(](\.\./[^"()#]*)#t=17[")\\]', path.read_text(encoding="utf-8"))
    assert link and (path.parent / unquote(link[1])).resolve().is_file()


def test_the_page_beside_its_lecture_plays_the_file(elsewhere: Workspace) -> None:
    page = render_chapter(sources_of(elsewhere), RenderSettings()).files["index.html"].decode()
    assert "../download/bpe%20mini%20lecture.mp4#t=17" in page


def test_the_exported_notebook_carries_its_pictures(chapter: Workspace, tmp_path: Path) -> None:
    book = json.loads(export(chapter, "ipynb", tmp_path / "talk.ipynb").read_text("utf-8"))
    shown = [
        (name, cell)
        for cell in book["cells"]
        for name in re.findall(r"!\[[^\]]*\]\(([^)]*)\)", "".join(cell["source"]))
        if cell["cell_type"] == "markdown"
    ]
    assert len(shown) == 5
    for name, cell in shown:
        assert name.removeprefix("attachment:") in cell["attachments"]


@pytest.mark.parametrize("name", FORMATS)
def test_every_listed_format_is_written(chapter: Workspace, tmp_path: Path, name: str) -> None:
    assert export(chapter, name, tmp_path / f"chapter.{name}").stat().st_size > 300


def test_an_unknown_format_is_refused_with_the_choices(chapter: Workspace) -> None:
    with pytest.raises(RenderError, match="html, md, ipynb, py, epub, pdf, docx, latex"):
        export(chapter, "odt")


@pytest.fixture(scope="module")
def book(chapter: Workspace) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(export(chapter, "epub").read_bytes()))


def test_the_book_begins_with_its_type_uncompressed(book: zipfile.ZipFile) -> None:
    first = book.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert book.read("mimetype") == b"application/epub+zip"


def test_every_page_of_the_book_is_well_formed(book: zipfile.ZipFile) -> None:
    pages = [name for name in book.namelist() if name.endswith((".xhtml", ".opf", ".ncx", ".xml"))]
    assert len(pages) == len(SECTIONS) + 7
    for name in pages:
        ElementTree.fromstring(book.read(name))


def test_the_books_manifest_lists_exactly_its_files(book: zipfile.ZipFile) -> None:
    package = ElementTree.fromstring(book.read("OEBPS/content.opf"))
    listed = {item.get("href") for item in package.iter("{http://www.idpf.org/2007/opf}item")}
    there = {
        name.removeprefix("OEBPS/")
        for name in book.namelist()
        if name.startswith("OEBPS/") and not name.endswith(".opf")
    }
    assert listed == there


def test_every_picture_and_link_in_the_book_resolves(book: zipfile.ZipFile) -> None:
    names = set(book.namelist())
    pictures, links = 0, 0
    for name in names:
        if not name.endswith(".xhtml"):
            continue
        page = ElementTree.fromstring(book.read(name))
        ids = {element.get("id") for element in page.iter()}
        for image in page.iter(f"{XHTML}img"):
            pictures += 1
            assert f"OEBPS/{image.get('src')}" in names
        for link in page.iter(f"{XHTML}a"):
            address = link.get("href") or ""
            links += address.startswith("https://www.youtube.com/watch?v=zduSFxRajkE&t=")
            if address.startswith("#"):
                assert address[1:] in ids
            else:
                assert address.startswith("https://") or f"OEBPS/{address}" in names
    assert pictures == 5
    assert links > 15


def test_formulas_are_declared_as_the_standard_asks(book: zipfile.ZipFile) -> None:
    package = book.read("OEBPS/content.opf").decode()
    with_formulas = re.findall(r'href="(section-\d+\.xhtml)"[^>]*properties="mathml"', package)
    assert with_formulas == ["section-006.xhtml"]
    assert b'xmlns="http://www.w3.org/1998/Math/MathML"' in book.read("OEBPS/section-006.xhtml")


def test_a_book_made_twice_is_the_same_book(chapter: Workspace, tmp_path: Path) -> None:
    one, two = (export(chapter, "epub", tmp_path / name) for name in ("one.epub", "two.epub"))
    assert one.read_bytes() == two.read_bytes()


def test_the_book_holds_no_address_of_this_machine(book: zipfile.ZipFile) -> None:
    for name in book.namelist():
        assert b"../download" not in book.read(name)


def test_an_epub_begins_with_the_chapter_and_ends_with_how_it_was_made(chapter: Workspace) -> None:
    book = zipfile.ZipFile(io.BytesIO(export(chapter, "epub").read_bytes()))
    assert "How this chapter was made" not in book.read("OEBPS/title.xhtml").decode()
    spine = re.findall(r'itemref idref="([^"]+)"', book.read("OEBPS/content.opf").decode())
    assert (spine[0], spine[-1]) == ("title", "about")
    told = book.read("OEBPS/about.xhtml").decode()
    assert "How this chapter was made" in told and "480 words written for 720 spoken" in told

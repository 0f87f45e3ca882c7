"""Whatever titles, names and a model say: no export loads a foreign picture or runs anything."""

from __future__ import annotations

import ctypes
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import markdown
import nbformat
import pytest
import yaml
from markdown_it import MarkdownIt

from pipeline.artifacts import CHECKED
from pipeline.book.facts import ChapterFacts, SectionFacts
from pipeline.book.mkdocs import write_frame
from pipeline.book.pages import Book
from pipeline.book.record import BookRecord
from pipeline.book.terms import Term, TermOccurrence
from pipeline.document.dialect import as_address, is_address
from pipeline.document.outline import Link
from pipeline.engine.workspace import Workspace, to_json
from pipeline.render.chapter import ChapterPage
from pipeline.render.formats.epub import epub
from pipeline.render.formats.export import export
from pipeline.render.formats.markdown import chapter_markdown
from pipeline.render.formats.notebook import notebook
from pipeline.render.formats.printed import write_printed
from pipeline.render.html.icons import icon
from pipeline.render.load import sources_of
from pipeline.render.page import chapter_html
from pipeline.text.untrusted import plain_line
from tests.fuzz.targets.page import problems
from tests.render.chapters import article_of, chapter_of

ATTACKS = (
    "![p](http://evil.example/p.png)",
    "[![p](http://evil.example/p.png)](javascript:alert(1))",
    "![p][r] [a][r] [r]\n\n[r]: javascript:alert(1)",
    "![p][q]\n\n[q]: http://evil.example/q.png 'x'",
    "[a](javascript:alert(1)) [b](<javascript:alert(1)>) [c](JaVaScRiPt&colon;alert(1))",
    "[a [b [c]]](javascript:alert(1)) [a](javascript\\:alert(1)) [a](&#106;avascript:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>) [a](vbscript:x) [a](//evil.example)",
    "<javascript:alert(1)> <img src=http://evil.example/x.png onerror=alert(1)>",
    "<script>alert(1)</script> \\<script>alert(1)\\</script> &lt;script>alert(1)&lt;/script>",
    "<svg/onload=alert(1)> <iframe src=http://evil.example></iframe> <!-- <img src=x> -->",
    "`<img src=http://evil.example/x.png>` ``<b onclick=x>`` $\\href{javascript:alert(1)}{x}$",
    "<a href='javascript:alert(1)'>a</a> <a\nhref=javascript:alert(1)>a</a>",
    "a\n\n<div onclick=alert(1)>\n\n# b\n\n<style>@import 'http://evil.example'</style>",
    "| <img src=http://evil.example/x.png> | b |\n|---|---|\n| ![p](http://evil.example/y) | c |",
    "- a\n\n      <img src=http://evil.example/x.png>\n\n> <script>alert(1)</script>",
    "1. ```html\n   <img src=http://evil.example/x.png>\n   ```\n2. b",
    "> ```html\n> <script>alert(1)</script>\n> ```\n\n~~~\n</code><script>alert(1)</script>\n~~~",
    "![<img src=x onerror=alert(1)> ](frame:f0001) ![x\\](http://evil.example/z.png)](frame:f0002)",
    "a[^1]\n\n[^1]: <img src=http://evil.example/x.png> ![p](http://evil.example/x.png)",
    "\x00![p](http://evil.example/p.png)\u202e <im\x00g src=x onerror=alert(1)>",
)
LINKS = (
    "[a](file:///etc/passwd) [b](file://evil/share) [c](<C:\\a.exe>) [d](c:/a.exe)",
    "[a](\\\\evil\\share) [b](//evil.example/a) [c](%5C%5Cevil%5Ca) [d](smb://evil/a)",
    "[a](ms-msdt:/id) [b](search-ms:query=a) [c](vbscript:a) [d](data:text/html,a)",
    "[web](http://evil.example/x) <file:///etc/passwd> <javascript:alert(1)>",
)
# The readers named in the docs: CommonMark that takes HTML, and the one that MkDocs is built on.
READERS: dict[str, Callable[[str], str]] = {
    "CommonMark": MarkdownIt("commonmark", {"html": True}).enable(["table"]).render,
    "MkDocs": lambda text: markdown.markdown(
        text, extensions=["tables", "fenced_code", "sane_lists", "footnotes"]
    ),
}


def _links_in_pdf(path: Path) -> Iterator[str]:
    pdfium = pytest.importorskip("pypdfium2", reason="pypdfium2 reads the pages")
    raw, document = pdfium.raw, pdfium.PdfDocument(path)
    for page in document:
        at, link = ctypes.c_int(0), raw.FPDF_LINK()
        while raw.FPDFLink_Enumerate(page.raw, ctypes.byref(at), ctypes.byref(link)):
            action = raw.FPDFLink_GetAction(link)
            kind = raw.FPDFAction_GetType(action) if action else raw.PDFACTION_GOTO
            assert kind in (raw.PDFACTION_GOTO, raw.PDFACTION_URI)
            address = ctypes.create_string_buffer(4096)
            if kind == raw.PDFACTION_URI:
                raw.FPDFAction_GetURIPath(document.raw, action, address, len(address))
                yield address.value.decode()


def _links_in_word(path: Path) -> Iterator[str]:
    archive = zipfile.ZipFile(path)
    for name in archive.namelist():
        if name.endswith(".rels"):
            for one in ElementTree.fromstring(archive.read(name)):
                if one.get("TargetMode") == "External":
                    yield one.get("Target") or ""


def _links_in_latex(path: Path) -> Iterator[str]:
    for link in re.findall(r"\\(?:href|url|nolinkurl)\{([^}]*)\}", path.read_text()):
        yield link.replace("\\%", "%").replace("\\#", "#")


LINKS_IN = {"pdf": _links_in_pdf, "docx": _links_in_word, "latex": _links_in_latex}


def wrong(html: str) -> list[str]:
    """What could run, restyle the page or call home; links to other pages may stand."""
    return problems(f"<!DOCTYPE html><body>{html}</body>")


def no_reader_is_harmed(text: str) -> None:
    for name, read in READERS.items():
        assert wrong(read(text)) == [], f"{name}: {text}"


@pytest.fixture(params=ATTACKS)
def attack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def chapter(sample: Workspace, attack: str) -> ChapterPage:
    sources = sources_of(sample)
    article = article_of(attack, f"Before {attack} after. [[s0002]]", title=attack)
    sections = tuple(one.model_copy(update={"title": attack}) for one in article.sections)
    return chapter_of(
        sample,
        article=article.model_copy(update={"sections": sections, "model": attack}),
        outline=sources.outline.model_copy(update={"title": attack, "summary": attack}),
        video=sources.video.model_copy(
            update={"title": attack, "uploader": attack, "url": f"javascript:alert(1)//{attack}"}
        ),
        warnings=(attack,),
    )


def test_the_page(chapter: ChapterPage) -> None:
    for page in chapter.sections:
        assert wrong(page.prose.html) == []
    body = chapter_html(chapter).partition("<article>")[2].partition("</article>")[0]
    for name in ("play", "book", "pen", "code", "file"):
        body = body.replace(icon(name), "")
    assert wrong(body) == []


def test_the_markdown_file(chapter: ChapterPage) -> None:
    text = chapter_markdown(chapter)
    _, front, body = text.split("---\n", 2)
    no_reader_is_harmed(body)
    for value in map(str, yaml.safe_load(front).values()):
        assert wrong(value) == []  # MkDocs puts a title into its pages as it is
        no_reader_is_harmed(value)


def test_the_notebook(chapter: ChapterPage) -> None:
    book = nbformat.reads(notebook(chapter).decode(), as_version=4)
    for cell in book.cells:
        if cell.cell_type == "markdown":
            no_reader_is_harmed(cell.source.replace("](attachment:", "]("))


def test_the_epub(chapter: ChapterPage) -> None:
    archive = zipfile.ZipFile(io.BytesIO(epub(chapter)))
    for name in archive.namelist():
        if name.endswith(".xhtml"):
            body = archive.read(name).decode().partition("<body>")[2].partition("</body>")[0]
            assert wrong(body) == [], name


def test_no_link_on_paper_leads_to_a_program_or_another_machine(
    sample: Workspace, tmp_path: Path
) -> None:
    sources = sources_of(sample)
    text = "\n\n".join((*ATTACKS, *LINKS))
    video = sources.video.model_copy(
        update={"uploader": LINKS[0], "url": "javascript:alert(1)//.example", "title": LINKS[1]}
    )
    outline = sources.outline.model_copy(update={"title": LINKS[2], "summary": "".join(LINKS)})
    chapter = chapter_of(sample, text, outline=outline, video=video)
    found: set[str] = set()
    for format in ("docx", "latex", "pdf"):
        path = tmp_path / f"chapter.{format}"
        write_printed(chapter, format, path)
        found |= set(LINKS_IN[format](path))
    assert "http://evil.example/x" in found  # a page of the web may be linked to
    assert [one for one in found if not is_address(as_address(one))] == []


@pytest.mark.parametrize("link", LINKS)
def test_one_file_of_html_has_no_such_link_either(
    link: str, work: Workspace, tmp_path: Path
) -> None:
    sources = sources_of(work)
    article = article_of(f"{link} [[s0002]]", title=link).model_dump()
    work.path(CHECKED).write_bytes(to_json(type(sources.article).model_validate(article)))
    html = export(work, "html", tmp_path / "chapter.html").read_text()
    for address in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', html):
        assert is_address(address) or address.startswith("../download/"), address


def test_the_books_markdown(attack: str, tmp_path: Path) -> None:
    place = TermOccurrence(1, "s0001", 5000)
    facts = ChapterFacts(
        number=1, name="a", title=attack, summary=attack, lecturer=attack, length_ms=1000,
        language="en", direction="ltr", picture=None, passed=0, cells=0,
        sections=(SectionFacts(1, "1-a", attack, 0),),
        links=(Link(title=attack, url=f"javascript:alert(1)//{attack}"),),
        url=f"javascript:alert(1)//{attack}", made_on="2026-01-01",
    )  # fmt: skip
    terms = (Term(attack, "term", place, attack, (place,)), Term(attack, "name", place, ""))
    book = Book(attack, (facts,), terms, BookRecord(title=attack, sources=(), entries=()))
    write_frame(tmp_path, book)
    for path in sorted((tmp_path / "docs").iterdir()):
        no_reader_is_harmed(path.read_text(encoding="utf-8"))
    for title in _titles(yaml.safe_load((tmp_path / "mkdocs.yml").read_text(encoding="utf-8"))):
        assert wrong(title) == []


def _titles(config: dict[str, object]) -> Iterator[str]:
    """What MkDocs writes into its pages as it is."""
    yield str(config["site_name"])
    entries = config["nav"]
    assert isinstance(entries, list)
    for entry in entries:
        yield from map(str, entry)


def test_a_readers_own_picture_is_recognised() -> None:
    for name, read in READERS.items():
        assert wrong(read(ATTACKS[0])), name
        assert re.search("javascript", read("[a](javascript:x)")), name


def test_no_character_of_a_title_spoils_the_xml_of_an_export(
    sample: Workspace, tmp_path: Path
) -> None:
    title = plain_line("".join(map(chr, (*range(1, 160), *range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF))))
    video = sources_of(sample).video.model_copy(update={"title": title, "uploader": title})
    chapter = chapter_of(sample, "Words. [[s0002]]", video=video)
    write_printed(chapter, "docx", tmp_path / "chapter.docx")
    for data in (epub(chapter), (tmp_path / "chapter.docx").read_bytes()):
        archive = zipfile.ZipFile(io.BytesIO(data))
        for name in archive.namelist():
            if name.endswith((".xml", ".xhtml", ".opf", ".ncx", ".rels")):
                assert ElementTree.fromstring(archive.read(name)) is not None, name

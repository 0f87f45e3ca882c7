"""A playlist on loopback becomes a book; entries come, go, and break."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from pipeline.book.filters import Filters
from pipeline.book.make import BookRequest, BookResult, make_book
from pipeline.cli.book_terminal import BookView
from pipeline.settings.config import Config, load_config
from tests.book.feed import feed
from tests.faults.runs import contents
from tests.recording import RecordingProgress
from tests.servers.media import MediaServer, Page

SETTINGS = ["screens.workers=1", "screens.ocr=false", "check.execute=false", "download.retries=0"]


@pytest.fixture
def config() -> Config:
    return load_config(Path("/dev/null"), SETTINGS, {})


class Course:
    """Short lectures on a server, each with another length so that each is another file."""

    def __init__(self, server: MediaServer, video: Path) -> None:
        self.server = server
        self.video = video
        self.entries: dict[str, str] = {}

    def add(self, name: str, title: str, whole: bool = True) -> None:
        """A lecture; without ``whole`` it is a page of text."""
        self.entries[name] = title
        data = self.video.read_bytes() if whole else b"not a video"
        self.server.pages[f"/{name}.mp4"] = Page(data, "video/mp4")

    @property
    def address(self) -> str:
        return feed(self.server, "A small course", self.entries)


@pytest.fixture(scope="session")
def talking_video(narrated_video: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The short lecture with its captions inside, as a server would hand it out."""
    from tests.conftest import make_media

    return make_media(
        tmp_path_factory.mktemp("talking") / "talk.mp4",
        *("-i", str(narrated_video), "-i", str(narrated_video.with_suffix(".en.vtt"))),
        *("-map", "0:v", "-map", "0:a", "-map", "1:s", "-c:v", "copy", "-c:a", "copy"),
        *("-c:s", "mov_text", "-metadata:s:s:0", "language=eng"),
    )


@pytest.fixture
def course(media_server: MediaServer, talking_video: Path) -> Course:
    return Course(media_server, talking_video)


def make(sources: list[str], output: Path, config: Config, **wishes: object) -> BookResult:
    wish = BookRequest(tuple(sources), output, filters=Filters(), **wishes)  # type: ignore[arg-type]
    return make_book(wish, config, RecordingProgress(), quiet)


def quiet(titles: dict[int, str]) -> BookView:
    return BookView(titles, sys.stderr)


def states(made: BookResult) -> dict[str, str]:
    return {entry.title: entry.state for entry in made.record.entries}


def stamps(output: Path) -> dict[str, str]:
    """When each stage of each lecture was finished."""
    return {
        str(path.relative_to(output)): path.stat().st_mtime_ns.__str__()
        for path in sorted(output.glob("*/*/manifest.json"))
    }


def test_a_playlist_becomes_a_book_that_follows_it(
    course: Course, tmp_path: Path, config: Config
) -> None:
    course.add("one", "First")
    course.add("two", "Second")
    course.add("three", "Third", whole=False)
    made = make([course.address], tmp_path, config)
    by_source = {Path(e.source).stem: e for e in made.record.entries}
    assert [e.chapter for e in made.record.entries] == [1, 2, None]
    assert by_source["three"].state == "failed"
    assert by_source["three"].failed_step == "download"
    assert "not a video" in (by_source["three"].reason or "")
    page = made.index.read_text(encoding="utf-8")
    assert page.count('class="card"') == 2 and "not a video" in page
    before = stamps(tmp_path)

    del course.entries["one"]  # removed
    course.add("three", "Third")  # now readable
    course.add("four", "Fourth")  # new
    again = make([course.address], tmp_path, config)
    assert again.index == made.index
    assert [Path(e.source).stem for e in again.record.entries] == ["two", "three", "four"]
    assert [e.chapter for e in again.record.entries] == [1, 2, 3]
    assert again.record.removed == (by_source["one"].id,)
    assert (tmp_path / by_source["one"].id / "render" / "index.html").is_file()
    assert not (made.index.parent / by_source["one"].id).exists()
    after = stamps(tmp_path)
    assert {name: after[name] for name in before} == before  # nothing finished was done again


def test_the_lectures_of_a_book_are_those_of_single_runs(
    narrated_video: Path, tmp_path: Path, config: Config
) -> None:
    make([str(narrated_video)], tmp_path / "book", config)
    command = [sys.executable, "-m", "pipeline", "run", str(narrated_video), "--quiet"]
    command += ["--output", str(tmp_path / "run"), "--config", "/dev/null"]
    command += [word for setting in SETTINGS for word in ("--set", setting)]
    subprocess.run(command, check=True, capture_output=True)
    shutil.rmtree(tmp_path / "book" / "books")
    for kept in (tmp_path / "run").glob("*/settings.json"):
        kept.unlink()  # what a single run was told with --set; a book's settings are the book's
    assert contents(tmp_path / "book") == contents(tmp_path / "run")


@pytest.fixture(scope="module")
def two_chapters(
    narrated_video: Path, talking_video: Path, tmp_path_factory: pytest.TempPathFactory
) -> BookResult:
    output = tmp_path_factory.mktemp("two")
    settings = load_config(Path("/dev/null"), [*SETTINGS[:1], *SETTINGS[2:]], {})
    sources = [str(narrated_video), str(talking_video)]
    return make(sources, output, settings, title="Two lectures: one & the same")


def test_pages_lead_from_chapter_to_chapter(two_chapters: BookResult) -> None:
    folder = two_chapters.index.parent
    first, second = (folder / e.id / "render" / "index.html" for e in two_chapters.record.entries)
    assert re.search(rf'rel="next" href="\.\./\.\./{second.parents[1].name}/', first.read_text())
    assert re.search(rf'rel="prev" href="\.\./\.\./{first.parents[1].name}/', second.read_text())
    assert "Chapter 2 of 2" in second.read_text()


def test_every_local_address_of_every_page_leads_somewhere(two_chapters: BookResult) -> None:
    pages = sorted(two_chapters.index.parent.rglob("*.html"))
    assert len(pages) == 5
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for address in re.findall(r'(?:href|src|data-file)="([^"#]*)(?:#[^"]*)?"', text):
            if address and not re.match(r"https?:|data:", address):
                assert (page.parent / address).exists(), f"{page}: {address}"


def test_the_markdown_and_the_notebooks_of_its_chapters_find_the_videos(
    two_chapters: BookResult,
) -> None:
    for entry in two_chapters.record.entries:
        folder = two_chapters.index.parent / entry.id / "render"
        for name in ("chapter.md", "chapter.ipynb"):
            links = re.findall(r"\]\(([^()#]+)#t=\d+\)", (folder / name).read_text("utf-8"))
            assert links
            assert all((folder / unquote(link)).is_file() for link in links)


def test_a_term_of_an_earlier_chapter_is_linked_to_the_passage_that_introduces_it(
    two_chapters: BookResult,
) -> None:
    folder = two_chapters.index.parent
    first, second = (folder / e.id / "render" / "index.html" for e in two_chapters.record.entries)
    assert 'class="term"' not in first.read_text()
    links = re.findall(r'<a class="term" href="([^"]+)#([^"]+)"[^>]*>([^<]+)<', second.read_text())
    assert links
    for address, anchor, text in links:
        target = (second.parent / address).read_text(encoding="utf-8")
        passage = target.split(f'id="{anchor}"', 1)[1].split("</div>", 1)[0]
        assert text.lower() in passage.lower()
    texts = [text.lower() for _, _, text in links]
    assert len(texts) == len(set(texts))


def test_the_glossary_names_chapter_and_second_of_each_term(two_chapters: BookResult) -> None:
    text = (two_chapters.index.parent / "glossary.html").read_text(encoding="utf-8")
    terms = re.findall(r"<dt>([^<]+)</dt>\s*<dd><q>([^<]+)</q>.*?ch\. 1, 0:\d\d</a>", text)
    assert terms
    assert all(term.lower() in sentence.lower() for term, sentence in terms)
    assert "again in" in text


def test_the_search_knows_every_chapter(two_chapters: BookResult) -> None:
    names = [entry.id for entry in two_chapters.record.entries]
    script = (two_chapters.index.parent / "library.js").read_text(encoding="utf-8")
    assert json.loads(script.removeprefix("lectureLibrary(").removesuffix(");\n")) == names
    for name in names:
        index = two_chapters.index.parent / name / "render" / "assets" / "search.js"
        assert index.read_text(encoding="utf-8").startswith("lectureIndex(")


def test_the_epub_is_whole_and_well_formed(two_chapters: BookResult) -> None:
    with zipfile.ZipFile(two_chapters.index.parent / "book.epub") as epub:
        assert epub.testzip() is None
        names = set(epub.namelist())
        package = ElementTree.fromstring(epub.read("OEBPS/content.opf"))
        listed = {
            f"OEBPS/{item.get('href')}"
            for item in package.iter("{http://www.idpf.org/2007/opf}item")
        }
        assert listed | {"mimetype", "META-INF/container.xml", "OEBPS/content.opf"} == names
        for name in names:
            if not name.endswith(".xhtml"):
                continue
            page = epub.read(name).decode()
            ElementTree.fromstring(page)
            for address in re.findall(r'(?:href|src)="([^"]+)"', page):
                target, _, anchor = address.partition("#")
                if address.startswith("http") or not target:
                    continue
                assert f"OEBPS/{target}" in names, f"{name}: {address}"
                if anchor:
                    assert f'id="{anchor}"' in epub.read(f"OEBPS/{target}").decode()


def test_mkdocs_builds_the_markdown(two_chapters: BookResult, tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    command += ["--site-dir", str(tmp_path / "site")]
    tree = two_chapters.index.parent / "markdown"
    built = subprocess.run(command, cwd=tree, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "site" / "glossary" / "index.html").is_file()


def test_a_second_run_changes_nothing(two_chapters: BookResult) -> None:
    folder = two_chapters.index.parent
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    settings = load_config(Path("/dev/null"), [*SETTINGS[:1], *SETTINGS[2:]], {})
    sources = list(two_chapters.record.sources)
    make(sources, folder.parent.parent, settings, title="Two lectures: one & the same")
    changed = {
        path.name
        for path in folder.rglob("*")
        if path.is_file() and before.get(path) != path.stat().st_mtime_ns
    }
    assert changed <= {"book.json", ".lock"}


def test_a_book_is_served_with_its_chapters_and_their_videos(two_chapters: BookResult) -> None:
    from starlette.testclient import TestClient

    from pipeline.server.app import create_app
    from pipeline.settings.serve import ServeSettings

    folder = two_chapters.index.parent
    app = create_app(folder.parent.parent, ServeSettings())
    with TestClient(app, base_url="http://127.0.0.1:8000") as browser:
        assert browser.get(f"/books/{folder.name}/").status_code == 200
        chapter = f"/books/{folder.name}/{two_chapters.record.entries[0].id}/render/index.html"
        page = browser.get(chapter)
        assert page.status_code == 200 and "book-nav" in page.text
        video = re.search(r'data-file="([^"]+)"', page.text)
        assert video
        address = str(page.url.join(video[1]).path)
        assert browser.get(address, headers={"Range": "bytes=0-9"}).status_code == 206
        assert browser.get(f"/books/{folder.name}/../../x").status_code == 404
        assert browser.get(f"/books/{folder.name}/.built").status_code == 404

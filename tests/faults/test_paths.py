"""Links, names and paths that want out: nothing outside the output folder is shown, packed, sent
to a model or written, whatever someone has planted in it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from starlette.testclient import TestClient

from pipeline.book import record
from pipeline.book.make import BookRequest, make_book
from pipeline.engine.files import sha256_of, write_atomic
from pipeline.engine.progress import Silent
from pipeline.engine.stage import Request
from pipeline.engine.symlink_guard import check_links
from pipeline.engine.workspace import Workspace
from pipeline.errors import MediaError, PipelineError, WorkspaceError
from pipeline.render.files import render_chapter
from pipeline.render.formats.export import export
from pipeline.render.load import sources_of
from pipeline.server.app import create_app
from pipeline.settings.config import Config
from pipeline.settings.download import DownloadSettings
from pipeline.settings.llm import LLMSettings
from pipeline.settings.render import RenderSettings
from pipeline.settings.serve import ServeSettings
from pipeline.sources import resolve
from pipeline.sources.ids import video_id_of
from pipeline.sources.local import with_sidecars
from pipeline.writing.screen_images import picture_of
from tests.render.sample import sample_workspace
from tests.servers.chat import ChatServer
from tests.servers.chat import Reply as ServerReply
from tests.shared import ROOT
from tests.tally import Tally

SECRET = "the-secret-of-this-machine"
KIND = "planted link or path"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """What nobody may reach: files of every kind that a link could be about."""
    folder = tmp_path / "outside"
    (folder / "render").mkdir(parents=True)
    for name in ("secret.txt", "secret.md", "index.html", "render/index.html", "chapter.ipynb"):
        (folder / name).write_text(SECRET)
    Image.new("RGB", (40, 30), "red").save(folder / "secret.png")
    with (folder / "secret.png").open("ab") as file:
        file.write(SECRET.encode())
    return folder


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder with one finished chapter, ``sample``, as ``run`` leaves it; not to be
    changed."""
    output = tmp_path_factory.mktemp("finished")
    workspace = sample_workspace(output / "sample")
    for name, data in render_chapter(sources_of(workspace), RenderSettings()).files.items():
        write_atomic(workspace.root / "render" / name, data)
    remembered = {"source": "lecture.mp4", "start_ms": 0, "end_ms": None}
    (workspace.root / "source.json").write_text(json.dumps(remembered))
    return output


@pytest.fixture
def lecture(finished: Path, tmp_path: Path) -> Workspace:
    """The same chapter in an output folder of the test's own."""
    no_jobs = shutil.ignore_patterns(".jobs")  # of the server that reads it
    shutil.copytree(finished, tmp_path / "output", copy_function=os.link, ignore=no_jobs)
    return Workspace(tmp_path / "output" / "sample")


@pytest.fixture
def browser(lecture: Workspace) -> Iterator[TestClient]:
    app = create_app(lecture.root.parent, ServeSettings())
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.fixture(scope="module")
def reader(finished: Path) -> Iterator[TestClient]:
    """A browser on the chapter that no test changes."""
    app = create_app(finished, ServeSettings())
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield client


def state(folder: Path) -> dict[str, bytes]:
    """Every file outside, to see that none was touched."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def plant(link: Path, target: Path) -> None:
    """Put a link where a file or folder may be."""
    if link.is_dir() and not link.is_symlink():
        shutil.rmtree(link)
    link.unlink(missing_ok=True)
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(target)


# Where links are planted in the lecture's folder, and what of the outside they lead to.
PLANTED = {
    "render": "",
    "render/assets": "",
    "render/index.html": "index.html",
    "render/assets/icon.svg": "secret.txt",
    "render/assets/f0001.jpg": "secret.png",
    "render/chapter.ipynb": "chapter.ipynb",
    "write": "",
    "write/sections": "",
    "write/sections/01-introduction.md": "secret.md",
    "screens/frames": "",
    "export": "",
    "check": "",
    "download/work": "",
    "source.json": "secret.txt",
    ".lock": "secret.txt",
    "write/.journal": "secret.txt",
    "outline/manifest.json": "secret.txt",
    "write/replies": "",
}


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_a_planted_link_is_named_and_nothing_is_written_through_it(
    name: str, lecture: Workspace, outside: Path, tally: Tally
) -> None:
    plant(lecture.root / name, outside / PLANTED[name])
    before = state(outside)
    with pytest.raises(WorkspaceError, match=re.escape(f"{name} is a symbolic link")):
        resolve.open_existing(lecture.root.parent, "sample")
    with pytest.raises(WorkspaceError, match="leads out"):
        check_links(lecture.root, lecture.root.parent)
    assert state(outside) == before
    tally.survived(KIND)


def test_the_program_refuses_a_planted_folder_before_it_writes(
    tiny_video: Path, outside: Path, tmp_path: Path, tally: Tally
) -> None:
    video = shutil.copy(tiny_video, tmp_path / "tiny.mp4")
    output = tmp_path / "output"
    name = video_id_of(str(video))
    output.mkdir()
    (output / name).symlink_to(outside)
    before = state(outside)
    command = [sys.executable, "-m", "pipeline", "run", str(video), "--output", str(output)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stderr.startswith("error: ") and "symbolic link" in done.stderr
    assert state(outside) == before
    tally.survived(KIND)


@pytest.mark.parametrize("name", ["ask", "ask/replies", "outline", "check", ".spending.lock"])
def test_no_question_is_kept_or_answered_through_a_planted_link(
    name: str, lecture: Workspace, outside: Path, tally: Tally
) -> None:
    plant(lecture.root / name, outside)
    before = state(outside)
    with ChatServer(lambda incoming: ServerReply('{"sentences": []}')) as server:
        settings = LLMSettings(base_url=server.base_url, model="small")
        app = create_app(lecture.root.parent, ServeSettings(), llm=settings)
        with TestClient(app, base_url="http://127.0.0.1:8000") as client:
            answer = client.post("/chapters/sample/ask", json={"question": "What is a token?"})
        assert not server.requests
    assert answer.status_code == 502 and "symbolic link" in answer.text
    assert state(outside) == before
    tally.survived(KIND)


@pytest.mark.parametrize("link", ["books", "books/course", "books/course/assets"])
def test_no_book_is_written_through_a_planted_link(
    link: str, outside: Path, tmp_path: Path, tally: Tally
) -> None:
    output = tmp_path / "output"
    plant(output / link, outside)
    before = state(outside)
    wish = BookRequest((str(tmp_path / "talk.mp4"),), output, title="Course")
    with pytest.raises(WorkspaceError, match="leads out"):
        make_book(wish, Config(), Silent(), lambda titles: pytest.fail("begun"))
    assert state(outside) == before
    tally.survived(KIND)


@pytest.mark.parametrize("name", ["../outside", "..", "/etc", "a/../../b", "..\\b"])
def test_a_foreign_list_of_a_book_names_no_folder_outside(name: str, tmp_path: Path) -> None:
    entry = {"id": name, "source": "a", "title": "a", "state": "done", "chapter": 1}
    (tmp_path / "book.json").write_text(
        json.dumps({"title": "a", "sources": [], "entries": [entry]})
    )
    assert record.load(tmp_path) is None


def test_the_output_folder_itself_may_be_a_link(lecture: Workspace, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere"
    link.symlink_to(lecture.root.parent)
    assert resolve.open_existing(link, "sample")[0].video_id == "sample"
    # So may a link within it that stays within it.
    (lecture.root / "render" / "again").symlink_to(lecture.root / "render" / "assets")
    check_links(lecture.root, link)
    app = create_app(link, ServeSettings())
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        assert client.get("/sample/render/index.html").status_code == 200


SHOWN = {
    "sample/render": "/sample/render/secret.txt",
    "sample/render/assets": "/sample/render/assets/secret.txt",
    "sample/render/assets/icon.svg": "/sample/render/assets/icon.svg",
    "sample/render/index.html": "/sample/render/index.html",
    "other": "/other/render/index.html",
    "books": "/books/secret.txt",
    "books/one/index.html": "/books/one/",
}


@pytest.mark.parametrize("link", sorted(SHOWN))
def test_no_link_makes_the_server_show_what_is_outside(
    link: str, lecture: Workspace, browser: TestClient, outside: Path, tally: Tally
) -> None:
    target = {"sample/render/assets/icon.svg": "secret.txt", "other": ""}.get(link, "")
    target = "index.html" if link.endswith("index.html") else target
    plant(lecture.root.parent / link, outside / target)
    answer = browser.get(SHOWN[link])
    assert answer.status_code == 404 and SECRET not in answer.text
    assert SECRET not in browser.get("/").text
    tally.survived(KIND)


@pytest.mark.parametrize(
    "path",
    [
        "%2e%2e", "%2e%2e%2f", "..%5c..%5c", "....//", "/etc/passwd", "%00", "a%00b",
        "//etc/passwd", "/proc/self/environ", "CON", "aux.txt", "NUL", "index.html::$DATA",
        "C:%5cWindows%5cwin.ini", "assets/../../download/video.json", "a" * 300, "a/" * 3000,
        "%c0%ae%c0%ae/", "assets/%2e%2e/%2e%2e/source.json", ".journal", "assets/.hidden", "~root",
        "\u202e", "%ff",
    ],
)  # fmt: skip
@pytest.mark.parametrize("start", ["/sample/render/", "/books/", "/", "/assets/"])
def test_no_path_is_answered_with_anything(
    start: str, path: str, reader: TestClient, tally: Tally
) -> None:
    answer = reader.get(start + path, follow_redirects=False)
    assert answer.status_code in (307, 400, 404), answer.text
    assert "root:" not in answer.text and "sha256" not in answer.text
    tally.survived("hostile path")


def test_a_loop_of_links_is_not_there(lecture: Workspace, browser: TestClient) -> None:
    (lecture.root / "render" / "loop").symlink_to(lecture.root / "render" / "loop")
    assert browser.get("/sample/render/loop").status_code == 404


def tampered(lecture: Workspace, **changes: object) -> None:
    """``video.json`` as someone else may have written it."""
    path = lecture.root / "download" / "video.json"
    rewrite(path, json.dumps({**json.loads(path.read_text()), **changes}))


def rewrite(path: Path, text: str) -> None:
    """Another file in its place: the folder is made of links to the one it was copied from."""
    path.unlink()
    path.write_text(text)


def test_a_foreign_video_json_shows_no_file(
    lecture: Workspace, browser: TestClient, outside: Path, tally: Tally
) -> None:
    private = outside / "private.mp4"
    private.write_text(SECRET)
    passwd = "../../../../../../../../etc/passwd"
    for path in (str(private), "/etc/passwd", passwd, str(outside / "secret.txt"), "video.json"):
        tampered(lecture, path=path)
        name = Path(path).name
        assert browser.get(f"/sample/download/{name}").status_code == 404
        assert SECRET not in browser.get("/sample/render/index.html").text
    plant(lecture.root / "download" / "linked.mp4", private)
    tampered(lecture, path="linked.mp4")
    assert browser.get("/sample/download/linked.mp4").status_code == 404
    # Whoever knows the file's content may name it: then it is the lecture's own.
    tampered(lecture, path=str(private), sha256=sha256_of(private))
    assert browser.get("/sample/download/private.mp4").text == SECRET
    tally.survived(KIND, 6)


@pytest.mark.parametrize(
    "change",
    [
        {"path": "../../../outside/secret.png"},
        {"path": "/etc/passwd"},
        {"path": "screens/linked.png"},
        {"path": "download/secret.png"},
        {"id": "../../../../escaped"},
        {"id": "a/b"},
        {"id": "x" * 300},
        {"path": "screens/frames/page.html"},
        {"path": "screens/frames/page.svg"},
    ],
    ids=str,
)
def test_a_foreign_segments_json_takes_nothing_in_and_writes_nothing_out(
    change: dict[str, str], lecture: Workspace, outside: Path, tmp_path: Path, tally: Tally
) -> None:
    (lecture.root / "screens" / "linked.png").symlink_to(outside / "secret.png")
    for name in ("page.html", "page.svg"):
        Image.new("RGB", (40, 30)).save(lecture.root / "screens" / "frames" / name, "PNG")
    path = lecture.root / "segment" / "segments.json"
    data = json.loads(path.read_text())
    shown = data["frames"][0]
    text = (lecture.root / "check" / "article.json").read_text()
    article = text.replace(f"frame:{shown['id']})", f"frame:{change.get('id', shown['id'])})")
    rewrite(lecture.root / "check" / "article.json", article)
    shown |= change
    rewrite(path, json.dumps(data))
    for format in ("epub", "md"):
        # What no figure can be called is passed over, what no frame can be is refused.
        with contextlib.suppress(PipelineError) if "id" in change else pytest.raises(PipelineError):
            export(lecture, format, tmp_path / "packed" / f"chapter.{format}")
    packed = tmp_path / "packed"
    assert all(SECRET.encode() not in file.read_bytes() for file in packed.rglob("*.*"))
    assert {path.name for path in packed.rglob("*")} <= {
        "chapter.epub", "chapter.md", "chapter_files",
        *(path.name for path in (packed / "chapter_files").glob("f0*")),
    }  # fmt: skip
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(("escaped", "xxx"))]
    tally.survived(KIND)


def test_no_picture_from_outside_is_sent_to_a_model(lecture: Workspace, outside: Path) -> None:
    folder = lecture.root
    frame = sources_of(lecture).segments.frames[0]
    assert picture_of(folder, frame, 64).width == 64
    (folder / "screens" / "linked.png").symlink_to(outside / "secret.png")
    for path in ("../../../outside/secret.png", "screens/linked.png", str(outside / "secret.png")):
        with pytest.raises(MediaError, match="outside"):
            picture_of(folder, frame.model_copy(update={"path": path}), 64)


def test_no_export_packs_a_foreign_file(lecture: Workspace, outside: Path, tmp_path: Path) -> None:
    plant(lecture.root / "render" / "chapter.ipynb", outside / "chapter.ipynb")
    made_anew = export(lecture, "ipynb", tmp_path / "packed.ipynb").read_bytes()
    assert SECRET.encode() not in made_anew and b"nbformat" in made_anew
    drawn = lecture.root / "check" / "pictures"
    plant(drawn, outside)
    book = export(lecture, "epub", tmp_path / "packed.epub")
    with zipfile.ZipFile(io.BytesIO(book.read_bytes())) as archive:
        for entry in archive.namelist():
            assert not entry.startswith("/") and ".." not in entry.split("/")
            assert SECRET.encode() not in archive.read(entry)


def test_names_beside_a_video_cannot_escape(tiny_video: Path, tmp_path: Path) -> None:
    video = Path(shutil.copy(tiny_video, tmp_path / "talk.mp4"))
    (tmp_path / "talk.info.json").write_text(
        json.dumps(
            {
                "id": "../../x",
                "title": "../../../etc/cron.d/x\\..\\y",
                "webpage_url": "file:///etc/passwd",
                "_filename": "/etc/passwd",
                "subtitles": {"../../en": [{"url": "file:///etc/passwd", "ext": "vtt"}]},
                "requested_subtitles": {"en": {"filepath": "/etc/passwd"}},
                "chapters": [{"start_time": 0, "title": "../up"}],
            }
        )
    )
    (tmp_path / "talk...etc.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:05.000\nHello there\n")
    found = with_sidecars(video, DownloadSettings())
    assert found.details.url is None
    assert all(Path(caption.path).parent == tmp_path for caption in found.captions)
    output = tmp_path / "output"
    command = [sys.executable, "-m", "pipeline", "run", str(video), "--output", str(output)]
    done = subprocess.run(
        [*command, "--until", "download"], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    (lecture,) = output.glob("*/download/video.json")
    assert lecture.parent.parent.parent == output
    names = {path.name for path in lecture.parent.iterdir() if not path.name.startswith(".")}
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in names)
    assert {path.name for path in tmp_path.iterdir()} == {
        "talk.mp4", "talk.info.json", "talk...etc.vtt", "output",
    }  # fmt: skip


def test_a_source_cannot_choose_its_folder(tmp_path: Path) -> None:
    for source in (
        "https://a.example/../../..",
        "https://a.example/%2e%2e%2f%2e%2e%2fx.mp4",
        "https://../../etc/passwd",
        "https://a.example/CON.mp4",
        "https://www.youtube.com/watch?v=../../../../x",
    ):
        workspace = resolve.open_source(tmp_path / "output", Request(source))
        assert workspace.root.parent == tmp_path / "output"
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]*", workspace.root.name)


def test_a_file_in_the_making_is_private_and_has_no_name_to_guess(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []
    replace = Path.replace

    def watch(path: Path, target: Path) -> Path:
        seen.append((path.name, stat.S_IMODE(path.stat().st_mode)))
        return replace(path, target)

    modes: list[int] = []
    monkeypatch.setattr(
        os, "fsync", lambda file: modes.append(stat.S_IMODE(os.fstat(file).st_mode))
    )
    monkeypatch.setattr(Path, "replace", watch)
    for _ in range(3):
        write_atomic(tmp_path / "page.html", b"text")
    assert len({name for name, _ in seen}) == 3
    assert modes == [0o600] * 3


def test_a_link_at_a_files_place_is_replaced_not_followed(outside: Path, tmp_path: Path) -> None:
    before = state(outside)
    (tmp_path / "page.html").symlink_to(outside / "secret.txt")
    write_atomic(tmp_path / "page.html", b"ours")
    assert not (tmp_path / "page.html").is_symlink()
    assert state(outside) == before

"""The server gives the chapters and their videos, and nothing else."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pipeline.engine.files import sha256_of
from pipeline.engine.workspace import Workspace
from pipeline.errors import ServeError
from pipeline.render.files import render_chapter
from pipeline.render.load import sources_of
from pipeline.server.app import create_app, serve
from pipeline.settings.render import RenderSettings
from pipeline.settings.serve import ServeSettings
from tests.render.sample import DEMO, sample_workspace


def put(workspace: Workspace) -> Workspace:
    """Write the rendered sample where the stage would."""
    for name, data in render_chapter(sources_of(workspace), RenderSettings()).files.items():
        path = workspace.root / "render" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return workspace


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    put(sample_workspace(folder / "sample"))
    (folder / "secret.txt").write_text("secret")
    return folder


@pytest.fixture(scope="module")
def browser(output: Path) -> Iterator[TestClient]:
    app = create_app(output, ServeSettings())
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield client


VIDEO = "/sample/download/bpe%20mini%20lecture.mp4"


def test_the_library_shows_a_card_for_each_chapter(browser: TestClient) -> None:
    page = browser.get("/").text
    assert "Byte Pair Encoding" in page
    assert "A. Lecturer" in page and "3 min 22 s" in page and "4/4 cells ran" in page
    assert 'src="/sample/render/assets/f0001-small.webp"' in page


def test_the_library_speaks_the_browsers_language(browser: TestClient) -> None:
    page = browser.get("/", headers={"Accept-Language": "fr-CH, fr;q=0.9"}).text
    assert '<html lang="fr" dir="ltr">' in page and "Bibliothèque" in page
    page = browser.get("/", headers={"Accept-Language": "ar"}).text
    assert '<html lang="ar" dir="rtl">' in page and "إضافة محاضرة" in page


def test_a_chapters_short_address_leads_to_its_page(browser: TestClient) -> None:
    answer = browser.get("/sample")
    assert answer.url.path == "/sample/render/index.html"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_the_video_is_given_in_ranges(browser: TestClient) -> None:
    whole = (DEMO / "bpe-mini-lecture.mp4").read_bytes()
    answer = browser.get(VIDEO, headers={"Range": "bytes=1000-1999"})
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes 1000-1999/{len(whole)}"
    assert answer.content == whole[1000:2000]
    assert browser.get(VIDEO).headers["accept-ranges"] == "bytes"


def test_a_range_beyond_the_end_is_416(browser: TestClient) -> None:
    assert browser.get(VIDEO, headers={"Range": "bytes=99999999-"}).status_code == 416


@pytest.mark.parametrize(
    "path",
    [
        "/sample/download/video.json",
        "/sample/render/../download/video.json",
        "/sample/render/%2e%2e/download/video.json",
        "/sample/render/..%2f..%2fsecret.txt",
        "/sample/render//etc/passwd",
        "/sample/render/%00",
        "/../secret.txt",
        "/%2e%2e/render/index.html",
        "/.jobs/render/index.html",
        "/secret.txt",
        "/no-such-chapter",
        "/assets/..%2fpage.py",
    ],
)
def test_no_path_leads_out_of_the_rendered_folder(browser: TestClient, path: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text and "sha256" not in answer.text


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    put(sample_workspace(tmp_path / "sample"))
    (tmp_path / "outside.html").write_text("secret")
    (tmp_path / "sample" / "render" / "link.html").symlink_to(tmp_path / "outside.html")
    app = create_app(tmp_path, ServeSettings())
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        assert client.get("/sample/render/link.html").status_code == 404


def test_text_is_packed_and_not_sent_twice(browser: TestClient) -> None:
    first = browser.get("/sample/render/index.html", headers={"Accept-Encoding": "gzip"})
    assert first.headers["content-encoding"] == "gzip"
    assert int(first.headers["content-length"]) < len(first.content) / 3
    tag = first.headers["etag"]
    again = browser.get("/sample/render/index.html", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


def test_a_chapter_rendered_again_is_seen_at_once(tmp_path: Path) -> None:
    workspace = put(sample_workspace(tmp_path / "sample"))
    app = create_app(tmp_path, ServeSettings())
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        before = client.get("/sample/render/chapter.md")
        (workspace.root / "render" / "chapter.md").write_text("# New\n")
        after = client.get("/sample/render/chapter.md")
    assert before.text != after.text == "# New\n"


@pytest.mark.parametrize(
    "path",
    [VIDEO, "/sample/render/assets/f0001-small.webp", "/sample/render/assets/text.woff2", "/"],
)
def test_what_the_browser_has_is_not_sent_again(browser: TestClient, path: str) -> None:
    tag = browser.get(path).headers["etag"]
    again = browser.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_a_card_says_what_the_page_says(tmp_path: Path) -> None:
    workspace = put(sample_workspace(tmp_path / "sample"))
    article = workspace.root / "check" / "article.json"
    text = article.read_text(encoding="utf-8")
    app = create_app(tmp_path, ServeSettings())
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        assert "Byte Pair Encoding" in client.get("/").text
        article.write_text(text.replace("Byte Pair Encoding", "Another Title"), encoding="utf-8")
        assert "Another Title" not in client.get("/").text
        (workspace.root / "render" / "index.html").write_text("rendered again")
        assert "Another Title" in client.get("/").text


def test_a_text_too_large_to_keep_is_sent_all_the_same(browser: TestClient, output: Path) -> None:
    path = output / "sample" / "render" / "large.json"
    path.write_bytes(b'"' + b"x" * (9 << 20) + b'"')
    answer = browser.get("/sample/render/large.json")
    path.unlink()
    assert len(answer.content) == (9 << 20) + 2
    assert answer.headers["content-type"].startswith("application/json")


def test_the_list_for_the_search_names_the_chapters(browser: TestClient) -> None:
    assert browser.get("/library.js").text == 'lectureLibrary(["sample"]);\n'


def test_packed_and_plain_are_the_same(browser: TestClient, output: Path) -> None:
    plain = browser.get("/sample/render/assets/chapter.js", headers={"Accept-Encoding": "identity"})
    packed = browser.get("/sample/render/assets/chapter.js", headers={"Accept-Encoding": "gzip"})
    assert plain.content == packed.content
    assert gzip.compress(plain.content)


def test_another_address_than_loopback_needs_a_token(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match=r"serve\.token"):
        serve(tmp_path, ServeSettings(host="0.0.0.0", port=0), None)


def test_a_video_left_where_it_was_is_served_under_the_pages_address(tmp_path: Path) -> None:
    workspace = sample_workspace(tmp_path / "output" / "sample")
    elsewhere = tmp_path / "videos" / "talk & more.mp4"
    elsewhere.parent.mkdir()
    (workspace.root / "download" / "bpe mini lecture.mp4").rename(elsewhere)
    path = workspace.root / "download" / "video.json"
    text = path.read_text(encoding="utf-8")
    text = text.replace('"bpe mini lecture.mp4"', f'"{elsewhere}"')
    path.write_text(text.replace("0" * 64, sha256_of(elsewhere)), encoding="utf-8")
    put(workspace)
    app = create_app(tmp_path / "output", ServeSettings())
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        page = client.get("/sample/render/index.html").text
        assert 'data-file="../download/talk%20%26%20more.mp4"' in page
        assert str(tmp_path) not in page and "../../../videos" not in page
        assert client.get("/sample/download/talk%20%26%20more.mp4").status_code == 200

"""Deleting a chapter and opening its folder, as the library page asks for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pipeline.artifacts import OUTLINE
from pipeline.document.corrections import Correction
from pipeline.engine.lock import hold
from pipeline.engine.workspace import Workspace
from pipeline.render.corrections import add_correction
from pipeline.server import correcting
from pipeline.server.app import create_app
from pipeline.settings.serve import ServeSettings
from pipeline.sources import resolve


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    for name in ("talk", "other"):
        page = tmp_path / "output" / name / "render" / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text("the chapter")
    (tmp_path / "output" / "notes").mkdir()
    app = create_app(tmp_path / "output", ServeSettings())
    with TestClient(
        app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 5), follow_redirects=False
    ) as made:
        yield made


def test_a_chapter_is_deleted_and_the_others_stay(client: TestClient, tmp_path: Path) -> None:
    assert client.post("/chapters/talk/delete").status_code == 200
    left = [path.name for path in (tmp_path / "output").iterdir() if path.is_dir()]
    assert sorted(name for name in left if not name.startswith(".")) == ["notes", "other"]
    assert not [name for name in left if name.startswith(".deleted")]
    assert (tmp_path / "output" / "library.js").read_text() == 'lectureLibrary(["other"]);\n'


@pytest.mark.parametrize("name", ["notes", "gone", "..", ".jobs", "%2e%2e"])
def test_nothing_but_a_chapter_is_deleted(client: TestClient, tmp_path: Path, name: str) -> None:
    assert client.post(f"/chapters/{name}/delete").status_code in (404, 405)
    assert (tmp_path / "output" / "notes").is_dir()
    assert (tmp_path / "output" / "talk").is_dir()


def test_the_folder_of_the_books_is_no_chapter(client: TestClient, tmp_path: Path) -> None:
    page = tmp_path / "output" / "books" / "render" / "index.html"  # a book called "Render"
    page.parent.mkdir(parents=True)
    page.write_text("the contents")
    assert client.post("/chapters/books/delete").status_code == 404
    assert page.is_file()
    assert '"books"' not in client.get("/library.js").text


def test_a_correction_whose_page_cannot_be_made_is_not_kept_and_names_no_path(
    work: Workspace,
) -> None:
    output, word = work.root.parent, work.read(OUTLINE).title.split()[0]
    with TestClient(create_app(output, ServeSettings()), base_url="http://127.0.0.1") as client:
        answer = client.post(
            f"/chapters/{work.root.name}/correct", json={"wrong": word, "right": "Other"}
        )
    assert answer.status_code == 500
    assert str(output) not in answer.text
    assert not (work.root / "corrections.json").exists()


def test_a_correction_that_the_chapter_could_not_be_rendered_with_is_not_kept(
    work: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolve, "open_existing", lambda *_: (work, None))
    monkeypatch.setattr(correcting, "own_config", lambda *_: None)
    for _ in range(6):
        add_correction(work, Correction(wrong="the", right="of of"))
        add_correction(work, Correction(wrong="of", right="the the"))
    kept = (work.root / "corrections.json").read_bytes()
    app = create_app(work.root.parent, ServeSettings())
    with TestClient(app, base_url="http://127.0.0.1") as client:
        answer = client.post(
            f"/chapters/{work.root.name}/correct", json={"wrong": "the", "right": "of " * 50}
        )
    assert answer.status_code == 500 and "add more than 1,000,000 letters" in answer.text
    assert (work.root / "corrections.json").read_bytes() == kept


def test_a_chapter_that_is_a_link_is_left_alone(client: TestClient, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "render"
    elsewhere.mkdir(parents=True)
    (elsewhere / "index.html").write_text("mine")
    (tmp_path / "output" / "link").symlink_to(tmp_path / "elsewhere")
    assert client.post("/chapters/link/delete").status_code == 404
    assert (elsewhere / "index.html").is_file()


def test_a_chapter_that_is_being_made_is_not_deleted(client: TestClient, tmp_path: Path) -> None:
    with hold(tmp_path / "output" / "talk"):
        answer = client.post("/chapters/talk/delete")
    assert (answer.status_code, "cancel that first" in answer.text) == (409, True)
    assert (tmp_path / "output" / "talk" / "render" / "index.html").is_file()


def test_another_page_deletes_nothing(client: TestClient, tmp_path: Path) -> None:
    answer = client.post("/chapters/talk/delete", headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403
    assert (tmp_path / "output" / "talk").is_dir()


def test_a_folder_is_opened_by_the_machines_own_program(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "xdg-open"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\nprintf "%s" "$1" > {tmp_path}/new && mv {tmp_path}/new {tmp_path}/opened\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.setattr("sys.platform", "linux")
    assert client.post("/chapters/talk/open").status_code == 200
    for _ in range(500):
        if (tmp_path / "opened").is_file():
            break
        time.sleep(0.02)
    assert (tmp_path / "opened").read_text() == str(tmp_path / "output" / "talk")


def test_a_folder_is_opened_for_nobody_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "talk").mkdir()
    app = create_app(tmp_path, ServeSettings())
    with TestClient(app, base_url="http://127.0.0.1:8000", client=("10.0.0.7", 5)) as client:
        assert client.post("/chapters/talk/open").status_code == 403


def test_a_page_that_is_not_there_has_a_way_back_for_people_only(client: TestClient) -> None:
    person = client.get("/gone/render/index.html", headers={"Accept": "text/html,*/*"})
    assert person.status_code == 404 and 'href="/"' in person.text
    program = client.get("/gone/render/index.html", headers={"Accept": "*/*"})
    assert (program.status_code, program.text) == (404, "Not Found")


@pytest.mark.parametrize("body", ["", "[]", '{"name": "x"}', '{"title": "%s"}' % ("x" * 201)])
def test_what_is_no_title_renames_nothing(client: TestClient, tmp_path: Path, body: str) -> None:
    assert client.post("/chapters/talk/rename", content=body).status_code == 400
    assert not (tmp_path / "output" / "talk" / "corrections.json").exists()


def test_a_chapter_that_is_being_made_is_not_renamed(client: TestClient, tmp_path: Path) -> None:
    with hold(tmp_path / "output" / "talk"):
        answer = client.post("/chapters/talk/rename", json={"title": "Other"})
    assert answer.status_code == 409

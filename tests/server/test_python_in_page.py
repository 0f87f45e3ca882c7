"""Pyodide's files and the worker, as the server gives them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pipeline.errors import ServeError
from pipeline.server.app import create_app
from pipeline.settings.serve import ServeSettings


def client(output: Path, pyodide: str | None) -> TestClient:
    app = create_app(output, ServeSettings(pyodide=pyodide))
    return TestClient(app, base_url="http://127.0.0.1:8000")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pyodide"
    made.mkdir()
    (made / "pyodide.mjs").write_text("export const here = 1;")
    (tmp_path / "secret.txt").write_text("secret")
    return made


def test_the_worker_may_reach_pyodide_and_minbpe_alone(tmp_path: Path, folder: Path) -> None:
    with client(tmp_path, str(folder)) as browser:
        policy = browser.get("/python/worker.js").headers["content-security-policy"]
    assert policy == (
        "default-src 'none'; "
        "script-src http://127.0.0.1:8000/python/pyodide/ 'wasm-unsafe-eval'; "
        "connect-src http://127.0.0.1:8000/python/pyodide/ http://127.0.0.1:8000/python/minbpe.zip"
    )


def test_an_address_on_the_web_takes_the_place_of_the_folder(tmp_path: Path) -> None:
    with client(tmp_path, "https://cdn.example/pyodide/full") as browser:
        policy = browser.get("/python/worker.js").headers["content-security-policy"]
        assert browser.get("/python/pyodide/pyodide.mjs").status_code == 404
    assert "script-src https://cdn.example/pyodide/full/ 'wasm-unsafe-eval'" in policy


def test_files_of_the_folder_are_given_and_no_others(tmp_path: Path, folder: Path) -> None:
    with client(tmp_path, str(folder)) as browser:
        script = browser.get("/python/pyodide/pyodide.mjs")
        assert script.headers["content-type"].startswith("text/javascript")
        assert browser.get("/python/pyodide/%2e%2e/secret.txt").status_code == 404


def test_minbpe_comes_as_an_archive(tmp_path: Path, folder: Path) -> None:
    with client(tmp_path, str(folder)) as browser:
        data = browser.get("/python/minbpe.zip").content
    assert "minbpe/basic.py" in zipfile.ZipFile(io.BytesIO(data)).namelist()


def test_without_pyodide_there_is_no_worker(tmp_path: Path) -> None:
    with client(tmp_path, None) as browser:
        assert browser.get("/python/worker.js").status_code == 404


def test_a_folder_without_pyodide_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match=r"holds no pyodide\.mjs"):
        create_app(tmp_path, ServeSettings(pyodide=str(tmp_path)))

"""Where the published files are looked for, and what is said when they are nowhere."""

from __future__ import annotations

import subprocess
import sys
from hashlib import sha1, sha256
from pathlib import Path

import pytest
import tiktoken.load

from minbpe import GPT4Tokenizer
from minbpe.published import PublishedFile, fetch

CONTENT = b"IQ== 0\n"
SOURCE = PublishedFile("https://example.org/files/tiny.tiktoken", sha256(CONTENT).hexdigest())


def no_network(*_: str) -> bytes:
    raise ConnectionError("no network in tests")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tiktoken.load, "read_file_cached", no_network)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("name", ["tiny.tiktoken", sha1(SOURCE.url.encode()).hexdigest()])
def test_the_cache_folder_is_honoured(folder: Path, name: str) -> None:
    (folder / name).write_bytes(CONTENT)
    assert fetch(SOURCE, "ranks_file") == CONTENT


def test_a_cached_file_that_is_not_whole_is_not_used(folder: Path) -> None:
    (folder / "tiny.tiktoken").write_bytes(CONTENT[:3])
    with pytest.raises(FileNotFoundError):
        fetch(SOURCE, "ranks_file")


def test_tiktoken_is_asked_when_the_folder_has_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiktoken.load, "read_file_cached", lambda url, _: url.encode())
    assert fetch(SOURCE, "ranks_file") == SOURCE.url.encode()


def test_an_empty_name_switches_the_cache_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiktoken.load, "read_file_cached", no_network)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "")
    with pytest.raises(FileNotFoundError):
        fetch(SOURCE, "ranks_file")


def test_without_ranks_the_error_says_how_to_provide_them(folder: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        GPT4Tokenizer()
    for hint in ("cl100k_base.tiktoken", "https://", "ranks_file", "TIKTOKEN_CACHE_DIR"):
        assert hint in str(caught.value)


def test_importing_needs_neither_tiktoken_nor_numpy() -> None:
    code = "import sys, minbpe; sys.exit(bool({'tiktoken', 'numpy', 'requests'} & {*sys.modules}))"
    subprocess.run([sys.executable, "-c", code], check=True)

"""Published vocabularies are known by their content, and fetched once where they are needed."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from minbpe.published import GPT2_VOCAB_BPE, PublishedFile
from pipeline.cells.oracles.vocabularies import (
    cache_name,
    fetch_vocabularies,
    find_vocabularies,
    wanted_by,
)
from tests.shared import shared

CONTENT = b"#version: 0.2\n"


@pytest.fixture
def address() -> Iterator[str]:
    """A server that has one file."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(CONTENT)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/vocab.bpe"
    server.shutdown()
    server.server_close()


def test_a_file_is_known_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    file = shared("media/tokenizer/gpt2-vocab.bpe")
    found = find_vocabularies([file], {"TIKTOKEN_CACHE_DIR": str(tmp_path)})
    assert found == {GPT2_VOCAB_BPE: file.resolve()}


def test_a_file_of_that_name_with_other_content_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "vocab.bpe").write_bytes(CONTENT)
    assert find_vocabularies([tmp_path / "vocab.bpe"], {"TIKTOKEN_CACHE_DIR": "/nowhere"}) == {}


def test_a_file_is_fetched_to_where_tiktoken_finds_it(tmp_path: Path, address: str) -> None:
    source = PublishedFile(address, hashlib.sha256(CONTENT).hexdigest())
    fetched = fetch_vocabularies([source], {"TIKTOKEN_CACHE_DIR": str(tmp_path)})
    assert fetched == {source: tmp_path / cache_name(source)}
    assert (tmp_path / cache_name(source)).read_bytes() == CONTENT


def test_a_file_that_is_not_the_published_one_is_not_kept(tmp_path: Path, address: str) -> None:
    source = PublishedFile(address, "0" * 64)
    assert fetch_vocabularies([source], {"TIKTOKEN_CACHE_DIR": str(tmp_path)}) == {}
    assert list(tmp_path.iterdir()) == []


def test_without_a_network_nothing_is_fetched_and_nothing_fails(tmp_path: Path) -> None:
    source = PublishedFile("http://127.0.0.1:9/vocab.bpe", "0" * 64)
    assert fetch_vocabularies([source], {"TIKTOKEN_CACHE_DIR": str(tmp_path)}) == {}


def test_a_chapter_that_names_no_tokenizer_wants_none() -> None:
    assert wanted_by("We sort a list of tokens.") == ()
    assert len(wanted_by("import tiktoken; tiktoken.get_encoding('o200k_base')")) == 4

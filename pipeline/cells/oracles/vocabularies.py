"""The published vocabularies of GPT-2, GPT-4 and GPT-4o, which cells and oracles need."""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import tempfile
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path

from minbpe.published import ENCODINGS, GPT2_ENCODER_JSON, GPT2_VOCAB_BPE, PublishedFile
from pipeline.engine.files import sha256_of, write_atomic
from pipeline.errors import WorkspaceError

_GPT2 = (GPT2_VOCAB_BPE, GPT2_ENCODER_JSON)
_CL100K, _O200K = ENCODINGS["cl100k_base"].source, ENCODINGS["o200k_base"].source
_SOURCES = (*_GPT2, _CL100K, _O200K)
_LARGEST = 16 << 20  # o200k_base, the largest, has 3.6 MB
_TIMEOUT_S = 15.0  # for each answer of the server; without it the check goes on
_USES = re.compile(r"\b(?:tiktoken|GPT2Tokenizer|GPT4Tokenizer)\b")


def wanted_by(text: str) -> tuple[PublishedFile, ...]:
    """The vocabularies that a chapter's code or prose is about; none when it names no tokenizer.

    >>> [file_name(source) for source in wanted_by("enc = tiktoken.get_encoding('gpt2')")]
    ['vocab.bpe', 'encoder.json', 'cl100k_base.tiktoken']
    """
    if not _USES.search(text):
        return ()
    return (*_GPT2, _CL100K, *((_O200K,) if "o200k" in text or "gpt-4o" in text else ()))


def find_vocabularies(
    files: Iterable[Path], environment: Mapping[str, str] = os.environ
) -> dict[PublishedFile, Path]:
    """The published files among ``files`` and in tiktoken's cache, known by their content.

    Args:
        files: data files of the lecture; their names do not matter.
        environment: where ``TIKTOKEN_CACHE_DIR`` may name the cache.
    """
    found: dict[PublishedFile, Path] = {}
    wanted = {source.sha256: source for source in _SOURCES}
    folder = cache_folder(environment)
    cached = [folder / name for one in _SOURCES for name in (cache_name(one), file_name(one))]
    for file in [*files, *cached]:
        if file.is_file() and file.stat().st_size <= _LARGEST:
            source = wanted.get(sha256_of(file))
            if source is not None:
                found.setdefault(source, file.resolve())
    return found


def fetch_vocabularies(
    sources: Iterable[PublishedFile], environment: Mapping[str, str] = os.environ
) -> dict[PublishedFile, Path]:
    """Download ``sources`` into tiktoken's cache; those that came, which may be none (offline).

    Args:
        environment: where ``TIKTOKEN_CACHE_DIR`` may name the cache.
    """
    fetched: dict[PublishedFile, Path] = {}
    for source in sources:
        path = cache_folder(environment) / cache_name(source)
        try:
            with urllib.request.urlopen(source.url, timeout=_TIMEOUT_S) as reply:
                data = reply.read(_LARGEST)
            if hashlib.sha256(data).hexdigest() != source.sha256:
                break
            write_atomic(path, data)
        except (OSError, http.client.HTTPException, WorkspaceError):
            break  # what one file meets, the next one will meet too
        fetched[source] = path
    return fetched


def cache_folder(environment: Mapping[str, str]) -> Path:
    """The folder in which tiktoken keeps what it downloads."""
    return Path(
        environment.get("TIKTOKEN_CACHE_DIR")
        or environment.get("DATA_GYM_CACHE_DIR")
        or Path(tempfile.gettempdir()) / "data-gym-cache"
    )


def cache_name(source: PublishedFile) -> str:
    """The name under which tiktoken's cache keeps a file: the SHA-1 of its address."""
    return hashlib.sha1(source.url.encode("utf-8")).hexdigest()


def file_name(source: PublishedFile) -> str:
    """The last part of the file's address: ``cl100k_base.tiktoken``, ``vocab.bpe``."""
    return source.url.rpartition("/")[2]

"""The published vocabularies (GPT-2, GPT-4, GPT-4o) on this machine; none is downloaded."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from hashlib import sha1
from pathlib import Path

from minbpe.published import ENCODINGS, GPT2_ENCODER_JSON, GPT2_VOCAB_BPE, Source
from pipeline.files import sha256_of

_SOURCES = (*(one.source for one in ENCODINGS.values()), GPT2_VOCAB_BPE, GPT2_ENCODER_JSON)
_LARGEST = 16 << 20


def find_vocabularies(
    files: Iterable[Path], environment: Mapping[str, str] = os.environ
) -> dict[Source, Path]:
    """The published files among ``files`` and in tiktoken's cache, known by their content.

    Args:
        files: data files of the lecture; their names do not matter.
        environment: where ``TIKTOKEN_CACHE_DIR`` may name the cache.
    """
    found: dict[Source, Path] = {}
    wanted = {source.sha256: source for source in _SOURCES}
    for file in [*files, *_cached(environment)]:
        if file.is_file() and file.stat().st_size <= _LARGEST:
            source = wanted.get(sha256_of(file))
            if source is not None:
                found.setdefault(source, file.resolve())
    return found


def cache_name(source: Source) -> str:
    """The name under which tiktoken's cache keeps a file: the SHA-1 of its address."""
    return sha1(source.url.encode("utf-8")).hexdigest()


def file_name(source: Source) -> str:
    """The last part of the file's address: ``cl100k_base.tiktoken``, ``vocab.bpe``."""
    return source.url.rpartition("/")[2]


def _cached(environment: Mapping[str, str]) -> list[Path]:
    folder = (
        environment.get("TIKTOKEN_CACHE_DIR")
        or environment.get("DATA_GYM_CACHE_DIR")
        or str(Path(tempfile.gettempdir()) / "data-gym-cache")
    )
    names = [name for source in _SOURCES for name in (cache_name(source), file_name(source))]
    return [Path(folder) / name for name in names]

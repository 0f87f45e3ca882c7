"""The published encodings, and where their files are.

Addresses, hashes, patterns and special tokens are facts about tiktoken 0.14, from its
`tiktoken_ext/openai_public.py`.
"""

from __future__ import annotations

import os
import tempfile
from hashlib import sha1, sha256
from pathlib import Path
from typing import NamedTuple

from minbpe.patterns import CL100K_BASE_PATTERN, O200K_BASE_PATTERN

_HOST = "https://openaipublic.blob.core.windows.net"


class PublishedFile(NamedTuple):
    """A published file."""

    url: str
    sha256: str


class Encoding(NamedTuple):
    """A published encoding that has a rank file."""

    source: PublishedFile
    pattern: str
    special_tokens: dict[str, int]


ENCODINGS = {
    "cl100k_base": Encoding(
        PublishedFile(
            f"{_HOST}/encodings/cl100k_base.tiktoken",
            "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
        ),
        CL100K_BASE_PATTERN,
        {
            "<|endoftext|>": 100257,
            "<|fim_prefix|>": 100258,
            "<|fim_middle|>": 100259,
            "<|fim_suffix|>": 100260,
            "<|endofprompt|>": 100276,
        },
    ),
    "o200k_base": Encoding(
        PublishedFile(
            f"{_HOST}/encodings/o200k_base.tiktoken",
            "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
        ),
        O200K_BASE_PATTERN,
        {"<|endoftext|>": 199999, "<|endofprompt|>": 200018},
    ),
}

GPT2_VOCAB_BPE = PublishedFile(
    f"{_HOST}/gpt-2/encodings/main/vocab.bpe",
    "1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5",
)
GPT2_ENCODER_JSON = PublishedFile(
    f"{_HOST}/gpt-2/encodings/main/encoder.json",
    "196139668be63f3b5d6574427317ae82f612a97c5d1cdaf36ed2256dbf636783",
)
GPT2_SPECIAL_TOKENS = {"<|endoftext|>": 50256}


def fetch(source: PublishedFile, argument: str) -> bytes:
    """Return the content of `source`: from tiktoken's cache folder, or through tiktoken.

    Raises FileNotFoundError when neither has it; the message tells what to do, `argument` being
    what the caller takes a file by.
    """
    cached = _cached(source)
    if cached is not None:
        return cached
    try:
        from tiktoken.load import read_file_cached

        return read_file_cached(source.url, source.sha256)
    except Exception as error:  # tiktoken lets through whatever its downloader raises
        name = source.url.rpartition("/")[2]
        raise FileNotFoundError(
            f"{name} is not on this machine and could not be downloaded ({type(error).__name__}). "
            f"Download {source.url} where there is a network, and pass its path as {argument}, "
            f"or put it in a folder and set TIKTOKEN_CACHE_DIR to that folder."
        ) from error


def _cached(source: PublishedFile) -> bytes | None:
    """Return the cached file when there is one and it is whole.

    tiktoken names it by the SHA-1 of its address; a file under its own name is as good.
    """
    folder = _cache_folder()
    if folder is None:
        return None
    for name in (sha1(source.url.encode()).hexdigest(), source.url.rpartition("/")[2]):
        path = folder / name
        if path.is_file() and sha256(data := path.read_bytes()).hexdigest() == source.sha256:
            return data
    return None


def _cache_folder() -> Path | None:
    """Return the folder tiktoken would use; None when caching is switched off by an empty name."""
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if variable in os.environ:
            return Path(os.environ[variable]) if os.environ[variable] else None
    return Path(tempfile.gettempdir()) / "data-gym-cache"

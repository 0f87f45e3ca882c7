"""How many tokens a text is: by the model's own tokenizer where it is at hand, else by estimate."""

from __future__ import annotations

import functools
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from pipeline.llm.chat import Message, MessagePicture
from pipeline.llm.special_tokens import escape
from pipeline.llm.token_estimate import CL100K, estimate

# OpenAI's cookbook counts 3 to 4 for the frame of a message; a chat template of other models writes
# a sentence there at most.
_PER_MESSAGE = 4
_MOST_PER_MESSAGE = 64
# Of OpenAI's models gpt-4o-mini counts most for a picture: 2,833, and 5,667 a tile, for 85 and 170.
_MOST_PICTURE_RATIO = 34
_TILE = 512
_ENCODING_FILES = {
    "o200k_base": "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken",
    "cl100k_base": "https://openaipublic.blob.core.windows.net/encodings/cl100k_base.tiktoken",
}


def counter_for(model: str) -> Callable[[str], int]:
    """A function that counts the tokens of a text for ``model``.

    The exact one when tiktoken knows the model and its vocabulary lies in tiktoken's cache
    (``TIKTOKEN_CACHE_DIR``); nothing is fetched, since counting must not need a network.
    """
    name = _encoding_of(model)
    return _exact(name) or functools.partial(estimate_tokens, encoding=name or CL100K)


def estimate_tokens(text: str, encoding: str = CL100K) -> int:
    """Tokens of ``text`` without a tokenizer (see ``token_estimate``)."""
    return estimate(text, encoding)


def picture_tokens(width: int, height: int) -> int:
    """Tokens of a picture as OpenAI counts high detail: 85, and 170 for each 512-pixel tile."""
    tiles = -(-width // _TILE) * -(-height // _TILE)
    return 85 + 170 * tiles


def message_tokens(messages: Iterable[Message], count: Callable[[str], int]) -> int:
    """Tokens of a whole question, pictures included."""
    total = 0
    for message in messages:
        total += _PER_MESSAGE
        for part in message.parts:
            if isinstance(part, MessagePicture):
                total += picture_tokens(part.width, part.height)
            else:
                total += count(escape(part))
    return total


def most_message_tokens(messages: Iterable[Message]) -> int:
    """More tokens than any server can count for a whole question.

    A token is at least one byte of the text. For pictures some models count up to 33 times what
    others do (gpt-4o-mini against gpt-4o, by OpenAI's list).
    """
    total = 0
    for message in messages:
        total += _MOST_PER_MESSAGE
        for part in message.parts:
            if isinstance(part, MessagePicture):
                total += _MOST_PICTURE_RATIO * picture_tokens(part.width, part.height)
            else:
                total += len(escape(part).encode("utf-8", "replace"))
    return total


def _encoding_of(model: str) -> str | None:
    """The name of the model's encoding; None for a model that is not OpenAI's."""
    import tiktoken

    try:
        return tiktoken.encoding_name_for_model(model.rsplit("/", 1)[-1])
    except KeyError:
        return None


@functools.cache
def _exact(name: str | None) -> Callable[[str], int] | None:
    import tiktoken

    if name not in _ENCODING_FILES or not _is_cached(_ENCODING_FILES[name]):
        return None
    encoding = tiktoken.get_encoding(name)
    return lambda text: len(encoding.encode_ordinary(text))


def _is_cached(address: str) -> bool:
    """Whether tiktoken has the file: it names it by the SHA-1 of its address."""
    folder = os.environ.get("TIKTOKEN_CACHE_DIR") or os.environ.get("DATA_GYM_CACHE_DIR")
    cache = Path(folder) if folder else Path(tempfile.gettempdir()) / "data-gym-cache"
    name = hashlib.sha1(address.encode(), usedforsecurity=False).hexdigest()
    return (cache / name).is_file()

"""Special tokens: strings that stand for one id and never go through the merges."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Literal

AllowedSpecial = Literal["all", "none", "none_raise"] | Collection[str]
"""Which special tokens in a text become their ids; see `allowed_tokens`."""


def allowed_tokens(
    text: str, special_tokens: Mapping[str, int], allowed_special: AllowedSpecial
) -> dict[str, int]:
    """Return those of `special_tokens` that `encode` may recognise in `text`.

    * "all": every one.
    * "none": no one; their text is encoded like any other text.
    * "none_raise": no one, and a ValueError if `text` contains one: text from outside must not
      be able to slip in a control token unnoticed.
    * a set of names: these, and a ValueError if `text` contains one of the others.

    >>> allowed_tokens("a<|end|>", {"<|end|>": 300}, "all")
    {'<|end|>': 300}
    >>> allowed_tokens("a<|end|>", {"<|end|>": 300}, "none")
    {}
    """
    if isinstance(allowed_special, str):
        if allowed_special == "all":
            return dict(special_tokens)
        if allowed_special == "none":
            return {}
        if allowed_special != "none_raise":
            raise ValueError(
                f"allowed_special is {allowed_special!r}; "
                "it must be 'all', 'none', 'none_raise' or a set of special tokens"
            )
        allowed_special = ()
    allowed = {name: idx for name, idx in special_tokens.items() if name in allowed_special}
    for name in special_tokens:
        if name not in allowed and name in text:
            raise ValueError(
                f"the text contains the special token {name!r}; pass allowed_special='all' to "
                "encode it as its id, or allowed_special='none' to encode it as plain text"
            )
    return allowed


def split_at(text: str, tokens: Collection[str]) -> Iterator[str]:
    """Yield `text` in parts, so that each of `tokens` found in it is a part of its own.

    Where two of them start at the same place, the longer one is taken. Parts are never empty.

    >>> list(split_at("x<|a|><|a|>!", ["<|a|>", "<|a|>!"]))
    ['x', '<|a|>', '<|a|>!']
    """
    if not tokens:
        parts = [text]
    else:
        longest_first = sorted(tokens, key=len, reverse=True)
        parts = re.split(f"({'|'.join(map(re.escape, longest_first))})", text)
    yield from filter(None, parts)


def check_special_tokens(special_tokens: Mapping[str, int], vocab: Mapping[int, bytes]) -> None:
    """Raise ValueError when a special token is empty or its id is taken or negative."""
    names: dict[int, str] = {}
    for name, idx in special_tokens.items():
        if not name:
            raise ValueError("a special token must not be the empty string")
        if idx < 0:
            raise ValueError(f"special token {name!r} has the negative id {idx}")
        if idx in vocab:
            raise ValueError(f"special token {name!r} has id {idx}, which is {vocab[idx]!r}")
        if idx in names:
            raise ValueError(f"special tokens {names[idx]!r} and {name!r} share id {idx}")
        names[idx] = name

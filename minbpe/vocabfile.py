"""The `.vocab` file: every token as a person can read it. Nothing reads it back.

One line per token, a merge with the two tokens it was made of:

    [a] 97
    [a][b] -> [ab] 256
    [<|end|>] 257
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from pathlib import Path

from minbpe.pairs import Pair


def write_vocab(
    path: Path,
    vocab: Mapping[int, bytes],
    merges: Mapping[Pair, int],
    special_tokens: Mapping[str, int],
) -> None:
    """Write the tokens to `path`, the bytes first, then the merges, then the special tokens."""
    made_of = {idx: pair for pair, idx in merges.items()}
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for idx, token in vocab.items():
            if idx in made_of:
                left, right = (readable(vocab[half]) for half in made_of[idx])
                file.write(f"[{left}][{right}] -> [{readable(token)}] {idx}\n")
            else:
                file.write(f"[{readable(token)}] {idx}\n")
        for name, idx in special_tokens.items():
            file.write(f"[{readable(name.encode())}] {idx}\n")


def readable(token: bytes) -> str:
    r"""Return `token` as text on one line: control characters escaped, broken UTF-8 as U+FFFD.

    >>> readable(b"caf\xc3\xa9\n"), readable(b"\xc3")
    ('café\\u000a', '\ufffd')
    """
    text = token.decode("utf-8", errors="replace")
    return "".join(
        f"\\u{ord(character):04x}" if unicodedata.category(character)[0] == "C" else character
        for character in text
    )

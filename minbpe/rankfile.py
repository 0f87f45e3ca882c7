"""Read the published vocabularies: tiktoken's rank files and GPT-2's pair of files.

All of them come down to one dict, from the bytes of a token to its rank. The rank is the id, and
the lower rank merges first.
"""

from __future__ import annotations

import json
from binascii import Error, a2b_base64

from minbpe.pairs import Pair


def parse_ranks(data: bytes, name: str) -> dict[bytes, int]:
    """Return the ranks in a `.tiktoken` file: a token in base64, a space, its rank, per line.

    Raises ValueError naming `name` and the line when a line is not of that form, or when a token
    or a rank comes twice.

    >>> parse_ranks(b"IQ== 0\\nIg== 1\\nISI= 2\\n", "tiny.tiktoken")
    {b'!': 0, b'"': 1, b'!"': 2}
    """
    ranks: dict[bytes, int] = {}
    lines = data.splitlines()
    for number, line in enumerate(lines, start=1):
        try:
            token, rank = line.split(b" ")
            ranks[a2b_base64(token, strict_mode=True)] = int(rank)
        except (ValueError, Error) as error:
            message = f"{name}, line {number}: expected a token in base64 and its rank: {error}"
            raise ValueError(message) from error
        if len(ranks) < number:
            raise ValueError(f"{name}, line {number}: this token has a rank already")
    if len(set(ranks.values())) < len(ranks):
        raise ValueError(f"{name}: two tokens have the same rank")
    return ranks


def byte_of_character() -> dict[str, int]:
    """Return the byte that each character of GPT-2's files stands for.

    The files are text, so every byte needs a visible character: a byte that is one in Latin-1
    stands for itself, and the other 68, in order, take the characters from U+0100 on. A space,
    the 33rd of these, is U+0120.

    >>> byte_of_character()["A"], byte_of_character()["Ġ"]
    (65, 32)
    """
    visible = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    hidden = [byte for byte in range(256) if byte not in visible]
    characters = {chr(byte): byte for byte in visible}
    return characters | {chr(256 + n): byte for n, byte in enumerate(hidden)}


def parse_gpt2(
    vocab_bpe: bytes, encoder_json: bytes, special_tokens: dict[str, int]
) -> tuple[dict[bytes, int], dict[Pair, int]]:
    """Return the ranks and the merges in GPT-2's `vocab.bpe` and `encoder.json`.

    `vocab.bpe` lists the merges, earliest first, after a line with its version; `encoder.json`
    gives each token its id, the special ones included. Raises ValueError when one of them cannot
    be read or they do not belong together.
    """
    byte_of = byte_of_character()

    def token(text: str) -> bytes:
        return bytes(byte_of[character] for character in text)

    try:
        encoder = json.loads(encoder_json)
        ranks = {token(text): idx for text, idx in encoder.items() if text not in special_tokens}
        lines = vocab_bpe.decode("utf-8").splitlines()[1:]
        halves = [(token(left), token(right)) for left, right in map(str.split, lines)]
        merges = {(ranks[left], ranks[right]): ranks[left + right] for left, right in halves}
    except (KeyError, ValueError, AttributeError) as error:
        raise ValueError(f"vocab.bpe and encoder.json do not fit together: {error!r}") from error
    if list(merges.values()) != list(range(256, len(ranks))):
        raise ValueError("vocab.bpe and encoder.json disagree on the order of the merges")
    return ranks, merges

"""Small stand-ins for the published vocabularies, so that no test needs the network."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

from minbpe import GPT4_SPLIT_PATTERN, RegexTokenizer
from minbpe.ranked import recover_merges
from minbpe.rankfile import byte_of_character

LESSON = (
    "It's the lecturer's text: THE CAT'S hat, 안녕하세요, 123456 and  two  spaces, naïve café 👋👋"
    "\n\n\tfor token in tokens:\r\n        print(token)   # the token, the tokens' order ...   \n"
)


def tiny_ranks(num_merges: int = 100) -> dict[bytes, int]:
    """Ranks of a small vocabulary whose bytes are numbered in GPT-2's order, not 0 to 255."""
    tokenizer = RegexTokenizer(GPT4_SPLIT_PATTERN)
    tokenizer.train(LESSON, 256 + num_merges)
    ranks = {bytes([byte]): rank for rank, byte in enumerate(byte_of_character().values())}
    return ranks | {token: idx for idx, token in tokenizer.vocab.items() if idx >= 256}


def write_rank_file(path: Path, ranks: dict[bytes, int]) -> Path:
    """Write `ranks` as a `.tiktoken` file."""
    lines = (f"{b64encode(token).decode()} {rank}\n" for token, rank in ranks.items())
    path.write_text("".join(lines), encoding="utf-8")
    return path


def write_gpt2_files(folder: Path, ranks: dict[bytes, int]) -> tuple[Path, Path]:
    """Write `ranks` as `vocab.bpe` and `encoder.json`, and return their paths."""
    character = {byte: text for text, byte in byte_of_character().items()}
    text = {rank: "".join(character[byte] for byte in token) for token, rank in ranks.items()}
    merges = "".join(f"{text[left]} {text[right]}\n" for left, right in recover_merges(ranks))
    vocab_bpe, encoder_json = folder / "vocab.bpe", folder / "encoder.json"
    vocab_bpe.write_text("#version: 0.2\n" + merges, encoding="utf-8")
    encoder = {token: rank for rank, token in text.items()} | {"<|endoftext|>": 50256}
    encoder_json.write_text(json.dumps(encoder), encoding="utf-8")
    return vocab_bpe, encoder_json

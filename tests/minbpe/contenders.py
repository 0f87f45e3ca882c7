"""The tokenizers that minbpe is timed against, all trained and fed the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

import tiktoken

from minbpe import GPT4_SPLIT_PATTERN, RegexTokenizer, get_stats, merge
from minbpe.ranked import RankTokenizer

Trainer = Callable[[str, int], Any]
"""Takes a text and a vocabulary size, and returns a tokenizer with an `encode`."""


def train_minbpe(text: str, vocab_size: int) -> RegexTokenizer:
    """Train the regex kind."""
    tokenizer = RegexTokenizer()
    tokenizer.train(text, vocab_size)
    return tokenizer


def train_tokenizers(text: str, vocab_size: int) -> Any:
    """Train Hugging Face's BPE with GPT-4's pattern, over bytes."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    split = pre_tokenizers.Split(Regex(GPT4_SPLIT_PATTERN), "isolated")
    to_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, to_bytes])
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size, show_progress=False, initial_alphabet=alphabet
    )
    tokenizer.train_from_iterator([text], trainer)
    return tokenizer


def train_rustbpe(text: str, vocab_size: int) -> Any:
    """Train rustbpe with GPT-4's pattern."""
    import rustbpe

    tokenizer = rustbpe.Tokenizer()
    tokenizer.train_from_iterator([text], vocab_size, pattern=GPT4_SPLIT_PATTERN)
    return tokenizer


def trainers() -> dict[str, Trainer]:
    """minbpe, and those of the others that are installed."""
    others = {"tokenizers": train_tokenizers, "rustbpe": train_rustbpe}
    return {"minbpe": train_minbpe} | {name: others[name] for name in others if find_spec(name)}


def tiktoken_with(tokenizer: RankTokenizer) -> tiktoken.Encoding:
    """tiktoken with the ranks, the pattern and the special tokens of `tokenizer`."""
    return tiktoken.Encoding(
        "same",
        pat_str=tokenizer.pattern,
        mergeable_ranks={token: rank for rank, token in tokenizer.vocab.items()},
        special_tokens=tokenizer.special_tokens,
    )


def lecture_loop(pieces: Sequence[str], num_merges: int) -> dict[tuple[int, int], int]:
    """Train as the lecture walks through it: count every pair again for every merge."""
    texts = [list(piece.encode()) for piece in pieces]
    merges = {}
    for idx in range(256, 256 + num_merges):
        counts: dict[tuple[int, int], int] = {}
        for ids in texts:
            get_stats(ids, counts)
        pair = max(counts, key=counts.__getitem__)
        merges[pair] = idx
        texts = [merge(ids, pair, idx) for ids in texts]
    return merges

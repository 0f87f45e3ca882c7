"""The tokenizer: hostile files are refused by line, and any text comes back as it went in."""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

from minbpe import BasicTokenizer, RegexTokenizer
from minbpe.rankfile import parse_gpt2, parse_ranks
from minbpe.vocabfile import readable
from tests.fuzz.target import Target, text_of
from tests.minbpe import naive

_MODEL = b"minbpe v1\n\\w+|\\W\n1\n<|end|> 400\n97 97\n256 97\n257 98\n"
_LONGEST_NAIVE = 60


def model(data: bytes) -> None:
    """A file is loaded whole, or refused with its name and line; what loads is saved alike."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "hostile.model"
        path.write_bytes(data)
        for tokenizer in (BasicTokenizer(), RegexTokenizer(r"\w")):
            try:
                tokenizer.load(path)
            except ValueError as error:
                assert "hostile.model, line " in str(error)
                assert not tokenizer.merges
                continue
            assert sum(map(len, tokenizer.vocab.values())) <= 1 << 28
            tokenizer.save(Path(name) / "again")
            loaded = type(tokenizer)()
            loaded.load(Path(name) / "again.model")
            assert loaded.merges == tokenizer.merges
            assert loaded.special_tokens == tokenizer.special_tokens
            ids = list(tokenizer.vocab)[:400]
            tokenizer.decode(ids)
            tokenizer.visualise(ids)


def text(data: bytes) -> None:
    """Trained on any text, it gives the text back, and merges as the slow and obvious way does."""
    said = data.decode("utf-8", "replace")
    for tokenizer in (BasicTokenizer(), RegexTokenizer()):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tokenizer.train(said, 256 + 12)
        ids = tokenizer.encode(said)
        assert tokenizer.decode(ids) == said
        pieces = list(tokenizer._pieces(said))
        if len(said) <= _LONGEST_NAIVE:
            assert tokenizer.merges == naive.train(pieces, 12)
            assert ids == naive.encode(pieces, tokenizer.merges)
    readable(data)


def ranks(data: bytes) -> None:
    """Published vocabularies: ranks, or a ValueError."""
    vocab, _, encoder = data.partition(b"\n====\n")
    for attempt in (
        lambda: parse_ranks(data, "hostile.tiktoken"),
        lambda: parse_gpt2(vocab, encoder, {"<|endoftext|>": 256}),
    ):
        try:
            attempt()
        except ValueError as error:
            assert str(error)


def special(data: bytes) -> None:
    """Special tokens of any spelling are found in any text, and never by accident."""
    said = text_of(data)
    tokenizer = BasicTokenizer()
    names = {name: 300 + n for n, name in enumerate(dict.fromkeys(said.split()[:5]))}
    tokenizer.register_special_tokens(names)
    assert tokenizer.decode(tokenizer.encode(said, "all")) == said
    assert tokenizer.decode(tokenizer.encode(said, "none")) == said


TARGETS = (
    Target("model", model, (_MODEL, b"minbpe v1\n\n0\n97 97\n", _MODEL.replace(b"\n", b"\r\n"))),
    Target("tokenizer", text, ("aaabdaaabac é안 👋\r\n's 123".encode(),)),
    Target(
        "ranks",
        ranks,
        (b"IQ== 0\nIg== 1\nISI= 2\n", b'#version: 0.2\na b\n====\n{"a": 0, "b": 1, "ab": 2}'),
    ),
    Target("special", special, (b"<|end|> <|end|>! hi",)),
)

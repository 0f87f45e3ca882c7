"""GPT-4's and GPT-2's tokenizers: tiktoken's ids, on a small vocabulary and on the real ones."""

from __future__ import annotations

import ast
import csv
import unicodedata
from functools import cache
from pathlib import Path

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from minbpe import GPT2Tokenizer, GPT4Tokenizer
from minbpe.published import ENCODINGS
from minbpe.ranked import RankTokenizer, recover_merges
from tests.minbpe.published import LESSON, tiny_ranks, write_gpt2_files, write_rank_file
from tests.minbpe.texts import texts
from tests.shared import shared

# (tokenizer, the vectors that hold its ids)
REAL = [("cl100k_base", "cl100k_base"), ("o200k_base", "o200k_base"), ("gpt2", "r50k_base")]


@cache
def tokenizer(name: str) -> RankTokenizer:
    """The real tokenizer of that name, from the published files; or "tiny", made here."""
    if name == "tiny":
        _, pattern, special_tokens = ENCODINGS["cl100k_base"]
        return RankTokenizer(tiny_ranks(), pattern, special_tokens)
    if name == "gpt2":
        folder = shared("media/tokenizer")
        return GPT2Tokenizer(folder / "gpt2-vocab.bpe", folder / "gpt2-encoder.json")
    return GPT4Tokenizer(shared(f"media/tokenizer/{name}.tiktoken"), name=name)


@cache
def oracle(name: str) -> tiktoken.Encoding:
    """tiktoken with the same ranks, pattern and special tokens."""
    ours = tokenizer(name)
    ranks = {token: rank for rank, token in ours.vocab.items()}
    return tiktoken.Encoding(
        f"{name}-oracle",
        pat_str=ours.pattern,
        mergeable_ranks=ranks,
        special_tokens=ours.special_tokens,
    )


def known_everywhere(text: str) -> bool:
    """Whether every character is as old as Python's own Unicode tables.

    Whether a younger one counts as a letter depends on the Unicode version of each package.
    """
    return all(unicodedata.category(character) != "Cn" for character in text)


@pytest.mark.parametrize("name", ["tiny", "cl100k_base", "o200k_base", "gpt2"])
@settings(max_examples=200, deadline=None)
@given(text=texts.filter(known_everywhere) | st.sampled_from(LESSON.split(",")))
def test_ids_are_those_of_tiktoken(name: str, text: str) -> None:
    ours, theirs = tokenizer(name), oracle(name)
    ids = ours.encode(text, allowed_special="all")
    assert ids == theirs.encode(text, allowed_special="all")
    assert ours.encode(text, allowed_special="none") == theirs.encode_ordinary(text)
    assert ours.decode(ids) == text


@pytest.mark.parametrize("name", ["tiny", "cl100k_base"])
@pytest.mark.parametrize("text", ["a" * 300, "\ud800", "x\udc00y", "tail \n\n  ", " " * 300 + "x"])
def test_long_pieces_half_characters_and_white_space_at_the_end(name: str, text: str) -> None:
    assert tokenizer(name).encode(text) == oracle(name).encode(text)


@pytest.mark.parametrize(("name", "vectors"), REAL)
def test_every_row_of_the_vectors(name: str, vectors: str) -> None:
    path = shared(f"media/tokenizer/jtokkit_{vectors}_encodings.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 400
    for row in rows:
        ids = tokenizer(name).encode(row["input"], allowed_special="none")
        assert ids == ast.literal_eval(row["output"])
        assert tokenizer(name).decode(ids) == row["input"]


def test_gpt2_lists_the_merges_that_its_ranks_imply() -> None:
    gpt2 = tokenizer("gpt2")
    assert recover_merges(gpt2._ranks) == gpt2.merges
    assert list(gpt2.merges.values()) == list(range(256, 50256))


def test_the_example_of_the_lecture() -> None:
    text = "hello world!!!? (안녕하세요!) lol123 😉"
    ids = [15339, 1917, 12340, 30, 320, 31495, 230, 75265, 243, 92245, 16715, 28509, 4513, 57037]
    assert tokenizer("cl100k_base").encode(text) == ids


def test_merges_are_recovered_through_the_byte_shuffle() -> None:
    ours = tokenizer("tiny")
    assert list(ours.merges.values()) == list(range(256, 256 + 100))
    for (left, right), idx in ours.merges.items():
        assert ours.vocab[left] + ours.vocab[right] == ours.vocab[idx]
    assert ours.vocab[0] == b"!"


def test_a_token_that_no_merge_makes_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"token 256, b'abc'"):
        recover_merges({bytes([byte]): byte for byte in range(256)} | {b"abc": 256})


def test_ranks_come_from_a_file(tmp_path: Path) -> None:
    ours = GPT4Tokenizer(ranks_file=write_rank_file(tmp_path / "tiny.tiktoken", tiny_ranks()))
    assert ours.encode("the token") == tokenizer("tiny").encode("the token")
    assert ours.encode("<|fim_prefix|>", "all") == [100258]


def test_gpt2_comes_from_its_two_files(tmp_path: Path) -> None:
    ours = GPT2Tokenizer(*write_gpt2_files(tmp_path, tiny_ranks()))
    assert ours.merges == tokenizer("tiny").merges
    assert ours.decode(ours.encode(LESSON)) == LESSON
    assert ours.encode("<|endoftext|>", "all") == [50256]


def test_gpt2_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    vocab_bpe, _ = write_gpt2_files(tmp_path, tiny_ranks())
    _, encoder_json = write_gpt2_files(tmp_path / "other", tiny_ranks(40))
    with pytest.raises(ValueError, match=r"vocab\.bpe and encoder\.json"):
        GPT2Tokenizer(vocab_bpe, encoder_json)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("IQ== 0\nIg==\n", "line 2"),
        ("IQ== zero\n", "line 1"),
        ("!!! 0\n", "line 1"),
        ("IQ== 0\nIQ== 1\n", "line 2"),
        ("IQ== 0\nIg== 0\n", "same rank"),
        ("IQ== 0\n", "lack the single byte"),
        ("", "lack the single byte"),
    ],
)
def test_a_damaged_rank_file_is_refused(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "bad.tiktoken").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        GPT4Tokenizer(tmp_path / "bad.tiktoken")


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(ValueError, match="cl100k_base, o200k_base"):
        GPT4Tokenizer(name="p50k_base")


@pytest.mark.parametrize("use", ["train", "save", "load"])
def test_a_published_vocabulary_is_for_use_only(use: str) -> None:
    with pytest.raises(NotImplementedError, match="RankTokenizer"):
        getattr(tokenizer("tiny"), use)("text")

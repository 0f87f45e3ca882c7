"""Encoding and decoding: exact, and never quadratic."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minbpe import BasicTokenizer, RegexTokenizer, Tokenizer
from minbpe.cache import LONGEST_PIECE, PieceCache
from minbpe.piece import MergeTable, _Chain, _scan
from tests.minbpe import naive
from tests.minbpe.texts import texts

LESSON = (
    "the cat sat on the mat, the 안녕하세요 cat ate 👋👋👋 aaaaaaaaaaaaaaaa bananas\r\n\r\n" * 3
)


@pytest.fixture(scope="module", params=[BasicTokenizer, RegexTokenizer])
def tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    kind: type[Tokenizer] = request.param
    tokenizer = kind()
    tokenizer.train(LESSON, 300)
    return tokenizer


@settings(max_examples=300, deadline=None)
@given(text=texts)
def test_decoding_gives_back_the_text(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.decode(tokenizer.encode(text)) == text


@settings(max_examples=300, deadline=None)
@given(text=texts | st.sampled_from(LESSON.split(" ")) | st.text("the ca", max_size=60))
def test_ids_are_those_of_the_naive_way(tokenizer: Tokenizer, text: str) -> None:
    pieces = list(tokenizer._pieces(text))
    assert tokenizer.encode(text) == naive.encode(pieces, tokenizer.merges)


@settings(max_examples=300, deadline=None)
@given(text=texts, repeat=st.integers(1, 5))
def test_scanning_and_the_heap_agree(text: str, repeat: int) -> None:
    merges = MergeTable(naive.train([LESSON[:60], "aaaaaaaaa", "abababa"], 40))
    ids = list((text * repeat).encode())
    assert _scan(list(ids), merges) == _Chain(ids, merges).merged()


def test_a_megabyte_of_one_letter_takes_seconds_not_hours() -> None:
    tokenizer = BasicTokenizer()
    tokenizer.train("a" * 64, 256 + 6)
    start = time.process_time()
    ids = tokenizer.encode("a" * 1_000_000)
    assert time.process_time() - start < 30
    assert ids == [261] * (1_000_000 // 64)


def test_an_unknown_id_is_named(tokenizer: Tokenizer) -> None:
    with pytest.raises(ValueError, match="unknown token id 999"):
        tokenizer.decode([97, 999])


def test_bytes_that_are_not_utf8_are_replaced(tokenizer: Tokenizer) -> None:
    assert tokenizer.decode([0xC3, 97]) == "\ufffda"


def test_empty_text_is_no_ids(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("") == []
    assert tokenizer.decode([]) == ""


def test_text_the_pattern_does_not_match_is_dropped() -> None:
    assert RegexTokenizer(r"\w+").encode("a, b") == [97, 98]


@pytest.mark.parametrize("pattern", ["", "(unclosed"])
def test_a_bad_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"pattern|regular expression"):
        RegexTokenizer(pattern)


def test_the_cache_keeps_words_in_use_but_neither_long_pieces_nor_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("minbpe.cache.MOST_PIECES", 2)
    encoded: list[str] = []

    def encode(piece: str) -> list[int]:
        encoded.append(piece)
        return [len(piece)]

    cache = PieceCache(encode)
    long = "x" * (LONGEST_PIECE + 1)
    assert [cache[piece] for piece in ("a", long, "bb", "ccc", "a", "bb")] == [
        *((1,), (LONGEST_PIECE + 1,), (2,), (3,), (1,), (2,))
    ]
    assert encoded == ["a", long, "bb", "ccc"]
    assert list(cache) == ["bb"]
    cache.forget()
    assert cache["bb"] == (2,)
    assert encoded == ["a", long, "bb", "ccc", "bb"]

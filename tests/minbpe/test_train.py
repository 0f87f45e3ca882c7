"""Training: the same merges as the naive way, whatever the text."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import regex
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from minbpe import (
    GPT2_SPLIT_PATTERN,
    GPT4_SPLIT_PATTERN,
    BasicTokenizer,
    RegexTokenizer,
    Tokenizer,
)
from minbpe.layout import _stable_order
from tests.minbpe import naive
from tests.minbpe.texts import texts


def trained(tokenizer: Tokenizer, text: str, num_merges: int) -> Tokenizer:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        tokenizer.train(text, 256 + num_merges)
    return tokenizer


@settings(max_examples=400, deadline=None)
@given(texts, st.integers(0, 30))
@example("", 3)
@example("a", 3)
@example("aaa", 3)
@example("aaabdaaabac", 3)
@example("abababababab", 9)
@example("bcabcd" * 2, 9)
def test_basic_learns_what_the_naive_way_learns(text: str, num_merges: int) -> None:
    tokenizer = trained(BasicTokenizer(), text, num_merges)
    expected = naive.train([text], num_merges)
    assert list(tokenizer.merges.items()) == list(expected.items())
    assert tokenizer.encode(text) == naive.encode([text], expected)


@settings(max_examples=400, deadline=None)
@given(texts, st.integers(0, 30), st.sampled_from([GPT2_SPLIT_PATTERN, GPT4_SPLIT_PATTERN]))
@example("", 3, GPT4_SPLIT_PATTERN)
@example("ab cd ab cd\r\nab\r\n\r\n", 20, GPT4_SPLIT_PATTERN)
def test_regex_learns_what_the_naive_way_learns(text: str, num_merges: int, pattern: str) -> None:
    tokenizer = trained(RegexTokenizer(pattern), text, num_merges)
    pieces = regex.findall(pattern, text)
    expected = naive.train(pieces, num_merges)
    assert list(tokenizer.merges.items()) == list(expected.items())
    assert tokenizer.encode(text) == naive.encode(pieces, expected)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text("abc", min_size=1, max_size=6), max_size=25), st.integers(0, 40))
def test_repeated_pieces_count_as_often_as_they_occur(words: list[str], num_merges: int) -> None:
    tokenizer = trained(RegexTokenizer(r"\w+"), " ".join(words), num_merges)
    assert tokenizer.merges == naive.train(words, num_merges)


@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(text=texts, block=st.integers(1, 9))
def test_the_blocks_of_the_first_count_leave_no_trace(
    monkeypatch: pytest.MonkeyPatch, text: str, block: int
) -> None:
    expected = trained(RegexTokenizer(), text, 10).merges
    monkeypatch.setattr("minbpe.layout._BLOCK", block)
    assert trained(RegexTokenizer(), text, 10).merges == expected


@given(st.lists(st.integers(0, 2**31 - 1) | st.integers(0, 3) | st.integers(65530, 65540)))
def test_sorting_by_halves_is_stable(numbers: list[int]) -> None:
    order = _stable_order(np.array(numbers, dtype=np.int32)).tolist()
    assert order == sorted(range(len(numbers)), key=numbers.__getitem__)


def test_the_example_every_reader_knows() -> None:
    tokenizer = trained(BasicTokenizer(), "aaabdaaabac", 3)
    assert tokenizer.encode("aaabdaaabac") == [258, 100, 258, 97, 99]


def test_among_equal_counts_the_first_in_the_text_as_merged_so_far_wins() -> None:
    # "ab", "bx" and "xy" occur twice each. Once "ab" is one token, the first pair of the text is
    # ("ab", "x"), younger than ("x", "y") but standing before it.
    tokenizer = trained(BasicTokenizer(), "abxyabxy", 3)
    assert list(tokenizer.merges) == [(97, 98), (256, 120), (257, 121)]


def test_training_stops_when_no_pair_is_left_and_says_so() -> None:
    tokenizer = BasicTokenizer()
    with pytest.warns(UserWarning, match="has 257 tokens, not 300"):
        tokenizer.train("ab", 300)
    assert tokenizer.merges == {(97, 98): 256}


@pytest.mark.parametrize("size", [255, 0, -1])
def test_a_vocabulary_smaller_than_the_bytes_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match=str(size)):
        BasicTokenizer().train("text", size)


def test_a_vocabulary_that_reaches_a_special_token_is_refused() -> None:
    tokenizer = RegexTokenizer()
    tokenizer.register_special_tokens({"<|end|>": 260})
    with pytest.raises(ValueError, match=r"260 is the id of '<\|end\|>'"):
        tokenizer.train("some text", 261)


def test_verbose_prints_a_line_per_merge(capsys: pytest.CaptureFixture[str]) -> None:
    BasicTokenizer().train("aaabdaaabac", 258, verbose=True)
    assert capsys.readouterr().out.splitlines() == [
        "merge 1/2: (97, 97) -> 256, seen 4 times",
        "merge 2/2: (256, 97) -> 257, seen 2 times",
    ]


def test_training_again_forgets_what_was_learned_before() -> None:
    tokenizer = trained(BasicTokenizer(), "abab", 1)
    tokenizer.encode("ab")
    trained(tokenizer, "cdcd", 1)
    assert tokenizer.merges == {(99, 100): 256}
    assert tokenizer.encode("abcd") == [97, 98, 256]

"""Special tokens: found when allowed, refused when not asked for."""

from __future__ import annotations

import pytest

from minbpe import BasicTokenizer, RegexTokenizer
from minbpe.special import AllowedSpecial

SPECIAL = {"<|end|>": 300, "<|end|>!": 301, "<|start|>": 302}


@pytest.fixture
def tokenizer() -> RegexTokenizer:
    tokenizer = RegexTokenizer()
    tokenizer.register_special_tokens(SPECIAL)
    return tokenizer


@pytest.mark.parametrize(
    ("text", "allowed", "ids"),
    [
        ("a<|end|>b", "all", [97, 300, 98]),
        ("<|end|><|start|>", "all", [300, 302]),
        ("a<|end|>", {"<|end|>"}, [97, 300]),
        ("a", "none_raise", [97]),
        ("a", {"<|end|>"}, [97]),
        ("<|end|>!!", "all", [301, 33]),
        ("<|end|>", "none", list(b"<|end|>")),
    ],
)
def test_what_is_allowed_becomes_an_id(
    tokenizer: RegexTokenizer, text: str, allowed: AllowedSpecial, ids: list[int]
) -> None:
    assert tokenizer.encode(text, allowed_special=allowed) == ids
    assert tokenizer.decode(ids) == text


@pytest.mark.parametrize("allowed", ["none_raise", set(), {"<|end|>"}, {"<|unknown|>"}])
def test_a_token_that_is_not_allowed_is_an_error(
    tokenizer: RegexTokenizer, allowed: AllowedSpecial
) -> None:
    with pytest.raises(ValueError, match=r"special token '<\|start\|>'"):
        tokenizer.encode("x<|start|>", allowed_special=allowed)


def test_the_default_is_to_raise(tokenizer: RegexTokenizer) -> None:
    with pytest.raises(ValueError, match="allowed_special='all'"):
        tokenizer.encode("<|end|>")


def test_another_word_for_allowed_special_is_refused(tokenizer: RegexTokenizer) -> None:
    with pytest.raises(ValueError, match="'some'"):
        tokenizer.encode("text", allowed_special="some")


@pytest.mark.parametrize(
    ("special", "message"),
    [
        ({"": 300}, "empty"),
        ({"<|a|>": -1}, "negative"),
        ({"<|a|>": 97}, "97"),
        ({"<|a|>": 300, "<|b|>": 300}, "share id 300"),
    ],
)
def test_tokens_that_cannot_work_are_refused(special: dict[str, int], message: str) -> None:
    tokenizer = BasicTokenizer()
    with pytest.raises(ValueError, match=message):
        tokenizer.register_special_tokens(special)
    assert tokenizer.special_tokens == {}


def test_registering_again_replaces(tokenizer: RegexTokenizer) -> None:
    tokenizer.register_special_tokens({"<|x|>": 300})
    assert tokenizer.encode("<|x|><|end|>", allowed_special="all")[0] == 300
    with pytest.raises(ValueError, match="301"):
        tokenizer.decode([301])

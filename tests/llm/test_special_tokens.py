"""Special tokens pass through a model unharmed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.llm.special_tokens import escape, restore

TOKENS = [
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|fim_prefix|>",
    "<|fim_middle|>",
    "<|endofprompt|>",
    "<|reserved 200|>",
    "<fim_suffix>",
    "<s>",
    "</s>",
    "[INST]",
    "[/INST]",
    "<start_of_turn>",
]


@pytest.mark.parametrize("token", TOKENS)
def test_no_special_token_reaches_the_model(token: str) -> None:
    assert token not in escape(f"before {token} after")
    assert not re.search(r"<\|.*?\|>", escape(f"{token}{token}"))


@pytest.mark.parametrize("token", TOKENS)
def test_what_the_model_copies_comes_out_as_it_was(token: str) -> None:
    copied = f"```python\nprint(enc.encode('{escape(token)}'))\n```"
    assert restore(copied) == f"```python\nprint(enc.encode('{token}'))\n```"


def test_a_token_the_model_writes_itself_stays() -> None:
    assert restore("the `<|endoftext|>` token") == "the `<|endoftext|>` token"


PIECES = st.sampled_from(["<|", "|>", "<¦", "¦>", "¦", "|", "<", ">", "s", "/s", "·", "[", "]"])


@given(st.lists(PIECES | st.sampled_from([*TOKENS, "INST", "a b", "\n"]), max_size=12))
def test_restore_undoes_escape_for_every_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert restore(escape(text)) == text

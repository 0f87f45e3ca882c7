"""What a refusal costs, how long to wait after it, and what a user can do about it."""

from __future__ import annotations

import pytest

from pipeline.llm.retry import advice, is_about_context, wait_s


@pytest.mark.parametrize(
    ("status", "said"), [(401, "OPENAI_API_KEY"), (404, "gpt-x"), (302, "llm.base_url")]
)
def test_the_advice_names_what_is_to_be_changed(status: int, said: str) -> None:
    assert said in advice(status, "http://a.example/v1", "gpt-x")


def test_waits_double_up_to_a_minute_unless_the_server_names_one() -> None:
    assert wait_s(3, 1.0, 7.0) == 7.0
    assert 3.0 <= wait_s(3, 1.0, None) <= 5.0
    assert 45.0 <= wait_s(30, 1.0, None) <= 75.0


@pytest.mark.parametrize(
    "said",
    [
        "You have exceeded your monthly token limit",
        "Token quota exceeded: over the token limit of your plan",
        "Request too large for model on tokens per minute (TPM): Limit 6000, Requested 9000",
        "max_tokens is too large: this model supports at most 4096 completion tokens",
    ],
)
def test_what_an_account_may_use_says_nothing_of_the_context(said: str) -> None:
    assert not is_about_context(said)

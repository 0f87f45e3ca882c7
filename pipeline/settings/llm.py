"""Settings of the language model; the key itself comes from OPENAI_API_KEY only."""

from __future__ import annotations

from pydantic import Field

from pipeline.settings.base import Settings, run_only


class Price(Settings):
    """What one million tokens cost; ``cached_input`` null means the price of ``input``."""

    input: float = Field(ge=0, description="price of a million tokens sent")
    cached_input: float | None = Field(
        None, ge=0, description="the same where the server had the beginning in its cache"
    )
    output: float = Field(ge=0, description="price of a million tokens written")
    longest_reply: int | None = Field(
        None,
        ge=1,
        description="tokens the model can write at most; null: llm.context_tokens. A call of which "
        "the server gives no account counts as so much under llm.max_cost and llm.max_tokens; the "
        "smaller it is, the more calls fit side by side. 1: the server keeps to its limits",
    )


def _price(sent: float, cached: float, written: float, longest: int) -> Price:
    return Price(input=sent, cached_input=cached, output=written, longest_reply=longest)


# List prices in US dollars and longest replies as published by the vendors in late 2025. They
# change: a user edits `llm.prices` when they do.
KNOWN_PRICES: dict[str, Price] = {
    "gpt-4o": _price(2.50, 1.25, 10.00, 16_384),
    "gpt-4o-2024-05-13": _price(5.00, 5.00, 15.00, 4_096),
    "gpt-4o-mini": _price(0.15, 0.075, 0.60, 16_384),
    "gpt-4.1": _price(2.00, 0.50, 8.00, 32_768),
    "gpt-4.1-mini": _price(0.40, 0.10, 1.60, 32_768),
    "gpt-4.1-nano": _price(0.10, 0.025, 0.40, 32_768),
    "gpt-5": _price(1.25, 0.125, 10.00, 128_000),
    "gpt-5-mini": _price(0.25, 0.025, 2.00, 128_000),
    "gpt-5-nano": _price(0.05, 0.005, 0.40, 128_000),
    "o3": _price(2.00, 0.50, 8.00, 100_000),
    "o4-mini": _price(1.10, 0.275, 4.40, 100_000),
    "claude-opus-4-1": _price(15.00, 1.50, 75.00, 32_000),
    "claude-opus-4-5": _price(5.00, 0.50, 25.00, 64_000),
    "claude-sonnet-4": _price(3.00, 0.30, 15.00, 64_000),
    "claude-haiku-4-5": _price(1.00, 0.10, 5.00, 64_000),
    "gemini-2.5-pro": _price(1.25, 0.31, 10.00, 65_536),
    "gemini-2.5-flash": _price(0.30, 0.075, 2.50, 65_536),
    "gemini-2.5-flash-lite": _price(0.10, 0.025, 0.40, 65_536),
}


class LLMSettings(Settings):
    """``llm:`` in config.yaml."""

    base_url: str | None = run_only(
        None,
        "address of an OpenAI-compatible server, or one of: openai, ollama, llama.cpp, vllm, "
        "lm-studio, openrouter, gemini, anthropic; null: OPENAI_BASE_URL, else openai",
    )
    model: str | None = Field(None, description="model name; null: no language model")
    vision: bool = Field(True, description="send the frames as pictures")
    picture_width: int = Field(
        768, ge=64, le=4096, description="width to which pictures are scaled down, pixels"
    )
    max_pictures: int = Field(5, ge=0, le=50, description="pictures sent with one call, at most")
    temperature: float | None = Field(
        None, ge=0, le=2, description="null: the server's own; some models refuse any other"
    )
    context_tokens: int = Field(
        128_000,
        ge=4_000,
        le=10_000_000,
        description="the model's context window, tokens; a transcript that does not fit is "
        "outlined in parts",
    )
    thinking_tokens: int = Field(
        0, ge=0, le=200_000, description="room for hidden thinking before a reply, tokens"
    )
    max_cost: float | None = run_only(
        None,
        "stop before a lecture has cost more than this in all, in the currency of the prices; near "
        "it, calls go one at a time",
        ge=0,
    )
    max_tokens: int | None = run_only(
        None, "stop before a lecture has sent and received more tokens than this in all", ge=0
    )
    prices: dict[str, Price] = run_only(
        KNOWN_PRICES,
        "prices of a million tokens by model name (without the date behind it); yours to edit",
    )
    concurrency: int = run_only(8, "calls at once", ge=1, le=256)
    requests_per_minute: int | None = run_only(None, "calls per minute; null: no limit", ge=1)
    tokens_per_minute: int | None = run_only(None, "tokens per minute; null: no limit", ge=1)
    timeout_s: float = run_only(300.0, "longest wait for one reply, s", gt=0, le=7200)
    retries: int = run_only(
        6,
        "tries after a failure that costs nothing and may pass (429, 503, no connection)",
        ge=0,
        le=50,
    )
    paid_retries: int = run_only(
        2,
        "tries after a failure that may have been charged for (no reply in time, a broken "
        "connection, a reply that is none)",
        ge=0,
        le=50,
    )
    backoff_s: float = run_only(
        1.0,
        "wait before the first new try, s; doubled each time, a server's own wish goes first",
        ge=0,
        le=600,
    )

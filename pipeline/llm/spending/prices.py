"""What a call costs, by the price table of the settings."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.llm.chat import Tokens
from pipeline.settings.llm import LLMSettings, Price

_MILLION = 1_000_000
# What vendors put behind a model's name without changing its price: -2024-07-18, -20250514, -001,
# -latest, -preview-06-05, -chat-latest, @20250514.
_EDITION = re.compile(r"(?:[-@](?:\d+|latest|preview|exp|chat))*")


def price_of(model: str, prices: Mapping[str, Price]) -> Price | None:
    """The entry of the longest name that is the model's but for its date or version, or None.

    A vendor's prefix (``openai/gpt-4o``) is passed over. A name that goes on otherwise is another
    model at another price: ``gpt-5-pro`` costs twelve times what ``gpt-5`` does.

    >>> table = {"gpt-4o": Price(input=2, output=8), "gpt-4o-mini": Price(input=1, output=2)}
    >>> price_of("openai/gpt-4o-mini-2024-07-18", table).input
    1.0
    >>> price_of("gpt-4o-search", table)
    """
    names = [model, model.rsplit("/", 1)[-1]]
    fitting = [
        known
        for known in prices
        if any(name.startswith(known) and _EDITION.fullmatch(name[len(known) :]) for name in names)
    ]
    return prices[max(fitting, key=len)] if fitting else None


def longest_reply(settings: LLMSettings, price: Price | None) -> int:
    """How many tokens the model of this ``price`` can write, as far as the settings say."""
    return (price and price.longest_reply) or settings.context_tokens


def cost_of(tokens: Tokens, price: Price | None) -> float:
    """The cost of one call; 0 without a price."""
    if price is None:
        return 0.0
    cached_price = price.input if price.cached_input is None else price.cached_input
    fresh = tokens.sent - tokens.cached
    total = fresh * price.input + tokens.cached * cached_price + tokens.received * price.output
    return total / _MILLION

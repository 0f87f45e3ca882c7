"""Which failures of a server may pass, how long to wait, and how to say what will not."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pipeline.llm.chat import Tokens

# Beyond this a server's wish to wait is a refusal: its daily quota is used up.
LONGEST_WAIT_S = 900.0
_PASSING = {408, 409, 425, 429}
# A gateway that gave up waiting (LiteLLM and Azure say 408; nginx, Cloudflare): the model behind it
# has worked, and goes on.
PAID_FOR = {408, 499, 504, 522, 524}
# Refused before any work was done: overloaded, or down for maintenance.
_UNPAID = {503, 529}
# No HTTP status: stands for a question that does not fit the model.
CONTEXT = -1
_ABOUT_CONTEXT = re.compile(
    "|".join(
        (
            r"context[ _-]?(?:length|window|size|limit|shift)|n_ctx|max(?:imum)? context"
            r"|max_model_len|max(?:imum)? (?:prompt|input|message) (?:length|tokens)",
            r"(?:prompt|input|request|message|conversation)s?\b.{0,40}\b(?:too (?:long|large)"
            r"|longer than|exceeds?)\b",
            r"(?:exceed(?:s|ed|ing)?|over|beyond|above|longer than)\b.{0,60}"
            r"\b(?:context|(?:token|message) (?:limit|count|tokens))",
            r"(?:exceed(?:s|ed|ing)?|over|beyond|above)\b.{0,60}"
            r"\b(?:maximum (?:input|number of tokens)|max message tokens)",
            r"token limit.{0,20}exceeded|tokens?_exceeded|range of input length",
            r"inputs?\b.{0,40}\btokens?\b.{0,60}\bmust be <=?",
            r"(?:prompt|input|request) (?:has|contains)\b.{0,20}\btokens\b.{0,60}\bmaximum",
            r"max_(?:completion_)?tokens must be (?:at least|greater than).{0,20}got -",
            r"too many (?:input |prompt )?tokens|reduce the length|上下文长度|上下文窗口",
            r"max(?:imum)?[ _]seq(?:uence)?[ _]?len|sequence length\b.{0,30}\bexceeds?\b",
            r"tokens? limit exceeded|(?:number of|total) tokens\b.{0,30}\bexceeds?\b"
            r"|supports? (?:at most|up to) \d+ tokens|\bKV[ _]?(?:cache|slot)\b",
            r"(?:输入|輸入|提示).{0,10}(?:超过|超過|超出|过长|過長)",
        )
    ),
    re.IGNORECASE,
)
# How fast may be asked, which has limits of tokens too.
_ABOUT_RATE = re.compile(
    r"\brate limit|per (?:minute|min|day|hour|month)\b|\bTP[MD]\b|\b(?:daily|monthly)\b|\bquota\b",
    re.IGNORECASE,
)
_FILTER = re.compile(
    r"content[ _-]?(?:filter|management|policy|moderation)|safety (?:system|filter|polic)"
    r"|moderation|flagged|responsible ?ai|data_inspection_failed|inappropriate content"
    r"|content exists risk|prohibited_content|\brecitation\b|敏感内容",
    re.IGNORECASE,
)


def may_pass(status: int, message: str) -> bool:
    """Whether the same call may succeed later."""
    # OpenAI answers 429 for an empty account too; waiting does not fill it.
    if status == 429 and ("insufficient_quota" in message or "billing" in message.lower()):
        return False
    return status in _PASSING or status >= 500


def is_about_context(said: str) -> bool:
    """Whether a server says that the question does not fit the model's context window.

    >>> is_about_context("the request exceeds the available context size")
    True
    >>> is_about_context("rate limit reached: too many tokens per minute")
    False
    """
    return _ABOUT_CONTEXT.search(said) is not None and not _ABOUT_RATE.search(said)


def is_filter(said: str) -> bool:
    """Whether a server says that its rules forbid the question."""
    return _FILTER.search(said) is not None


def spent_on_error(status: int) -> Tokens | None:
    """What an answer with this status cost; None where the model may have worked for it."""
    is_refusal = status < 500 and status not in PAID_FOR
    return Tokens() if is_refusal or status in _UNPAID else None


def wished_wait_s(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """The server's ``Retry-After`` (or ``retry-after-ms``) in seconds; None when it gave none.

    >>> wished_wait_s({"retry-after": "7"}), wished_wait_s({"retry-after-ms": "250"})
    (7.0, 0.25)
    """
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return max(0.0, float(milliseconds) / 1000)
        wish = headers.get("retry-after")
        if not wish:
            return None
        if wish.replace(".", "", 1).isdigit():
            return float(wish)
        return max(0.0, (parsedate_to_datetime(wish) - (now or datetime.now(UTC))).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None


def wait_s(attempt: int, first_s: float, wished_s: float | None) -> float:
    """Seconds before try ``attempt`` (1 is the first new one): the server's wish, else doubling.

    Doubling ends at one minute. A quarter of chance keeps parallel calls from coming back together.
    """
    if wished_s is not None:
        return wished_s
    return float(min(60.0, first_s * 2 ** (attempt - 1)) * random.uniform(0.75, 1.25))


def advice(status: int, address: str, model: str) -> str:
    """What a user can do about a final refusal."""
    if status == CONTEXT:
        return (
            "the question does not fit the model: set llm.context_tokens to the server's context "
            "window and lower write.chunk_words or llm.max_pictures, or give the server a larger "
            "window (OLLAMA_CONTEXT_LENGTH, llama-server -c, vllm --max-model-len)"
        )
    if 300 <= status < 400:
        return "set llm.base_url to the server's own address"
    if status == 401:
        return "check the key in OPENAI_API_KEY"
    if status == 403:
        return f"the key may not use {model}; check its rights or choose another llm.model"
    if status == 404:
        return f"is llm.model ({model}) right, and the path of llm.base_url ({address})?"
    if status in (400, 413, 422):
        return "see what the server says; write.chunk_words or llm.thinking_tokens may be too large"
    if status == 429:
        return "the account's quota is used up; what was paid for is kept, run again later"
    return "what was paid for is kept; run again later"

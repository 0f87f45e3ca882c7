"""Settings of the language model; the key itself comes from OPENAI_API_KEY only."""

from __future__ import annotations

from pydantic import Field

from pipeline.settings.base import Settings, run_only


class LLMSettings(Settings):
    """``llm:`` in config.yaml."""

    base_url: str | None = Field(
        None, description="address of an OpenAI-compatible server; null: OPENAI_BASE_URL, else OpenAI"
    )
    model: str | None = Field(None, description="model name; null: no language model")
    vision: bool = Field(True, description="send the frames as pictures")
    concurrency: int = run_only(8, "calls at once", ge=1, le=256)
    timeout_s: float = run_only(300.0, "longest wait for one reply, s", gt=0, le=7200)

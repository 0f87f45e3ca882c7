"""Which edition is made."""

from __future__ import annotations

import pytest

from pipeline.errors import ConfigError
from pipeline.settings.llm import LLMSettings
from pipeline.settings.write import WriteSettings
from pipeline.writing.edition import chosen_edition, wanted_edition

KEY = {"OPENAI_API_KEY": "secret"}
MODEL = LLMSettings(model="m")
SERVER = LLMSettings(model="m", base_url="http://127.0.0.1:1/v1")


@pytest.mark.parametrize(
    ("llm", "environment", "replay", "edition"),
    [
        (LLMSettings(), {}, None, "transcript"),
        (LLMSettings(), KEY, None, "transcript"),
        (MODEL, {}, None, "transcript"),
        (MODEL, KEY, None, "llm"),
        (SERVER, {}, None, "llm"),
        (LLMSettings(), {}, "replies", "llm"),
    ],
)
def test_auto_asks_a_model_only_where_one_can_answer(
    llm: LLMSettings, environment: dict[str, str], replay: str | None, edition: str
) -> None:
    assert chosen_edition(WriteSettings(), llm, environment, replay) == edition


def test_the_transcript_edition_can_be_asked_for() -> None:
    write = WriteSettings(edition="transcript")
    assert chosen_edition(write, SERVER, KEY) == "transcript"


@pytest.mark.parametrize(("llm", "missing"), [(LLMSettings(), "llm.model"), (MODEL, "base_url")])
def test_asking_for_a_model_that_is_not_there_says_what_to_set(
    llm: LLMSettings, missing: str
) -> None:
    write = WriteSettings(edition="llm")
    with pytest.raises(ConfigError, match=missing):
        chosen_edition(write, llm, {})
    assert wanted_edition(write, llm, {}) == "llm"

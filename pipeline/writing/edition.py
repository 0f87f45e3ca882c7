"""Which edition of the chapter is made: written by a language model, or from the transcript."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.errors import ConfigError
from pipeline.models import Edition
from pipeline.settings.llm import LLMSettings
from pipeline.settings.write import WriteSettings

KEY = "OPENAI_API_KEY"


def chosen_edition(
    write: WriteSettings,
    llm: LLMSettings,
    environment: Mapping[str, str],
    replay: str | None = None,
) -> Edition:
    """The edition that the settings and the environment call for.

    ``auto`` means ``llm`` when a model is named and a server or a key is known, or recorded replies
    are given; else ``transcript``.

    Args:
        replay: a folder of recorded replies, which need no server.

    Raises:
        ConfigError: ``llm`` is asked for and no model, or neither server nor key, is set.
    """
    edition = wanted_edition(write, llm, environment, replay)
    if edition == "transcript" or replay:
        return edition
    if not llm.model:
        raise ConfigError(
            [
                "write.edition is llm, but llm.model names no model: set it"
                " (--set llm.model=NAME, or its field in the library's form)"
            ]
        )
    if not (llm.base_url or environment.get(KEY)):
        raise ConfigError(
            [
                "write.edition is llm, but there is no server to ask: set llm.base_url (or"
                f" OPENAI_BASE_URL), or the key of OpenAI in {KEY}"
            ]
        )
    return edition


def wanted_edition(
    write: WriteSettings,
    llm: LLMSettings,
    environment: Mapping[str, str],
    replay: str | None = None,
) -> Edition:
    """Like ``chosen_edition``, without a word about what is missing: for saying what is stale."""
    if write.edition != "auto":
        return write.edition
    reachable = bool(llm.base_url or environment.get(KEY))
    return "llm" if replay or (llm.model and reachable) else "transcript"

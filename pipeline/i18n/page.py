"""The page's own words (furniture) in the languages there are; English for all others."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "zh", "de", "es", "fr")
_RIGHT_TO_LEFT = {"ar", "arc", "dv", "fa", "ha", "he", "khw", "ks", "ku", "ps", "sd", "ur", "yi"}


@cache
def words_for(language: str | None) -> dict[str, str]:
    """Every furniture text by its key, in ``language`` (a BCP 47 tag) or English."""
    english = _load("en")
    base = language_of(language)
    return english if base == "en" else english | _load(base)


def language_of(language: str | None) -> str:
    """The language among ``LANGUAGES`` that serves a tag like ``de-AT``; ``en`` for others."""
    base = (language or "en").lower().split("-")[0].split("_")[0]
    return base if base in LANGUAGES else "en"


def direction(language: str | None) -> str:
    """``rtl`` for languages written from right to left, else ``ltr``."""
    return "rtl" if (language or "").lower().split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def _load(language: str) -> dict[str, str]:
    text = (files("pipeline.i18n") / "strings" / f"{language}.json").read_text(encoding="utf-8")
    loaded: dict[str, str] = json.loads(text)
    return loaded

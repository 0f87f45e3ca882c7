"""The page's own words (furniture) in the languages there are; English for all others."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from pipeline.text.languages.codes import base_language, is_traditional

LANGUAGES = ("en", "zh", "de", "es", "fr")
# What a reader of a chapter sees is in these as well; the forms of the library are in English.
READERS = ("zh-Hant", "ja", "ko", "pt", "ru", "ar", "hi")
_RIGHT_TO_LEFT = {"ar", "arc", "dv", "fa", "ha", "he", "khw", "ks", "ku", "ps", "sd", "ur", "yi"}


@cache
def words_for(language: str | None) -> dict[str, str]:
    """Every furniture text by its key, in ``language`` (a BCP 47 tag) or English."""
    english = _load("en")
    base = language_of(language)
    return english if base == "en" else english | _load(base)


def language_of(language: str | None) -> str:
    """The language among ``LANGUAGES`` and ``READERS`` that serves a tag like ``de-AT``; ``en`` for
    others.

    >>> language_of("de-AT"), language_of("zh-TW"), language_of("zh_CN"), language_of("nl")
    ('de', 'zh-Hant', 'zh', 'en')
    """
    if is_traditional(language):
        return "zh-Hant"
    base = base_language(language) or "en"
    return base if base in LANGUAGES or base in READERS else "en"


def direction(language: str | None) -> str:
    """``rtl`` for languages written from right to left, else ``ltr``."""
    return "rtl" if (language or "").lower().split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def _load(language: str) -> dict[str, str]:
    text = (files("pipeline.i18n") / "strings" / f"{language}.json").read_text(encoding="utf-8")
    loaded: dict[str, str] = json.loads(text)
    return loaded

"""The page's own words in the languages there are; English for all others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pipeline.text.languages.codes import base_language, is_traditional
from pipeline.text.languages.known import language_of

LANGUAGES = ("en", "zh", "de", "es", "fr", "zh-Hant", "ja", "ko", "pt", "ru", "ar", "hi")
_RIGHT_TO_LEFT = ("arab", "hebr", "syrc", "thaa", "nkoo", "rohg", "adlm")
# Languages of which no more is known (see ``languages.known``).
_OTHER_SCRIPTS = {"arc": "syrc", "ckb": "arab", "khw": "arab", "ks": "arab", "nqo": "nkoo"}


@cache
def words_for(language: str | None) -> dict[str, str]:
    """Every text of the page by its key, in ``language`` (a BCP 47 tag) or English.

    ``language`` names the language that they are in; see ``counted`` for texts with a number.
    """
    base = page_language(language)
    return _load("en") | _load(base) | {"language": base}


def counted(words: Mapping[str, str], key: str, count: int) -> str:
    """The text for a number of things: ``key_1`` for exactly one, else that of CLDR's category.

    Only categories with a form of their own have a text (``key_few``); ``key`` is for the others.

    >>> [counted(words_for("ru"), "gap_warnings", n) for n in (1, 3, 5, 21)]
    ['1 предупреждение', '3 предупреждения', '5 предупреждений', '21 предупреждение']
    """
    if count == 1:
        return words[f"{key}_1"]
    found = words.get(f"{key}_{_category(words['language'], count)}", words[key])
    return found.format(count=count)


def note_title(words: Mapping[str, str], role: str) -> str:
    """What stands above an aside: its role (``warning``) in words.

    >>> note_title(words_for("de"), "warning"), note_title(words_for("de"), "theorem")
    ('Warnung', 'Theorem')
    """
    return words.get(f"note_{role}", role.capitalize())


@cache
def _category(language: str, count: int) -> str:
    from babel.core import Locale

    return str(Locale.parse(language, sep="-").plural_form(count))


def page_language(language: str | None) -> str:
    """The language among ``LANGUAGES`` that serves a tag like ``de-AT``; ``en`` for others.

    >>> page_language("de-AT"), page_language("zh-TW"), page_language("zh_CN"), page_language("nl")
    ('de', 'zh-Hant', 'zh', 'en')
    """
    if is_traditional(language):
        return "zh-Hant"
    base = base_language(language) or "en"
    return base if base in LANGUAGES else "en"


def direction(language: str | None) -> str:
    """``rtl`` where the script is written from right to left, else ``ltr``.

    The script that a tag names decides, else the one that the language is mostly written in.

    >>> [direction(tag) for tag in ("ar-EG", "ku", "ku-Arab", "az-Arab", "pa-PK", "he-Latn", "ha")]
    ['rtl', 'ltr', 'rtl', 'rtl', 'ltr', 'ltr', 'ltr']
    """
    base, *rest = (language or "").lower().replace("_", "-").split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), None)
    if script is None:
        known = language_of(base)
        script = known.script.code.lower() if known else _OTHER_SCRIPTS.get(base, "")
    return "rtl" if script in _RIGHT_TO_LEFT else "ltr"


@cache
def _load(language: str) -> dict[str, str]:
    text = (files("pipeline.i18n") / "strings" / f"{language}.json").read_text(encoding="utf-8")
    loaded: dict[str, str] = json.loads(text)
    return loaded

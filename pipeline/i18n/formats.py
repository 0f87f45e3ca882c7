"""Lengths, dates and lists as the reader's language writes them, by CLDR (Babel)."""

from __future__ import annotations

import datetime
from functools import lru_cache

from pipeline.timecode import spoken_length

_SECOND, _MINUTE, _HOUR = 1, 60, 3600
_UNITS = ((_HOUR, "duration-hour"), (_MINUTE, "duration-minute"), (_SECOND, "duration-second"))
# Languages that put no space between the parts of a length.
_TOGETHER = ("zh", "ja")


def length_text(ms: int, language: str | None) -> str:
    """A length for people, in at most two units, the second one not zero.

    >>> length_text(203_000, "en"), length_text(203_000, "zh"), length_text(540_000, "ko")
    ('3 min 23 s', '3分钟23秒', '9분')
    """
    locale = _locale(language)
    if locale is None:
        return spoken_length(ms)
    from babel.units import format_unit

    rest = max(0, round(ms / 1000))
    if rest >= _HOUR:
        rest = round(rest / _MINUTE) * _MINUTE
    parts: list[str] = []
    for size, unit in _UNITS:
        count, rest = divmod(rest, size)
        if count or (size == _SECOND and not parts):
            parts.append(format_unit(count, unit, length="short", locale=locale))
    glue = "" if locale.startswith(_TOGETHER) and "Hant" not in locale else " "
    return glue.join(parts).replace(" ", "\u00a0") if glue else glue.join(parts)


def date_text(day: str, language: str | None) -> str:
    """A day written ``2024-02-20`` in the language's long form; anything else as it is.

    >>> date_text("2024-02-20", "de"), date_text("2024-02-20", "ja"), date_text("2024", "de")
    ('20. Februar 2024', '2024年2月20日', '2024')
    """
    locale = _locale(language)
    try:
        date = datetime.date.fromisoformat(day)
    except ValueError:
        return day
    if locale is None:
        return day
    from babel.dates import format_date

    return format_date(date, "long", locale=locale)


def list_separator(language: str | None) -> str:
    """What stands between the parts of a list that goes on.

    >>> list_separator("en"), list_separator("zh"), list_separator("ar")
    (', ', '、', ' و')
    """
    from babel.core import Locale

    pattern: str = Locale.parse(_locale(language) or "en").list_patterns["standard"]["middle"]
    return pattern.removeprefix("{0}").removesuffix("{1}")


@lru_cache(maxsize=64)
def _locale(language: str | None) -> str | None:
    """Babel's name of a language; None for English and for what CLDR does not have."""
    from babel.core import Locale, UnknownLocaleError

    if not language or language.lower().startswith("en"):
        return None
    try:
        return str(Locale.parse(language.replace("_", "-"), sep="-"))
    except (UnknownLocaleError, ValueError):
        return None

"""Language codes: without region or script, in two letters where there are two, compared."""

from __future__ import annotations

import re

# The codes of ISO 639-2/B that differ from the ones of ISO 639-2/T; Matroska files use them.
_BIBLIOGRAPHIC = {
    "alb": "sq", "arm": "hy", "baq": "eu", "bur": "my", "chi": "zh", "cze": "cs", "dut": "nl",
    "fre": "fr", "geo": "ka", "ger": "de", "gre": "el", "ice": "is", "mac": "mk", "mao": "mi",
    "may": "ms", "per": "fa", "rum": "ro", "slo": "sk", "tib": "bo", "wel": "cy",
}  # fmt: skip


def base_language(tag: str | None) -> str | None:
    """The language of a tag without region or script, in small letters; None stays None.

    >>> base_language("pt-BR"), base_language("zh_Hant_TW"), base_language(None)
    ('pt', 'zh', None)
    """
    return tag.replace("_", "-").split("-")[0].lower() or None if tag else None


def short_code(code: str) -> str:
    """The two-letter form of a three-letter code; any other code as it is.

    >>> short_code("eng"), short_code("ger"), short_code("en-GB"), short_code("yue")
    ('en', 'de', 'en-GB', 'yue')
    """
    if len(code) != 3:
        return code
    from yt_dlp.utils import ISO639Utils

    lower = code.lower()
    return _BIBLIOGRAPHIC.get(lower) or ISO639Utils.long2short(lower) or code


def same_language(first: str | None, second: str | None) -> bool:
    """Whether two codes name one language: ``en``, ``en-US`` and ``eng`` do.

    >>> same_language("en-US", "en"), same_language(None, "en")
    (True, False)
    """
    if first is None or second is None:
        return False
    return _base(first) == _base(second)


def _base(code: str) -> str:
    return short_code(re.split("[-_]", code.lower())[0])

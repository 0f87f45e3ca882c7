"""Language codes: without region or script, in two letters where there are two, compared."""

from __future__ import annotations

_TRADITIONAL = ("hant", "tw", "hk", "mo")
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


def is_traditional(tag: str | None) -> bool:
    """Whether a tag stands for Chinese in traditional characters, by its script or its place.

    >>> is_traditional("zh-TW"), is_traditional("yue"), is_traditional("zh_Hans_HK")
    (True, True, False)
    """
    base, *rest = (tag or "").lower().replace("_", "-").split("-")
    if base not in ("zh", "yue", "chi", "zho") or "hans" in rest:
        return False
    return base == "yue" or any(part in _TRADITIONAL for part in rest)


def written_language(tag: str | None) -> str | None:
    """The language of a tag as it is written: two letters where there are, Chinese with its script.

    >>> written_language("deu"), written_language("zh-TW"), written_language("zh-CN")
    ('de', 'zh-Hant', 'zh')
    """
    base = base_language(tag)
    if base is None:
        return None
    return f"{short_code(base)}-Hant" if base != "yue" and is_traditional(tag) else short_code(base)


def same_language(first: str | None, second: str | None) -> bool:
    """Whether two codes surely name one language: ``en``, ``en-US`` and ``eng`` do.

    >>> same_language("en-US", "eng"), same_language("zh-Hans", "zh-Hant")
    (True, True)
    >>> same_language(None, "en")
    False
    """
    if not first or not second:
        return False
    return written_language(base_language(first)) == written_language(base_language(second))


def other_language(first: str | None, second: str | None) -> bool:
    """Whether a text in the one surely has to be translated, or put into the other's characters.

    False where one of them is not known; simplified and traditional Chinese differ here.

    >>> other_language("zh-Hans", "zh-TW"), other_language("eng", "en-GB"), other_language("", "en")
    (True, False, False)
    """
    if not first or not second:
        return False
    return written_language(first) != written_language(second)

"""The language of the chapter, and its name as a model understands it."""

from __future__ import annotations

from pipeline.models import Video
from pipeline.settings.write import WriteSettings
from pipeline.text.languages.codes import written_language

_NAMES = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese (simplified characters)",
    "zh-Hant": "Chinese (traditional characters)",
}


def chapter_language(write: WriteSettings, video: Video) -> str | None:
    """The code of the language to write in: the setting's, else the lecture's, else None."""
    return write.language or video.language


def language_name(code: str | None) -> str:
    """The name of a language for a prompt.

    >>> language_name("zh-HK"), language_name("en-US"), language_name(None)
    ('Chinese (traditional characters)', 'English', 'the language of the lecture')
    """
    if not code:
        return "the language of the lecture"
    return _NAMES.get(written_language(code) or "", code)

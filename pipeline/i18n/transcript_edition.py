"""The few words that the transcript edition adds, in the lecture's language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipeline.i18n.page import page_language


@dataclass(frozen=True)
class EditionWords:
    """The words of one language, from ``transcript_edition.json``.

    ``at_time`` is a format with the field ``{clock}``; ``stop`` ends a sentence, ``quotes`` are the
    marks around a title (CLDR's delimiters), ``colon`` stands behind a label. ``screen_begins``
    and ``screen_ends`` are comments where code goes on beyond the screen.
    """

    on_screen: str
    slide: str
    code: str
    diagram: str
    screen: str
    at_time: str
    screen_begins: str
    screen_ends: str
    own_words: str
    stop: str
    quotes: tuple[str, str]
    colon: str


def edition_words(language: str | None) -> EditionWords:
    """The words for ``language`` (``de``, ``de-AT``); English where there are none."""
    return _loaded()[page_language(language)]


@cache
def _loaded() -> dict[str, EditionWords]:
    text = (files("pipeline.i18n") / "transcript_edition.json").read_text(encoding="utf-8")
    return {
        language: EditionWords(**words | {"quotes": tuple(words["quotes"])})
        for language, words in json.loads(text).items()
    }

"""Caption files beside a local video, and telling human captions from automatic ones."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.media.languages import same_language, short_code

Kind = Literal["human", "auto"]

_FORMATS = (".vtt", ".srt", ".sbv")  # the first is taken where one language has several
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,4}")
_NOT_LANGUAGES = frozenset({"sdh", "cc", "auto", "hi", "srt", "vtt", "sub", "orig"})
_ORIGINAL = "-orig"  # what YouTube adds for the recogniser's own track, beside translations
_INLINE_TIME = re.compile(r"<(?:\d{1,4}:)?\d\d:\d\d\.\d{3}>")
_TIME_LINE = re.compile(
    r"^[^\S\n]*(?:\d+:)?\d+:\d\d[.,]\d{3}\s*(?:-->|,).*$|^[^\S\n]*\d+[^\S\n]*$", re.MULTILINE
)
_TAG = re.compile(r"<[^<>]*>|\[[^\[\]]*\]|\([^()]*\)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MARK = re.compile(r"[.,;:?!…¿¡](?=[\s\"'”’)]|$)", re.MULTILINE)
# Scripts whose captions go without punctuation when people write them, too.
_UNPUNCTUATED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
# Ten hours of automatic captions with a time for every word have 5 MB.
MOST_CAPTION_BYTES = 8 << 20
_JUDGED_BYTES = 1 << 20  # of a file, to tell who made it
_ENOUGH_WORDS = 30
_FEWEST_MARKS = 0.01  # a mark every hundred words; people set one every five to fifteen


@dataclass(frozen=True)
class Sidecar:
    """A caption file; ``language`` is None where its name does not say one."""

    path: Path
    language: str | None
    kind: Kind


def caption_sidecars(
    video: Path, wanted: str | None = None, auto_languages: Collection[str] = ()
) -> tuple[Sidecar, ...]:
    """The caption files that belong to ``video``: ``stem.vtt``, ``stem.en.srt`` and so on.

    Args:
        wanted: a language to put first.
        auto_languages: languages known to have only automatic captions.

    Returns:
        One file for each language and kind (WebVTT before SubRip before SBV): human ones first,
        then the wanted language, then by name. Empty when there are none.
    """
    found: dict[tuple[str | None, Kind], Sidecar] = {}
    candidates = [path for path in video.parent.iterdir() if _belongs(path, video)]
    for path in sorted(candidates, key=lambda path: (_FORMATS.index(path.suffix.lower()), path)):
        code = _language_in(path, video)
        language = code.removesuffix(_ORIGINAL) if code else None
        kind = _kind(path, code, auto_languages)
        found.setdefault((language, kind), Sidecar(path, language, kind))
    return tuple(
        sorted(
            found.values(),
            key=lambda track: (
                track.kind == "auto",
                not same_language(track.language, wanted),
                track.language or "",
            ),
        )
    )


def looks_automatic(text: str) -> bool:
    """Whether a caption file's text was made by a recogniser rather than a person.

    It has times inside its lines (YouTube's rolling form), or hardly any punctuation. Captions of
    fewer than 30 words, or in a script that is captioned without punctuation (Chinese, Japanese,
    Thai, ...), count as human unless they have such times.

    >>> looks_automatic("hi everyone so in this video " * 10)
    True
    >>> looks_automatic("Hi, everyone. In this video we build a tokenizer. " * 10)
    False
    """
    if _INLINE_TIME.search(text):
        return True
    speech = _TAG.sub(" ", _TIME_LINE.sub("", text))
    words = len(_WORD.findall(speech))
    if words < _ENOUGH_WORDS or len(_UNPUNCTUATED.findall(speech)) > words / 4:
        return False
    return len(_MARK.findall(speech)) < words * _FEWEST_MARKS


def _belongs(path: Path, video: Path) -> bool:
    return (
        path.suffix.lower() in _FORMATS
        and (path.stem == video.stem or path.name.startswith(f"{video.stem}."))
        and "live_chat" not in path.name
        and path.is_file()
    )


def _language_in(path: Path, video: Path) -> str | None:
    """The part of ``stem.en.vtt`` or ``stem.auto.en.vtt`` that is a language code."""
    for part in path.name[len(video.stem) :].split(".")[1:-1]:
        if _LANGUAGE.fullmatch(part) and part.lower() not in _NOT_LANGUAGES:
            return short_code(part)
    return None


def _kind(path: Path, code: str | None, auto_languages: Collection[str]) -> Kind:
    if ".auto." in path.name or (code or "").endswith(_ORIGINAL) or code in auto_languages:
        return "auto"
    with path.open("rb") as file:
        text = file.read(_JUDGED_BYTES).decode("utf-8", "replace")
    return "auto" if looks_automatic(text) else "human"

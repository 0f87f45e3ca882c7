"""Caption files beside a local video."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pipeline.models import CaptionKind
from pipeline.text.languages.codes import same_language, short_code
from pipeline.text.scripts import main_script
from pipeline.transcript.captions.decode import decode
from pipeline.transcript.captions.origin import looks_automatic

_FORMATS = (".vtt", ".srt", ".sbv")  # the first is taken where one language has several
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,4}")
_NOT_LANGUAGES = frozenset({"sdh", "cc", "auto", "hi", "srt", "vtt", "sub", "orig"})
_ORIGINAL = "-orig"  # what YouTube adds for the recogniser's own track, beside translations
_JUDGED_BYTES = 1 << 20  # of a file, to tell who made it


@dataclass(frozen=True)
class Sidecar:
    """A caption file; ``language`` is None where its name does not say one."""

    path: Path
    language: str | None
    kind: CaptionKind


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
    found: dict[tuple[str | None, CaptionKind], Sidecar] = {}
    candidates = [path for path in video.parent.iterdir() if _belongs(path, video)]
    for path in sorted(candidates, key=lambda path: (_FORMATS.index(path.suffix.lower()), path)):
        code, text = _language_in(path, video), _text(path)
        if code is None and ".hi." in path.name and _is_devanagari(text):
            code = "hi"  # Hindi, not "for the hearing impaired"
        language = code.removesuffix(_ORIGINAL) if code else None
        kind = _kind(path, text, code, auto_languages)
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


def _belongs(path: Path, video: Path) -> bool:
    return (
        path.suffix.lower() in _FORMATS
        and (path.stem == video.stem or path.name.startswith(f"{video.stem}."))
        and "live_chat" not in path.name
        and ".forced." not in path.name[len(video.stem) :].lower()  # foreign passages alone
        and path.is_file()
    )


def _language_in(path: Path, video: Path) -> str | None:
    return language_of_name(path.name[len(video.stem) :])


def language_of_name(name: str) -> str | None:
    """The part of ``stem.en.vtt`` or ``stem.auto.en.vtt`` that is a language code.

    >>> language_of_name("talk.auto.en.vtt"), language_of_name("talk.vtt")
    ('en', None)
    """
    for part in name.split(".")[1:-1]:
        if _LANGUAGE.fullmatch(part) and part.lower() not in _NOT_LANGUAGES:
            return short_code(part)
    return None


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return decode(file.read(_JUDGED_BYTES)).text


def _is_devanagari(text: str) -> bool:
    script = main_script(text)
    return script is not None and script.code == "Deva"


def _kind(path: Path, text: str, code: str | None, auto_languages: Collection[str]) -> CaptionKind:
    if ".auto." in path.name or (code or "").endswith(_ORIGINAL) or code in auto_languages:
        return "auto"
    return "auto" if looks_automatic(text) else "human"

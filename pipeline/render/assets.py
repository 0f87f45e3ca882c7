"""The style sheet, scripts and font of the page, as files for ``assets/``."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_STATIC = files("pipeline.render") / "static"
_SHARED = ("00-start.js", "10-theme.js", "60-search.js", "70-keys.js")


@cache
def style_sheet() -> str:
    """The CSS parts of ``static/css`` in the order of their names."""
    return "\n".join(part for _, part in _named(_STATIC / "css"))


@cache
def script() -> str:
    """The page's script: the parts of ``static/js/chapter`` in the order of their names."""
    return "\n".join(part for _, part in _named(_STATIC / "js" / "chapter"))


@cache
def shared_script() -> str:
    """What every page has: theme, search over all chapters, keys."""
    named = _named(_STATIC / "js" / "chapter")
    return "\n".join(part for name, part in named if name in _SHARED)


@cache
def library_script() -> str:
    """The library page's script: what it shares with the chapter, and its own parts."""
    own = [part for _, part in _named(_STATIC / "js" / "library")]
    return "\n".join([shared_script(), *own])


@cache
def theme_script() -> str:
    """The script that runs before the page is drawn."""
    return (_STATIC / "js" / "theme.js").read_text(encoding="utf-8")


@cache
def search_library() -> str:
    """MiniSearch, with its licence's notice."""
    folder = _STATIC / "vendor"
    notice = (folder / "minisearch.LICENSE.txt").read_text(encoding="utf-8").strip()
    code = (folder / "minisearch.js").read_text(encoding="utf-8")
    return f"/*! MiniSearch\n{notice}\n*/\n{code}"


def epub_style() -> str:
    """The style sheet of the EPUB book."""
    return (_STATIC / "epub" / "epub.css").read_text(encoding="utf-8")


def font_files() -> dict[str, bytes]:
    """The bundled fonts' files by name, with their licences."""
    return {file.name: file.read_bytes() for file in (_STATIC / "fonts").iterdir()}


def asset_files() -> dict[str, bytes]:
    """Everything for ``assets/`` that does not depend on the chapter."""
    texts = {
        "chapter.css": style_sheet(),
        "chapter.js": script(),
        "theme.js": theme_script(),
        "minisearch.js": search_library(),
        "icon.svg": (_STATIC / "icon.svg").read_text(encoding="utf-8"),
    }
    return {name: text.encode() for name, text in texts.items()} | font_files()


def assets_fingerprint() -> str:
    """A hash over templates, strings, styles, scripts and fonts: what a page depends on."""
    digest = hashlib.sha256()
    site, words = files("pipeline.render"), files("pipeline.i18n")
    for folder in (site / "static", site / "templates", words / "strings"):
        for path in _walk(folder):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _named(folder: Traversable) -> list[tuple[str, str]]:
    """The text files of a folder with their names, in the order of the names."""
    found = sorted(folder.iterdir(), key=lambda one: one.name)
    return [(one.name, one.read_text(encoding="utf-8")) for one in found]


def _walk(folder: Traversable) -> list[Traversable]:
    found: list[Traversable] = []
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        found += _walk(one) if one.is_dir() else [one]
    return found

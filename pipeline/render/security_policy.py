"""The page's Content-Security-Policy: nothing but ours runs, nothing comes from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

# Only these may be framed, and only after the reader asked for the player.
PLAYERS = (
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
    "https://player.bilibili.com",
)
_COMMON = f"base-uri 'none'; form-action 'none'; frame-src {' '.join(PLAYERS)}"


def source_hash(text: str) -> str:
    """The ``sha256-...`` by which a policy knows a script or a style sheet in the page itself."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def linked_policy(script_hashes: Sequence[str] = (), style_hashes: Sequence[str] = ()) -> str:
    """For a page with its assets beside it, and exactly these scripts and styles within it."""
    scripts = " ".join(["'self'", *_quoted(script_hashes)])
    styles = " ".join(["'self'", *_quoted(style_hashes)])
    return (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; font-src 'self'; "
        f"img-src 'self' data:; media-src 'self'; connect-src 'self'; {_COMMON}"
    )


def inline_policy(script_hashes: Sequence[str], style_hashes: Sequence[str]) -> str:
    """For the single file: exactly the scripts and styles with these ``sha256-...`` hashes."""
    scripts, styles = " ".join(_quoted(script_hashes)), " ".join(_quoted(style_hashes))
    return (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; font-src data:; "
        f"img-src data:; media-src 'self' data: https:; {_COMMON}"
    )


def _quoted(hashes: Sequence[str]) -> list[str]:
    return [f"'{one}'" for one in hashes]

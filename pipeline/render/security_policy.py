"""The page's Content-Security-Policy: nothing inline runs, nothing comes from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

# Only these may be framed, and only after the reader asked for the player.
PLAYERS = (
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
    "https://player.bilibili.com",
)
_COMMON = f"base-uri 'none'; form-action 'none'; frame-src {' '.join(PLAYERS)}"


def linked_policy() -> str:
    """For the page with its assets beside it."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
        f"img-src 'self' data:; media-src 'self'; connect-src 'self'; {_COMMON}"
    )


def inline_policy(script_hashes: Sequence[str], style_hashes: Sequence[str]) -> str:
    """For the single file: exactly the scripts and styles with these ``sha256-...`` hashes."""
    scripts = " ".join(f"'{one}'" for one in script_hashes)
    styles = " ".join(f"'{one}'" for one in style_hashes)
    return (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; font-src data:; "
        f"img-src data:; media-src 'self' data: https:; {_COMMON}"
    )

"""The box with the speaker's own words behind a passage."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape


def said_html(text: str, words: Mapping[str, str]) -> str:
    """A closed box that opens on a click, without any script."""
    label = escape(words["speaker_words"])
    return (
        f'<details class="said"><summary aria-label="{label}"><span>{label}</span></summary>'
        f"<blockquote>{escape(text)}</blockquote></details>"
    )

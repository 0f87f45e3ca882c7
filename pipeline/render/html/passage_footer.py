"""What follows a passage: the speaker's own words, and the link to the passage."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape


def tail_html(anchor: str, said: str, words: Mapping[str, str]) -> str:
    """A link to the passage, and (where there are words) a box that opens without any script."""
    link = (
        f'<a class="here" href="#{escape(anchor)}" aria-label="{escape(words["link_here"])}"></a>'
    )
    if not said:
        return link
    label = escape(words["speaker_words"])
    return (
        f'{link}<details class="said"><summary aria-label="{label}"></summary>'
        f"<blockquote>{escape(said)}</blockquote></details>"
    )

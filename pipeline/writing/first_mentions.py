"""Which part of a chapter has which link: an address is given where it is first mentioned."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.document.outline import Link
from pipeline.text.languages.stop_words import is_content
from pipeline.text.words import bare, words

# Of a title's words, what a mention has of them: "the GPT-2 paper", and the title is longer.
_MENTIONED = 0.6


def links_by_part(links: Sequence[Link], texts: Sequence[str]) -> list[tuple[Link, ...]]:
    """The links of each part, in their order.

    A link belongs to the first part that has most of the words of its title, else to the one that
    has more of them than the others; one of which no part has a word belongs to all.

    Args:
        texts: what is said and shown in each part, in the order of the lecture.
    """
    said = [bare(text) for text in texts]
    owners = [_owner(link, said) for link in links]
    return [
        tuple(link for link, owner in zip(links, owners, strict=True) if owner in (None, part))
        for part in range(len(texts))
    ]


def _owner(link: Link, said: Sequence[str]) -> int | None:
    keys = {bare(word) for word in words(link.title) if is_content(word)} - {""}
    # Compared without spaces: "sentence piece" is how a machine hears SentencePiece.
    shares = [sum(key in text for key in keys) / max(1, len(keys)) for text in said]
    if not any(shares):
        return None
    return next(
        (part for part, share in enumerate(shares) if share >= _MENTIONED),
        shares.index(max(shares)),
    )

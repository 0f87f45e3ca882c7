"""Names of the section files, and articles whose sections a user edited."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.document.article import Article
from pipeline.text.slugs import slug


def section_file(number: int, title: str) -> str:
    """``sections/NN-slug.md`` for the ``number``-th section (from 1).

    The slug has only small letters, digits and hyphens, so that it is safe on every file system.

    >>> section_file(3, "Why not just bytes?"), section_file(4, "注意力机制")
    ('sections/03-why-not-just-bytes.md', 'sections/04-注意力机制.md')
    """
    return f"sections/{number:02d}-{slug(title).replace('_', '-') or 'section'}.md"


def with_edits(article: Article, edited: Mapping[str, str]) -> Article:
    """``article`` with the text of each edited section file in place of its own.

    Args:
        edited: file names (see ``section_file``) and their texts; names of no section are ignored.
    """
    sections = []
    for number, section in enumerate(article.sections, start=1):
        text = edited.get(section_file(number, section.title))
        edit = None if text is None else text.strip() + "\n"
        sections.append(section if edit is None else section.with_markdown(edit))
    return article.model_copy(update={"sections": tuple(sections)})

"""What part of its screen each figure shows."""

from __future__ import annotations

from collections.abc import Container, Sequence

from pipeline.document.article import Article
from pipeline.document.blocks import AnyBlock, Figure
from pipeline.document.walk import changed
from pipeline.models import Frame


def with_crops(article: Article, frames: Sequence[Frame], edited: Container[int] = ()) -> Article:
    """The article whose figures show the content of their screens (``Frame.crop``).

    Args:
        edited: numbers (from 0) of the sections that stay as a user left them.
    """
    crops = {frame.id: frame.crop for frame in frames}

    def cropped(block: AnyBlock) -> list[AnyBlock]:
        if isinstance(block, Figure) and block.crop is None:
            return [block.model_copy(update={"crop": crops.get(block.frame)})]
        return [block]

    sections = (
        section if number in edited else section.with_blocks(changed(section.blocks, cropped))
        for number, section in enumerate(article.sections)
    )
    return article.model_copy(update={"sections": tuple(sections)})

"""The written chapter: ``write/article.json`` and ``check/article.json``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import Field, model_validator

from pipeline.document.blocks import AnyBlock, Blocks, settled
from pipeline.document.parse import numbered, parse, parse_edited
from pipeline.document.serialise import serialise
from pipeline.document.walk import figures
from pipeline.models import Edition, Model, Usage


class Section(Model):
    """One written section.

    ``blocks`` are its content, ``markdown`` the same as text, with ``[[s0012]]`` citations and
    ``frame:ID`` figures; ``segments`` are its own, ``figures`` the frames it shows, in order. A
    section that comes without blocks (of an older file) gets them from its text.
    """

    id: str
    title: str
    start_ms: int = Field(ge=0)
    end_ms: int = Field(ge=0)
    markdown: str
    blocks: Blocks = ()
    segments: tuple[str, ...]
    figures: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _with_its_blocks(cls, data: Any) -> Any:
        if not isinstance(data, dict) or data.get("blocks") or not data.get("markdown"):
            return data
        ids = numbered(cell_prefix(str(data.get("id"))))
        blocks = parse(data["markdown"], ids)
        return {"figures": _frames_in(blocks)} | data | {"blocks": blocks}

    def with_blocks(self, blocks: Iterable[AnyBlock]) -> Section:
        """The section with other content."""
        made = settled(blocks)
        return self._with(serialise(made), made)

    def with_markdown(self, markdown: str) -> Section:
        """The section with a text that a user edited; cells that are as they were keep ids."""
        made = parse_edited(markdown, self.blocks, numbered(cell_prefix(self.id)))
        return self._with(markdown, made)

    def _with(self, markdown: str, blocks: tuple[AnyBlock, ...]) -> Section:
        return self.model_copy(
            update={"markdown": markdown, "blocks": blocks, "figures": _frames_in(blocks)}
        )


class Article(Model):
    """A chapter: its sections in order, and what the model that wrote it was asked."""

    title: str
    edition: Edition
    model: str | None = None
    sections: tuple[Section, ...]
    usage: Usage = Usage()


def _frames_in(blocks: Iterable[AnyBlock]) -> tuple[str, ...]:
    return tuple(figure.frame for figure in figures(blocks))


def cell_prefix(section: str) -> str:
    """What the ids of a section's cells begin with. The ids of sections are edited by hand.

    >>> cell_prefix("sec01"), cell_prefix("My section!")
    ('sec01-', 'My-section-')
    """
    return f"{re.sub(r'[^A-Za-z0-9_.]+', '-', section).strip('-._') or 'section'}-"

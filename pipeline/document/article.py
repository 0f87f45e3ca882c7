"""The written chapter (``write/article.json``, ``check/article.json``), the files of its sections,
and ``write/fidelity.json``: how far it keeps to the lecture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from pipeline.document.blocks import AnyBlock, Blocks, settled
from pipeline.document.parse import numbered, parse, parse_edited
from pipeline.document.serialise import serialise
from pipeline.document.walk import figures
from pipeline.models import Edition, Model, Usage
from pipeline.text.slugs import slug

CheckResult = Literal["passed", "failed", "not for this language"]


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


class SectionFidelity(Model):
    """How far one written section keeps to the lecture.

    ``words_in`` are the words spoken, ``words_out`` those written (code and citations not counted).
    ``not_covered`` are segments whose content is missing from the text; ``problems`` what is still
    wrong after all repairs, one line each; ``repairs`` how many passages were written again.
    ``edition`` is transcript where no part was written by the model; ``replaced`` names the parts
    in which the lecturer's own words stand in place of the model's, and why; ``left_out`` are the
    segments that the writer left out, and why. ``checks`` says of each check: ``passed``,
    ``failed``, or ``not for this language`` where there is none.
    """

    id: str
    title: str
    words_in: int = 0
    words_out: int = 0
    not_covered: tuple[str, ...] = ()
    numbers_without_source: tuple[str, ...] = ()
    identifiers_without_source: tuple[str, ...] = ()
    citations_checked: int = 0
    figures_checked: int = 0
    repairs: int = 0
    problems: tuple[str, ...] = ()
    edition: Edition = "llm"
    replaced: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    checks: Mapping[str, CheckResult] = Field(default_factory=dict)


class FidelityReport(Model):
    """``write/fidelity.json``: one entry per section, in order."""

    sections: tuple[SectionFidelity, ...]

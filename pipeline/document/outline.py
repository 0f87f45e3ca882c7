"""The plan of a chapter: ``outline/outline.json``, and what a book tells of earlier chapters."""

from __future__ import annotations

from pydantic import Field

from pipeline.models import Edition, Model


class GlossaryTerm(Model):
    """The right spelling of a term, and how the recogniser wrote it.

    ``written`` is its form in a chapter in another language, empty where that is the same;
    ``meaning`` says what it is, in the lecture's words, empty where nobody needs to be told.
    """

    term: str
    written: str = ""
    heard_as: tuple[str, ...] = ()
    meaning: str = ""


class Link(Model):
    """An address known from the description, the screen or the speech."""

    title: str
    url: str


class OutlineSection(Model):
    """One section: its first and last segment, and the names its code defines and needs.

    ``starts_at_ms`` is the start of its first sentence; inside ``first_segment`` it shares that
    segment with the section before it. None: it starts with the segment.
    """

    id: str
    title: str
    purpose: str = ""
    first_segment: str
    last_segment: str
    starts_at_ms: int | None = Field(None, ge=0)
    defines: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


class Outline(Model):
    """``outline/outline.json``: the plan of the chapter; may be edited by hand."""

    title: str
    summary: str = ""
    language: str | None = None
    edition: Edition
    model: str | None = None
    glossary: tuple[GlossaryTerm, ...] = ()
    links: tuple[Link, ...] = ()
    sections: tuple[OutlineSection, ...]


class EarlierChapter(Model):
    """A chapter before this one in the book: its title, and those of its terms that come up again
    in this lecture."""

    title: str
    terms: tuple[str, ...] = ()


class Earlier(Model):
    """``earlier.json`` (what a book tells a chapter's writer now) and ``write/earlier.json`` (what
    it was told): chapters in the order of the book, as many as there is room for."""

    chapters: tuple[EarlierChapter, ...] = ()

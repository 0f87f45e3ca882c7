"""What is laid over the finished chapter, ``corrections.json``: words corrected by hand or from the
page, and a title given in the library.

The file lies beside the stages' folders and belongs to none of them: it survives every rerun, and
nothing but the page and the exports is regenerated for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import regex
from pydantic import Field, field_validator, model_validator

from pipeline.document.article import Article
from pipeline.document.blocks import AnyBlock
from pipeline.document.characters import clean_prose
from pipeline.document.runs import Run
from pipeline.document.walk import changed, with_texts
from pipeline.engine.files import write_atomic
from pipeline.engine.workspace import Artifact, Workspace, to_json
from pipeline.errors import RenderError
from pipeline.models import Cue, Model, Segment
from pipeline.render.chapter import Sources

Replace = Callable[[str], str]
# Each goes over the whole chapter: so many are a minute for two hours of lecture.
MOST_CORRECTIONS = 1_000
# Letters that all of them together may add, a long lecture's worth: each of "a" by "a a" doubles.
_MOST_ADDED = 1_000_000
_LONGEST_TITLE = 2_000  # of a corrected one: the same holds for it
_Spoken = TypeVar("_Spoken", Cue, Segment)


class Correction(Model):
    """``wrong`` is written ``right``: in passages and cues that begin within ``start_ms`` up to
    ``end_ms`` (exclusive), or everywhere where these are None. Code stays as it is."""

    wrong: str = Field(min_length=1, max_length=200)
    right: str = Field(max_length=200)
    start_ms: int | None = Field(None, ge=0)
    end_ms: int | None = Field(None, ge=0)

    @field_validator("right")
    @classmethod
    def _is_text_of_a_line(cls, right: str) -> str:
        return clean_prose(right).replace("\n", " ")

    @model_validator(mode="after")
    def _says_something(self) -> Correction:
        if not self.wrong.strip() or self.wrong == self.right:
            raise ValueError("a correction changes something")
        if (self.start_ms is None) != (self.end_ms is None):
            raise ValueError("a place has a start and an end")
        return self

    def holds_at(self, ms: int | None) -> bool:
        """Whether it is meant for what begins at this moment."""
        if self.start_ms is None or self.end_ms is None:
            return True
        return ms is not None and self.start_ms <= ms < self.end_ms

    def applied(self, text: str) -> str:
        """``text`` with it; whole words only, whatever the spaces between them."""
        return _pattern(self.wrong).sub(lambda match: self.right, text)


class Corrections(Model):
    """The whole file: the ``title`` that the chapter was given (None: its own), and the corrections
    in the order in which they are applied."""

    title: str | None = Field(None, max_length=200)
    corrections: tuple[Correction, ...] = Field((), max_length=MOST_CORRECTIONS)

    @field_validator("title")
    @classmethod
    def _is_text_of_a_line(cls, title: str | None) -> str | None:
        return " ".join(clean_prose(title or "").split()) or None

    def titled(self, title: str) -> str:
        """What a chapter whose own title is ``title`` is called."""
        if self.title is not None:
            return self.title
        for one in self.corrections:
            title = one.applied(title)[:_LONGEST_TITLE] if one.start_ms is None else title
        return title

    def over(self, sources: Sources) -> Sources:
        """What a chapter is rendered from, with the title and the corrections laid over it."""
        sources = corrected(sources, self.corrections)
        if self.title is None:
            return sources
        update = {"title": self.title}
        return replace(
            sources,
            article=sources.article.model_copy(update=update),
            outline=sources.outline.model_copy(update=update),
        )


CORRECTIONS = Artifact("corrections.json", Corrections)


def corrections_of(workspace: Workspace) -> Corrections:
    """What was corrected; nothing where there is no file.

    Raises:
        ArtifactError: the file is damaged.
    """
    if not (workspace.root / CORRECTIONS.name).is_file():
        return Corrections()
    return workspace.read(CORRECTIONS)


def add_correction(workspace: Workspace, correction: Correction) -> None:
    """Keep one more. The folder must be held (``pipeline.engine.lock.hold``).

    Raises:
        RenderError: there are ``MOST_CORRECTIONS`` already.
    """
    kept = corrections_of(workspace)
    if len(kept.corrections) >= MOST_CORRECTIONS:
        raise RenderError(
            f"{CORRECTIONS.name} holds {MOST_CORRECTIONS} corrections already",
            "edit the chapter's section files instead",
        )
    _keep(workspace, kept.model_copy(update={"corrections": (*kept.corrections, correction)}))


def rename(workspace: Workspace, title: str | None) -> None:
    """Keep the title that the chapter is given; None: its own again. The folder must be held."""
    _keep(workspace, Corrections(title=title, corrections=corrections_of(workspace).corrections))


def _keep(workspace: Workspace, made: Corrections) -> None:
    write_atomic(workspace.root / CORRECTIONS.name, to_json(made))


def corrected(sources: Sources, corrections: Sequence[Correction]) -> Sources:
    """What a chapter is rendered from, with the corrections laid over its words.

    Raises:
        RenderError: they make the text longer without end.
    """
    added = 0

    def counted(one: Correction) -> Replace:
        def applied(text: str) -> str:
            nonlocal added
            made = one.applied(text)
            added += max(0, len(made) - len(text))
            if added > _MOST_ADDED:
                raise RenderError(
                    f"{CORRECTIONS.name}: the corrections add more than {_MOST_ADDED:,} letters, "
                    f"at the latest with {one.wrong[:40]!r}",
                    "take out those that repeat what they replace",
                )
            return made

        return applied

    for one in corrections:
        sources = _with(sources, one, counted(one))
    return sources


def _with(sources: Sources, one: Correction, applied: Replace) -> Sources:
    everywhere: Replace = applied if one.start_ms is None else lambda text: text
    outline = sources.outline
    cues = tuple(_spoken(cue, one, applied) for cue in sources.transcript.cues)
    segments = tuple(_spoken(segment, one, applied) for segment in sources.segments.segments)
    titles = {"title": everywhere(outline.title), "summary": everywhere(outline.summary)}
    return replace(
        sources,
        article=_article(sources.article, one, applied, everywhere),
        outline=outline.model_copy(update=titles),
        transcript=sources.transcript.model_copy(update={"cues": cues}),
        segments=sources.segments.model_copy(update={"segments": segments}),
    )


def _spoken(piece: _Spoken, one: Correction, applied: Replace) -> _Spoken:
    if not one.holds_at(piece.start_ms):
        return piece
    return piece.model_copy(update={"text": applied(piece.text)})


def _article(article: Article, one: Correction, applied: Replace, everywhere: Replace) -> Article:
    sections = []
    for section in article.sections:
        moment, blocks = section.start_ms, list[AnyBlock]()
        for block in section.blocks:
            moment = moment if block.moment_ms is None else block.moment_ms
            blocks += _block(block, applied) if one.holds_at(moment) else [block]
        made = section.with_blocks(blocks)
        sections.append(made.model_copy(update={"title": everywhere(section.title)}))
    update = {"title": everywhere(article.title), "sections": tuple(sections)}
    return article.model_copy(update=update)


def _block(block: AnyBlock, applied: Replace) -> tuple[AnyBlock, ...]:
    def words(found: Sequence[Run]) -> Iterable[Run]:
        for run in found:
            yield replace(run, text=applied(run.text)) if run.kind == "text" else run

    return changed([block], lambda inner: [with_texts(inner, words)])


def _pattern(wrong: str) -> regex.Pattern[str]:
    words = r"\s+".join(map(regex.escape, wrong.split()))
    spaced = r"[\p{L}\p{M}\p{N}_--\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]"
    return regex.compile(rf"(?<!{spaced}(?={spaced})){words}(?!(?<={spaced}){spaced})", regex.V1)

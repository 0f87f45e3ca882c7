"""What is laid over the finished chapter, ``corrections.json``: words corrected by hand or from the
page, and a title given in the library.

The file lies beside the stages' folders and belongs to none of them: it survives every rerun, and
nothing but the page and the exports is regenerated for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from pipeline.artifacts import CORRECTIONS
from pipeline.document.article import Article
from pipeline.document.blocks import AnyBlock
from pipeline.document.corrections import MOST_CORRECTIONS, Correction, Corrections, Growth
from pipeline.document.runs import Run
from pipeline.document.walk import changed, with_texts
from pipeline.engine.files import write_atomic
from pipeline.engine.workspace import Workspace, to_json
from pipeline.errors import RenderError
from pipeline.models import Cue, Segment
from pipeline.render.chapter import Sources

Replace = Callable[[str], str]
_Spoken = TypeVar("_Spoken", Cue, Segment)


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


def corrected_sources(sources: Sources, made: Corrections) -> Sources:
    """What a chapter is rendered from, with the title and the corrections laid over it.

    Raises:
        RenderError: the corrections make the text longer without end.
    """
    sources = corrected(sources, made.corrections)
    if made.title is None:
        return sources
    update = {"title": made.title}
    return replace(
        sources,
        article=sources.article.model_copy(update=update),
        outline=sources.outline.model_copy(update=update),
    )


def corrected(sources: Sources, corrections: Sequence[Correction]) -> Sources:
    """What a chapter is rendered from, with the corrections laid over its words.

    Raises:
        RenderError: they make the text longer without end.
    """
    growth = Growth()

    def counted(one: Correction) -> Replace:
        def applied(text: str) -> str:
            made = one.applied(text)
            growth.add(len(made) - len(text), one)
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

"""The write stage: the text of the chapter, section by section."""

from __future__ import annotations

import os
from collections.abc import Mapping

from pipeline.artifacts import CORRECTIONS_TAKEN, OUTLINE, SEGMENTS, TRANSCRIPT, VIDEO
from pipeline.document.article import Article, section_file, with_edits
from pipeline.document.corrections import Corrections
from pipeline.document.outline import Outline
from pipeline.document.passage_times import with_passage_times
from pipeline.engine.stage import Context, Request, Stage, pick
from pipeline.engine.workspace import Workspace
from pipeline.errors import UsageError
from pipeline.llm.prompts import prompt_hashes
from pipeline.llm.reply_store import recording_hash
from pipeline.llm.stage_client import open_client
from pipeline.models import Segments, Transcript
from pipeline.render.corrections import corrections_of
from pipeline.settings.config import Config
from pipeline.settings.llm import LLMSettings
from pipeline.settings.outline import OutlineSettings
from pipeline.settings.write import WriteSettings
from pipeline.text.languages.codes import other_language
from pipeline.writing import writer
from pipeline.writing.corrected_speech import corrected_speech
from pipeline.writing.earlier_chapters import TAKEN, changes, earlier_chapters, earlier_hash
from pipeline.writing.edition import chosen_edition, wanted_edition
from pipeline.writing.figure_crops import with_crops
from pipeline.writing.regeneration import (
    Regeneration,
    load_regenerations,
    save_regenerations,
)
from pipeline.writing.transcript_edition.edition import write_transcript
from pipeline.writing.transcript_edition.report import report


def depends(config: Config) -> Mapping[str, str]:
    """The edition, and the settings that matter to it."""
    edition = wanted_edition(config.write, config.llm, os.environ)
    if edition == "transcript":
        return {"edition": edition, **pick(config, "outline", "write.language")}
    return {"edition": edition, **pick(config, "write", "llm"), **prompt_hashes(*writer.PROMPTS)}


def observes(request: Request) -> Mapping[str, str]:
    """The recorded replies, when they stand in for a server."""
    return {"recorded replies": recording_hash(request.replay)} if request.replay else {}


def finds(workspace: Workspace, config: Config) -> Mapping[str, str]:
    """The earlier chapters of the book, as far as the writer is told of them."""
    if wanted_edition(config.write, config.llm, os.environ) == "transcript":
        return {}
    earlier = earlier_chapters(workspace, config.write.follow_book)
    return {"earlier chapters": earlier_hash(earlier)} if earlier.chapters else {}


def overwrites(request: Request, name: str) -> bool:
    """Whether a forced run replaces this hand-edited section: only the one that was asked for."""
    number = request.only_section
    return number is None or name.startswith(f"sections/{number:02d}-")


def remark(workspace: Workspace, config: Config) -> str:
    """How the book has changed before a chapter that keeps its text."""
    if wanted_edition(config.write, config.llm, os.environ) == "transcript":
        return ""
    changed = changes(workspace)
    return f"earlier chapters changed since it was written: {changed}" if changed else ""


def run(context: Context, config: Config) -> None:
    """Write ``article.json``, ``fidelity.json`` and ``sections/NN-slug.md``; in a book also
    ``earlier.json``, and with corrections ``corrections.json``.

    Raises:
        OutlineError: the outline does not cover the segments in order (after a hand edit).
        UsageError: a section is to be written again that does not exist, or was edited by hand.
        LLMError: the model cannot be asked, or refuses; the message names the section.
    """
    replay = context.request.replay
    if chosen_edition(config.write, config.llm, os.environ, replay) == "llm":
        _by_model(context, config.write, config.llm)
    else:
        _from_transcript(context, config.outline, config.write.language)


def _from_transcript(context: Context, settings: OutlineSettings, wanted: str | None) -> None:
    workspace = context.workspace
    segments, transcript = _speech(context)
    spoken = transcript.language or workspace.read(VIDEO).language
    if other_language(wanted, spoken):
        context.progress.warn(
            f"write.language is {wanted}, but without a language model nothing is translated: the "
            f"chapter stays in the language of the lecture ({spoken}); name a model (llm.model)"
        )
    plan = workspace.read(OUTLINE)
    written = write_transcript(workspace.read(VIDEO), segments, transcript, plan, settings)
    article = with_edits(with_crops(written, segments.frames), context.edited)
    _write_sections(context, article)
    context.folder.write_json("fidelity.json", report(article, segments))
    context.folder.write_json("article.json", with_passage_times(article, segments, transcript))


def _by_model(context: Context, write: WriteSettings, llm: LLMSettings) -> None:
    workspace = context.workspace
    segments, transcript = _speech(context)
    plan = workspace.read(OUTLINE)
    files = [section_file(n, section.title) for n, section in enumerate(plan.sections, start=1)]
    edited = {n: context.edited[name] for n, name in enumerate(files) if name in context.edited}
    earlier = earlier_chapters(workspace, write.follow_book)
    if earlier.chapters:  # kept before the first reply is: from then on it counts
        context.folder.write_json(TAKEN, earlier)
    article, fidelity = writer.write_chapter(
        open_client(workspace, "write", llm, context.progress, context.request.replay),
        workspace.read(VIDEO),
        segments,
        transcript,
        plan,
        write,
        llm,
        workspace.root,
        context.progress,
        _redos(context, plan, edited),
        edited,
        earlier,
    )
    article = with_crops(article, segments.frames, edited)
    _write_sections(context, article)
    context.folder.write_json("fidelity.json", fidelity)
    context.folder.write_json("article.json", with_passage_times(article, segments, transcript))


def _speech(context: Context) -> tuple[Segments, Transcript]:
    """The words of the lecture, with the corrections that the chapter's writer is given.

    Those are what ``corrections.json`` holds when the whole chapter is asked for, and what was
    taken then ever after: each changes a question, which a mere ``run`` would pay for again.
    """
    workspace, request = context.workspace, context.request
    asked = request.stage_alone or context.overwrite
    if asked and request.only_section is None:
        made = corrections_of(workspace).corrections
    else:
        path = workspace.root / CORRECTIONS_TAKEN.name
        made = workspace.read(CORRECTIONS_TAKEN).corrections if path.is_file() else ()
    if made:  # kept before the first reply is
        context.folder.write_json("corrections.json", Corrections(corrections=made))
    return corrected_speech(workspace.read(SEGMENTS), workspace.read(TRANSCRIPT), made)


def _redos(
    context: Context, plan: Outline, edited: Mapping[int, str]
) -> Mapping[str, Regeneration]:
    """How often each section was asked for again, this time included."""
    path = context.folder.work / "redo.json"
    redos = load_regenerations(path)
    number = context.request.only_section
    if number is None:
        return redos
    if not 1 <= number <= len(plan.sections):
        raise UsageError(f"there is no section {number}: the outline has {len(plan.sections)}")
    if number - 1 in edited:
        raise UsageError(
            f"section {number} was edited by hand and is kept",
            "--force rewrites it, and keeps your other sections",
        )
    name = plan.sections[number - 1].id
    before = redos.get(name, Regeneration())
    redos = {**redos, name: Regeneration(before.take + 1, context.request.instructions)}
    save_regenerations(path, redos)
    return redos


def _write_sections(context: Context, article: Article) -> None:
    names = []
    for number, section in enumerate(article.sections, start=1):
        names.append(section_file(number, section.title))
        context.folder.write_text(names[-1], section.markdown)
    for name in sorted(set(context.edited) - set(names)):
        context.progress.warn(f"write/{name} belongs to no section of the outline now")


STAGE = Stage(
    name="write",
    version=21,
    reads=(
        VIDEO.name,
        TRANSCRIPT.name,
        SEGMENTS.name,
        OUTLINE.name,
    ),
    depends=depends,
    run=run,
    editable=("sections/*.md",),
    observes=observes,
    finds=finds,
    overwrites=overwrites,
    remark=remark,
)

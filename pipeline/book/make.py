"""Making a book: list the sources, run what is missing, put the chapters together."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pipeline import demo
from pipeline.artifacts import CHECKED
from pipeline.book import record as records
from pipeline.book.assembly import assemble
from pipeline.book.earlier_chapters import kept_as_written
from pipeline.book.engines.coordinator import Coordinator, ProgressEvent, SpendingLimits
from pipeline.book.engines.lecture_step import StageWork
from pipeline.book.engines.plan import (
    STEPS,
    STEPS_WITH_MODEL,
    BookLecture,
    BookPlan,
    Engine,
    StepResult,
)
from pipeline.book.engines.selection import engine_named
from pipeline.book.filters import Filters
from pipeline.book.listing import SourceEntry, SourceListing, list_sources
from pipeline.book.record import BookEntry, BookRecord
from pipeline.engine.lock import hold
from pipeline.engine.progress import Progress
from pipeline.engine.stage import Request
from pipeline.engine.symlink_guard import check_links
from pipeline.engine.workspace import Workspace
from pipeline.errors import PipelineError
from pipeline.llm.reply_store import reply_folders
from pipeline.llm.spending.account import spent_on
from pipeline.llm.spending.limits import Amount
from pipeline.redaction import public_url
from pipeline.render.corrections import corrections_of
from pipeline.render.html.anchors import slug
from pipeline.render.library_index import BOOKS
from pipeline.settings.config import Config
from pipeline.sources.ids import is_url
from pipeline.writing.edition import wanted_edition


@dataclass(frozen=True)
class BookRequest:
    """What the user asked for."""

    sources: tuple[str, ...]
    output: Path
    title: str | None = None
    engine: str = "local"
    filters: Filters = field(default_factory=Filters)
    trust_code: bool = False
    replay: str | None = None


class BookObserver(Protocol):
    """Watches an engine at work."""

    def __call__(self, event: ProgressEvent | StepResult, /) -> None:
        """Something happened."""

    def close(self) -> None:
        """Nothing more comes."""


@dataclass(frozen=True)
class BookResult:
    """The book's first page and its entries."""

    index: Path
    record: BookRecord

    @property
    def failed(self) -> list[BookEntry]:
        """The entries that failed, in order."""
        return [entry for entry in self.record.entries if entry.state == "failed"]


def make_book(
    wish: BookRequest,
    config: Config,
    progress: Progress,
    watch: Callable[[dict[int, str]], BookObserver],
    engine: Engine | None = None,
) -> BookResult:
    """Make the book, or bring it up to date.

    Args:
        watch: given the titles of the lectures to be worked on by number, returns the listener for
            the engine's events.
        engine: another engine than the one that the wish names.

    Raises:
        SourceError: no source can be listed.
        WorkspaceError: a link among the books leads out of the output folder.
        PipelineError: the engine cannot be started, or the book's folder cannot be written.
    """
    output = wish.output.absolute()
    check_links(output / BOOKS, output)
    sources = tuple(_absolute(source) for source in wish.sources)
    listing = list_sources(sources, wish.filters, config.download, progress)
    folder, title = _folder(output, wish, sources, listing)
    with hold(folder):
        before = records.load(folder)
        entries = [_waiting(entry) for entry in listing.entries]
        removed = _removed(before, entries)
        for name in removed:
            progress.note(f"{name} is in no source any more: not in the book, its folder is kept")
        record = BookRecord(
            title=title,
            sources=tuple(public_url(source) for source in sources),
            limit=wish.filters.limit,
            match=wish.filters.match,
            after=wish.filters.after,
            before=wish.filters.before,
            entries=tuple(entries),
            removed=removed,
        )
        records.save(folder, record)
        results = _convert_all(listing, wish, output, config, watch, engine)
        record = _with_results(record, results, listing, output)
        if not any(entry.state == "done" for entry in record.entries):
            records.save(folder, record)
            raise PipelineError(
                _nothing_done(record), "the list is in " + str(folder / "book.json")
            )
        records.save(folder, record)
        lectures = [output / entry.id for entry in record.entries if entry.state == "done"]
        if _is_by_model(wish, config) and (kept := kept_as_written(lectures)):
            progress.note(
                f"{kept} chapters keep their text although chapters before them changed (status "
                "says which and how; write.follow_book=true has them written again, at their price)"
            )
        assemble(folder, record, lectures, config.book.terms)
    return BookResult(folder / "index.html", record)


def _convert_all(
    listing: SourceListing,
    wish: BookRequest,
    output: Path,
    config: Config,
    watch: Callable[[dict[int, str]], BookObserver],
    own: Engine | None,
) -> dict[int, StepResult]:
    """Run what is missing or stale; the last step done of each lecture that was worked on."""
    lectures, titles = [], {}
    for number, entry in enumerate(listing.entries, start=1):
        if entry.failure is None:
            request = Request(entry.source, trust_code=wish.trust_code, replay=wish.replay)
            lectures.append(BookLecture(number, entry.name, request))
            titles[number] = entry.title or entry.name
    folders = (folder for one in lectures for folder in reply_folders(output / one.name))
    limits = SpendingLimits(
        config.llm.max_cost,
        config.llm.max_tokens,
        config.llm.requests_per_minute,
        config.llm.tokens_per_minute,
    )
    limited = limits.max_cost is not None or limits.max_tokens is not None
    spent = spent_on(folders, config.llm, wish.replay) if limited else Amount()
    by_model = _is_by_model(wish, config)
    order = tuple(one.name for one in lectures) if by_model else ()
    work = StageWork(output, config, wish.filters, order)
    plan = BookPlan(tuple(lectures), work, STEPS_WITH_MODEL if by_model else STEPS)
    wanted = nullcontext(own) if own else engine_named(wish.engine, config, output)
    with wanted as engine, closing(watch(titles)) as listener:
        return engine.run(plan, Coordinator(limits, spent), listener)


def _is_by_model(wish: BookRequest, config: Config) -> bool:
    return wanted_edition(config.write, config.llm, os.environ, wish.replay) == "llm"


def _with_results(
    record: BookRecord, results: dict[int, StepResult], listing: SourceListing, output: Path
) -> BookRecord:
    entries, chapter = [], 0
    for number, (entry, listed) in enumerate(
        zip(record.entries, listing.entries, strict=True), start=1
    ):
        done = results.get(number)
        if listed.failure is not None:
            entries.append(entry.model_copy(update={"state": "failed", "reason": listed.failure}))
        elif done is None or done.failure is not None:
            state = "left out" if done and done.left_out else "failed"
            update: dict[str, object] = {
                "state": state,
                "reason": done.failure if done else "not begun",
                "failed_step": done.step if done and not done.left_out else None,
            }
            entries.append(entry.model_copy(update=update))
        else:
            chapter += 1
            title = _title(output / entry.id) or entry.title
            found = {"state": "done", "chapter": chapter, "title": title}
            entries.append(entry.model_copy(update=found))
    return record.model_copy(update={"entries": tuple(entries)})


def _title(root: Path) -> str:
    workspace = Workspace(root)
    return corrections_of(workspace).titled(workspace.read(CHECKED).title)


def _folder(
    output: Path, wish: BookRequest, sources: tuple[str, ...], listing: SourceListing
) -> tuple[Path, str]:
    """The book's folder and title. A book with a title is known by it, another by its sources."""
    books = output / BOOKS
    if wish.title:
        return books / slug(wish.title), wish.title
    title = listing.title or "Book"
    mark = hashlib.sha256("\n".join(sources).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    known = sorted(books.glob(f"*-{mark}/{records.NAME}")) if books.is_dir() else []
    return (known[0].parent if known else books / f"{slug(title)[:48]}-{mark}"), title


def _absolute(source: str) -> str:
    """The source as it is remembered: workers may have another working directory."""
    if source == "demo":
        return str(demo.video())
    if is_url(source) or source.lower().startswith("file:"):
        return source
    return str(Path(source).expanduser().absolute())


def _waiting(entry: SourceEntry) -> BookEntry:
    return BookEntry(
        id=entry.name, source=public_url(entry.source), title=entry.title, state="waiting"
    )


def _removed(before: BookRecord | None, entries: Sequence[BookEntry]) -> tuple[str, ...]:
    """Lectures that were listed in an earlier run and are not now."""
    if before is None:
        return ()
    now = {entry.id for entry in entries}
    earlier = [*before.removed, *(entry.id for entry in before.entries)]
    return tuple(dict.fromkeys(name for name in earlier if name and name not in now))


def _nothing_done(record: BookRecord) -> str:
    reasons = "; ".join(
        f"{entry.title or entry.source}: {entry.reason}" for entry in record.entries[:5]
    )
    more = f"; and {len(record.entries) - 5} more" if len(record.entries) > 5 else ""
    return f"no chapter could be made: {reasons}{more}"

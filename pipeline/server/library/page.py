"""The library page, and the list of chapters for the search, kept until something changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from anyio import CapacityLimiter, Lock
from anyio.to_thread import run_sync

from pipeline.i18n.formats import length_text
from pipeline.i18n.page import counted, direction, page_language, words_for
from pipeline.render.library_index import library_index, rendered
from pipeline.render.page import SCRIPT_WORDS, environment
from pipeline.render.security_policy import linked_policy
from pipeline.server.library.books import LibraryBook, book_cards, books, places
from pipeline.server.library.cards import LibraryCard, cards
from pipeline.server.response_cache import CachedResponse, ResponseCache

_SCRIPT_WORDS = (
    *SCRIPT_WORDS, "job_queued", "job_running", "job_done", "job_failed", "job_cancelled",
    "job_cancel", "job_asks", "job_confirm", "job_warnings", "job_read", "job_failed_to_add",
    "job_uploading", "job_left", "job_log", "stage_download", "stage_transcribe", "stage_segment",
    "stage_outline", "stage_write", "stage_check", "stage_render", "stage_fresh", "stage_screens",
    "job_retry", "job_remove", "card_rename", "card_title", "card_own_title", "card_delete",
    "card_delete_ask", "card_deleted", "card_open",
)  # fmt: skip


# A page of 1,000 chapters is 1 MB; there is one for each language that a browser asked for.
_KEPT_BYTES = 8 << 20


@dataclass(frozen=True)
class LibrarySnapshot:
    """What is in the output folder at one moment: ``names`` of chapters, damaged ones among them,
    and what is known of them and of the books."""

    names: tuple[str, ...]
    cards: tuple[LibraryCard, ...]
    books: tuple[LibraryBook, ...]


class Library:
    """The library of one output folder."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self._texts = ResponseCache(_KEPT_BYTES)

    def look(self) -> LibrarySnapshot:
        """What is there now."""
        found = rendered(self._output)
        names = tuple(one.name for one in found)
        return LibrarySnapshot(names, cards(self._output, found), books(self._output))

    def page(self, seen: LibrarySnapshot, language: str | None) -> CachedResponse:
        """The library page for a browser that asks for ``language`` (a BCP 47 tag)."""
        spoken = page_language(language)
        return self._texts.get(
            (spoken, seen), lambda: library_html(seen.cards, seen.books, spoken).encode()
        )

    def index(self, seen: LibrarySnapshot) -> CachedResponse:
        """``library.js``."""
        return self._texts.get(seen.names, lambda: library_index(seen.names).encode())


class LibraryScan:
    """Looks when asked, in ``threads``; use from one event loop only."""

    def __init__(self, library: Library, threads: CapacityLimiter) -> None:
        self._library = library
        self._threads = threads
        self._looking = Lock()
        self._begun = 0
        self._seen: LibrarySnapshot | None = None

    async def look(self) -> LibrarySnapshot:
        """What is in the folder at some moment after this was asked."""
        before = self._begun
        async with self._looking:
            # A scan that began since then, and has ended, is as good as one's own.
            if self._seen is None or self._begun == before:
                self._begun += 1
                self._seen = None  # stays so when looking fails
                self._seen = await run_sync(self._library.look, limiter=self._threads)
            return self._seen


def missing_html(language: str | None) -> str:
    """The page for an address that leads nowhere, in the browser's language."""
    return (
        environment()
        .get_template("missing.html.j2")
        .render(
            w=words_for(language),
            language=page_language(language),
            direction=direction(page_language(language)),
            csp=linked_policy(),
        )
    )


def library_html(
    found: Sequence[LibraryCard], volumes: Sequence[LibraryBook], language: str | None
) -> str:
    """The library page, in the browser's language where there are texts for it."""
    words = words_for(language)
    return (
        environment()
        .get_template("library.html.j2")
        .render(
            cards=found,
            books=book_cards(volumes, found),
            places=places(volumes),
            w=words,
            language=page_language(language),
            direction=direction(page_language(language)),
            csp=linked_policy().replace("form-action 'none'", "form-action 'self'"),
            length=lambda ms: length_text(ms, words["language"]),
            counted=lambda key, count: counted(words, key, count),
            script_words=_SCRIPT_WORDS,
        )
    )

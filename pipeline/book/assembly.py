"""From finished lectures to the book's folder: pages, EPUB and Markdown, chapter by chapter."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.artifacts import VIDEO
from pipeline.book.epub import BookEpub
from pipeline.book.facts import ChapterFacts, facts_of, read_chapter
from pipeline.book.mkdocs import write_chapter, write_frame
from pipeline.book.pages import Book, book_files, chapter_page, environment
from pipeline.book.record import NAME, BookRecord
from pipeline.book.terms import TermIndex
from pipeline.engine.files import sha256_of, write_atomic
from pipeline.engine.workspace import Workspace
from pipeline.errors import ArtifactError
from pipeline.render.assets import assets_fingerprint
from pipeline.render.load import relative_address

_VERSION = "2"
_BUILT = ".built"
_LINKED = ("chapter.md", "chapter.ipynb")  # files with addresses of the video


def assemble(folder: Path, record: BookRecord, lectures: Sequence[Path], terms: int) -> bool:
    """Write the book of ``lectures`` (their folders, in order) into ``folder``.

    Args:
        terms: terms taken from a chapter without a glossary, at most.

    Returns:
        False when it was all there already.

    Raises:
        ArtifactError, RenderError: a lecture's artifacts are damaged.
    """
    state = _state(record, lectures, terms)
    built = folder / _BUILT
    if built.is_file() and built.read_text(encoding="utf-8") == state:
        return False
    built.unlink(missing_ok=True)
    workspaces = [Workspace(root) for root in lectures]
    index = TermIndex(terms)
    chapters: list[ChapterFacts] = []
    written: set[Path] = set()
    with BookEpub(folder / "book.epub") as epub:
        for number, workspace in enumerate(workspaces, start=1):
            chapter = read_chapter(workspace)
            facts = facts_of(number, workspace, chapter)
            epub.add(facts, chapter, index.known())
            written |= write_chapter(folder / "markdown", facts, chapter)
            index.add(number, chapter)
            chapters.append(facts)
        book = Book(record.title, tuple(chapters), tuple(index.sorted()), record)
        epub.finish(book)
    written |= {folder / "book.epub"} | write_frame(folder / "markdown", book)
    for facts, workspace in zip(chapters, workspaces, strict=True):
        written |= _chapter_folder(folder, book, facts, workspace, index)
    for name, data in book_files(book).items():
        write_atomic(folder / name, data)
        written.add(folder / name)
    _sweep(folder, written)
    write_atomic(built, state.encode())
    return True


def _chapter_folder(
    folder: Path, book: Book, facts: ChapterFacts, workspace: Workspace, index: TermIndex
) -> set[Path]:
    """``<name>/render/``: the lecture's own files, its page with its place in the book."""
    origin = workspace.root / "render"
    target = folder / facts.name / "render"
    manifest = workspace.folder("render").manifest()
    if manifest is None:
        raise ArtifactError(f"{origin}/manifest.json is missing", "run the book again")
    html = (origin / "index.html").read_text(encoding="utf-8")
    html = chapter_page(html, book.title, book.chapters, facts, index.known())
    write_atomic(target / "index.html", _with_video_of(workspace, html, target).encode("utf-8"))
    for name in manifest.outputs:
        if name in _LINKED:
            text = (origin / name).read_text(encoding="utf-8")
            write_atomic(target / name, _with_video_of(workspace, text, target).encode("utf-8"))
        elif name != "index.html":
            _share(origin / name, target / name)
    return {target / name for name in manifest.outputs}


def _with_video_of(workspace: Workspace, text: str, target: Path) -> str:
    """The page lies deeper than the lecture's own: the video's relative address is longer."""
    path = workspace.video_path(workspace.read(VIDEO))
    there = relative_address(path, workspace.root / "render")
    here = relative_address(path, target)
    if there is None or here is None:
        return text
    return text.replace(f'"{there}', f'"{here}').replace(f"]({there}", f"]({here}")


def _share(origin: Path, target: Path) -> None:
    """The same file under a second name (no second copy), else a copy. Files are only ever replaced
    by renaming, so that neither name can change the other's content."""
    with contextlib.suppress(OSError):
        if target.samefile(origin):
            return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(origin, target)
    except OSError:
        write_atomic(target, origin.read_bytes())


def _state(record: BookRecord, lectures: Sequence[Path], terms: int) -> str:
    """A hash over all that the book is made from."""
    digest = hashlib.sha256(f"{_VERSION} {terms} {assets_fingerprint()}".encode())
    loader = environment().loader
    assert loader is not None
    for name in loader.list_templates():
        digest.update(loader.get_source(environment(), name)[0].encode())
    digest.update(record.model_dump_json().encode())
    for root in lectures:
        outputs: Mapping[str, str] = {}
        if manifest := Workspace(root).folder("render").manifest():
            outputs = manifest.outputs
        digest.update(repr(sorted(outputs.items())).encode())
        for name in ("check/article.json", "outline/outline.json", "download/video.json"):
            digest.update(sha256_of(root / name).encode())
    return digest.hexdigest() + "\n"


def _sweep(folder: Path, written: set[Path]) -> None:
    """Remove what an earlier state of the book left: old chapters, renamed Markdown files."""
    kept = {folder / NAME, folder / _BUILT}
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            with contextlib.suppress(OSError):
                path.rmdir()  # only when it is empty
        elif path not in written and path not in kept and not path.name.startswith("."):
            path.unlink()

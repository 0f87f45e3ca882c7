"""What the writer of a chapter is told of the chapters before it, from their outlines.

The outlines are files, and all of them are final before the first chapter that waits for them is
written (see ``Step.after``), so that the list is the same whichever engine runs, in whichever order
lectures are done, and after a kill. A lecture without a finished outline counts as absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.artifacts import OUTLINE, SEGMENTS, VIDEO
from pipeline.book.term_keys import is_unspaced, key_of, keys_in
from pipeline.document.outline import Earlier, EarlierChapter
from pipeline.engine.files import write_atomic
from pipeline.engine.workspace import Workspace, to_json
from pipeline.errors import PipelineError
from pipeline.writing.earlier_chapters import OFFERED, ROOM_TOKENS, changes, line_tokens

# Sites take titles of 100 (YouTube) to 128 characters (Vimeo); a term is a few words. What is
# longer is no title and no term, whatever the model replied.
_LONGEST_TITLE = 160
_LONGEST_TERM = 60
# Outlines that a process remembers: a book of a thousand lectures reads each once in a process.
_REMEMBERED = 4096


@dataclass(frozen=True)
class _Told:
    """What an outline tells: its title, and of each term its spelling and the keys of its forms."""

    title: str
    terms: tuple[tuple[str, tuple[str, ...]], ...]


def offer(lecture: Workspace, before: Sequence[Workspace]) -> None:
    """Lay ``earlier.json`` in the lecture's folder; nothing when there are no earlier chapters.

    Raises:
        ArtifactError: the lecture's own artifacts are damaged.
    """
    path = lecture.root / OFFERED
    earlier = compose(lecture, before)
    if not earlier.chapters:
        path.unlink(missing_ok=True)
        return
    data = to_json(earlier)
    if not path.is_file() or path.read_bytes() != data:
        write_atomic(path, data)


def kept_as_written(lectures: Sequence[Path]) -> int:
    """How many of these chapters were written with other earlier chapters than the book has now."""
    return sum(bool(changes(Workspace(root))) for root in lectures)


def compose(lecture: Workspace, before: Sequence[Workspace]) -> Earlier:
    """The list for ``lecture``, in the order of the book.

    A term belongs to the first chapter that lists it, and is given only where the lecture says or
    shows it: a writer may use no other. While there is room (``ROOM_TOKENS``) come first the
    chapters that have such terms, the latest first, then the titles of others, the latest first.

    Args:
        before: the lectures before it in the book, in order.
    """
    chapters = _relevant([told for one in before if (told := _told(one.root))], lecture)
    latest_first = sorted(range(len(chapters)), key=lambda n: (not chapters[n].terms, -n))
    room = ROOM_TOKENS
    kept: dict[int, EarlierChapter] = {}
    for place in latest_first:
        fitting = _cut(chapters[place], room)
        if fitting is None:
            break
        kept[place] = fitting
        room -= line_tokens(fitting)
    return Earlier(chapters=tuple(kept[place] for place in sorted(kept)))


def _relevant(told: Sequence[_Told], lecture: Workspace) -> list[EarlierChapter]:
    said = _Said(lecture)
    known: set[str] = set()
    chapters = []
    for one in told:
        terms = []
        for term, forms in one.terms:
            if forms[0] not in known:
                known.add(forms[0])
                if any(said.holds(form) for form in forms):
                    terms.append(term)
        chapters.append(EarlierChapter(title=one.title, terms=tuple(terms)))
    return chapters


def _cut(chapter: EarlierChapter, room: int) -> EarlierChapter | None:
    """The chapter with as many of its terms as there is room for; None when not even its title."""
    for count in range(len(chapter.terms), -1, -1):
        shorter = chapter.model_copy(update={"terms": chapter.terms[:count]})
        if line_tokens(shorter) <= room:
            return shorter
    return None


class _Said:
    """What a lecture says and shows."""

    def __init__(self, lecture: Workspace) -> None:
        segments = lecture.read(SEGMENTS)
        outline = lecture.read(OUTLINE)
        video = lecture.read(VIDEO)
        self._texts = [
            video.title,
            *(segment.text for segment in segments.segments),
            *(line for frame in segments.frames for line in frame.text.splitlines()),
            *(term.term for term in outline.glossary),
        ]
        self._keys = {key for text in self._texts for key, _, _ in keys_in(text)}

    def holds(self, key: str) -> bool:
        return key in self._keys or (is_unspaced(key) and any(key in text for text in self._texts))


def _told(root: Path) -> _Told | None:
    """What the lecture's outline tells; None while it has no finished one."""
    path = root / "outline" / "outline.json"
    try:
        status = path.stat()
        (path.parent / "manifest.json").stat()
    except OSError:
        return None
    return _read(root, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=_REMEMBERED)
def _read(root: Path, changed_ns: int, size: int) -> _Told | None:
    """``changed_ns`` and ``size`` tell one state of the file from another."""
    try:
        outline = Workspace(root).read(OUTLINE)
    except PipelineError:
        return None  # damaged: its own lecture says so
    terms = []
    for term in outline.glossary:
        text = " ".join(term.term.split())
        forms = [key for form in (text, *term.heard_as) if (key := key_of(form))]
        if forms and key_of(text) and len(text) <= _LONGEST_TERM:
            terms.append((text, tuple(forms)))
    title = " ".join(outline.title.split())
    return _Told(title[:_LONGEST_TITLE], tuple(terms))

"""What a chunk's writer is given: its speech, what surrounds it, its screens, and known code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.document.article import cell_prefix
from pipeline.document.outline import EarlierChapter, GlossaryTerm, Link, Outline, OutlineSection
from pipeline.document.parse import numbered
from pipeline.models import Frame, Segment, Segments, Transcript
from pipeline.text.languages.codes import other_language
from pipeline.text.stemming import in_base_forms
from pipeline.text.words import joined, spaced
from pipeline.writing.chunks import Chunk
from pipeline.writing.context_code import ContextCode, context_code
from pipeline.writing.context_screens import (
    ContextScreen,
    context_screens,
    frame_owners,
    screens_in_part,
)
from pipeline.writing.earlier_code import definitions, earlier_code
from pipeline.writing.first_mentions import links_by_part
from pipeline.writing.screen_text import ScreenTexts
from pipeline.writing.transcript_edition.screen_code.extraction import screen_cells

# Before a chunk stands what its "it" and "that" speak of; after it what ends its last sentence.
_WORDS_BEFORE, _WORDS_AFTER = 70, 30
_LONGEST_LINKS = 40


@dataclass(frozen=True)
class PromptContext:
    """Everything that a writer may draw on; what stands in none of it is invented.

    ``label`` names the chunk in calls, errors and reports (``section 3, part 1``); ``wishes`` are a
    user's for this section only; ``defined_before`` are the functions and classes that were on
    screen before the chunk, ``defined_later`` those that the plan leaves to a later section;
    ``introduced`` are terms that an earlier part of the chapter has defined and that are no subject
    of this one's section; ``earlier`` are chapters before this one in its book; ``written_in`` is
    the tag of the chapter's language, None where it is not known; ``reconstruct`` says that the
    writer may write code from what is said (see ``checks.reconstruction``).
    """

    label: str
    chunk: Chunk
    section: OutlineSection
    before: str
    after: str
    screens: tuple[ContextScreen, ...]
    earlier_code: tuple[str, ...]
    glossary: tuple[GlossaryTerm, ...]
    links: tuple[Link, ...]
    code: tuple[ContextCode, ...] = ()
    wishes: str = ""
    defined_before: frozenset[str] = frozenset()
    defined_later: frozenset[str] = frozenset()
    introduced: frozenset[str] = frozenset()
    earlier: tuple[EarlierChapter, ...] = ()
    written_in: str | None = None
    reconstruct: bool = False

    @property
    def spoken_in(self) -> str | None:
        """The tag of the lecture's language, None where it is not known."""
        return self.chunk.spoken_in

    @property
    def is_translated(self) -> bool:
        """Whether the chapter is in another language than the lecture."""
        return other_language(self.spoken_in, self.written_in)

    @property
    def speech(self) -> str:
        """The speech of the chunk itself."""
        return " ".join(segment.text for segment in self.chunk.segments)

    @property
    def cell_ids(self) -> Iterator[str]:
        """Ids for the chunk's cells, from the first one on: ``sec03-1a-1`` and so on."""
        part = self.label.rpartition(" ")[2]
        return numbered(f"{cell_prefix(self.section.id)}{part}-")

    @property
    def usable(self) -> dict[str, Frame]:
        """The frames that may be figures, by id."""
        return {screen.frame.id: screen.frame for screen in self.screens if screen.usable}

    @property
    def recalled(self) -> tuple[str, ...]:
        """The terms that earlier chapters explain."""
        return tuple(term for chapter in self.earlier for term in chapter.terms)

    def sources(self) -> tuple[str, ...]:
        """All text in which a number or a name may stand."""
        return (
            self.before,
            self.speech,
            self.after,
            *(screen.frame.text for screen in self.screens),
            *(line for code in self.code for line in code.lines),
            *self.earlier_code,
            *(f"{term.term} {term.meaning}" for term in self.glossary),
            *(chapter.title for chapter in self.earlier),
            self.section.title,
            self.section.purpose,
        )


def prompt_context(
    chunks: Sequence[Chunk],
    segments: Segments,
    transcript: Transcript,
    outline: Outline,
    earlier: tuple[EarlierChapter, ...] = (),
    reconstruct: bool = False,
) -> list[PromptContext]:
    """The material of every chunk, in order.

    Args:
        earlier: chapters before this one in its book.
        reconstruct: the writers may write code from what is said.
    """
    texts = ScreenTexts(segments.frames)
    owners = frame_owners(chunks, segments.frames, outline.sections)
    cells = screen_cells(segments.frames)
    code = context_code(chunks, cells, owners)
    # A screen is with its code, and is no other part's then.
    owners = {**owners, **{one.frame.id: n for n, own in enumerate(code) for one in own}}
    shown = context_screens(chunks, segments.frames, texts, owners, code)
    linked = links_by_part(
        outline.links[:_LONGEST_LINKS],
        [
            " ".join([*(one.text for one in chunk.segments), *(one.text for one in screens)])
            for chunk, screens in zip(chunks, shown, strict=True)
        ],
    )
    contexts = [
        PromptContext(
            label=chunk.name,
            chunk=chunk,
            section=outline.sections[chunk.section],
            before=_tail(segments.segments, chunk, transcript),
            after=_head(segments.segments, chunk, transcript),
            screens=screens,
            code=own_code,
            earlier_code=earlier_code(
                outline.sections[chunk.section], chunk, segments.frames, texts, cells
            ),
            glossary=terms_in(
                outline.glossary,
                [
                    *(one.text for one in chunk.segments),
                    *(one.text for one in screens),
                    *(one.source for one in own_code),
                    outline.sections[chunk.section].title,
                ],
            ),
            links=links,
            defined_before=_defined_before(chunk, segments, outline),
            defined_later=_defined_later(chunk, outline),
            earlier=earlier,
            written_in=outline.language,
            reconstruct=reconstruct,
        )
        for chunk, screens, links, own_code in zip(chunks, shown, linked, code, strict=True)
    ]
    return list(_defined_once(_with_figures(_with_code_of_others(contexts))))


def _defined_before(chunk: Chunk, segments: Segments, outline: Outline) -> frozenset[str]:
    """The names that screens define before the chunk, or the plan has earlier sections define and
    not this one: a function on an unreadable screen is defined all the same."""
    seen = {
        name
        for frame in segments.frames
        if frame.at_ms < chunk.start_ms
        for name in definitions(frame)
    }
    planned = {name for one in outline.sections[: chunk.section] for name in one.defines}
    return frozenset(seen | planned - set(outline.sections[chunk.section].defines))


def _defined_later(chunk: Chunk, outline: Outline) -> frozenset[str]:
    """The names that the plan has later sections define, and none up to the chunk's."""
    upto, later = outline.sections[: chunk.section + 1], outline.sections[chunk.section + 1 :]
    known = {name for one in upto for name in one.defines}
    return frozenset(name for one in later for name in one.defines) - known


def _with_code_of_others(contexts: Sequence[PromptContext]) -> Iterator[PromptContext]:
    """The contexts with what the code that other parts are given defines."""
    defined = [frozenset(name for code in one.code for name in code.defined) for one in contexts]
    for at, context in enumerate(contexts):
        before = frozenset().union(*defined[:at]) - defined[at]
        later = frozenset().union(*defined[at + 1 :]) - defined[at] - before
        yield replace(
            context,
            defined_before=context.defined_before | before,
            defined_later=context.defined_later - defined[at] | later,
        )


def _with_figures(contexts: Iterable[PromptContext]) -> Iterator[PromptContext]:
    """The contexts with no more figures than they have screens for; one that a chunk has no screen
    for is the next chunk's."""
    owed = 0
    for context in contexts:
        wanted = context.chunk.figures + owed
        figures = min(wanted, len(context.usable))
        owed = min(1, wanted - figures)
        yield replace(context, chunk=replace(context.chunk, figures=figures))


def _defined_once(contexts: Iterable[PromptContext]) -> Iterator[PromptContext]:
    """The contexts with the meaning of each term only in the first that has the term, and in none
    where an earlier chapter explains it."""
    defined: set[str] = set()
    introduced: set[str] = set()
    for context in contexts:
        defined.update(context.recalled)
        subject = spaced(f"{context.section.title} {context.section.purpose}")
        known = frozenset(term for term in introduced if spaced(term) not in subject)
        introduced |= {term.term for term in context.glossary if term.meaning}
        glossary = tuple(
            term.model_copy(update={"meaning": ""}) if term.term in defined else term
            for term in context.glossary
        )
        defined.update(term.term for term in glossary)
        yield replace(context, glossary=glossary, introduced=known)


def restricted(material: PromptContext, chunk: Chunk) -> PromptContext:
    """The same material for a part of its chunk."""
    first, last = chunk.segments[0], chunk.segments[-1]
    own = material.chunk.segments
    before = " ".join(segment.text for segment in own[: own.index(first)]) or material.before
    after = " ".join(segment.text for segment in own[own.index(last) + 1 :]) or material.after
    screens = screens_in_part(material.screens, chunk, last is own[-1])
    code = tuple(
        one
        for one in material.code
        if (one.frame.at_ms >= chunk.start_ms or first is own[0])
        and (one.frame.at_ms < chunk.end_ms or last is own[-1])
    )
    return replace(material, chunk=chunk, before=before, after=after, screens=screens, code=code)


def _tail(segments: Sequence[Segment], chunk: Chunk, transcript: Transcript) -> str:
    """The last words before the chunk."""
    end = chunk.segments[0].first_word
    return _spoken(segments, end - _WORDS_BEFORE, end, transcript)


def _head(segments: Sequence[Segment], chunk: Chunk, transcript: Transcript) -> str:
    """The first words after the chunk."""
    end = chunk.segments[-1].last_word + 1
    return _spoken(segments, end, end + _WORDS_AFTER, transcript)


def _spoken(segments: Sequence[Segment], first: int, end: int, transcript: Transcript) -> str:
    """The words of the transcript from ``first`` to before ``end``, within the part to convert."""
    first, end = max(first, segments[0].first_word), min(end, segments[-1].last_word + 1)
    return joined(word.text for word in transcript.words[first:end])


def terms_in(glossary: Iterable[GlossaryTerm], texts: Iterable[str]) -> tuple[GlossaryTerm, ...]:
    """The terms that stand in the texts in some form, each with those of its misheard forms that
    do: the list grows with the lecture, and every call pays for it. One with a meaning is found in
    the plural, too."""
    plain = " ".join(texts)
    said = spaced(plain)
    based = in_base_forms(said)
    found = []
    for term in glossary:
        heard = tuple(form for form in term.heard_as if _stands_in(form, said, plain))
        inflected = bool(term.meaning) and in_base_forms(term.term) in based
        if heard or inflected or _stands_in(term.term, said, plain):
            found.append(term.model_copy(update={"heard_as": heard}))
    return tuple(found)


def _stands_in(form: str, said: str, plain: str) -> bool:
    """Whether the form is among the words; one with signs at an edge (``-F``) as it is."""
    is_plain = form[:1].isalnum() and form[-1:].isalnum()
    return spaced(form) in said and (is_plain or form in plain)

"""Holding a planned outline against the lecture: sections, glossary and addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.document.outline import GlossaryTerm, Link, OutlineSection
from pipeline.models import Segment
from pipeline.text.content import content_stems
from pipeline.text.house_words import is_boilerplate
from pipeline.text.numbers.reading import known_numbers, numbers_in
from pipeline.text.stemming import in_base_forms
from pipeline.text.words import spaced, words

# Of a meaning's words of content, what the lecture itself has: the rest joins them to a sentence.
_SAID_OF_MEANING = 0.6
_ADDRESS = re.compile(r"https?://[^\s<>\"'`)\]}]+")


def section_problems(sections: Sequence[OutlineSection], segments: Sequence[Segment]) -> list[str]:
    """What keeps the sections from covering all segments in order; empty when nothing does.

    Neighbours may share a segment: the later one begins inside it.
    """
    place = {segment.id: index for index, segment in enumerate(segments)}
    if not sections:
        return ["there are no sections"]
    problems = []
    expected = 0
    for number, section in enumerate(sections, start=1):
        name = f'section {number} ("{section.title}")'
        unknown = [
            wanted
            for wanted in (section.first_segment, section.last_segment)
            if wanted not in place
        ]
        if unknown:
            problems += [f"{name} names {wanted}, which is no segment" for wanted in unknown]
            expected = place.get(section.last_segment, expected - 1) + 1
            continue
        first, last = place[section.first_segment], place[section.last_segment]
        if last < first:
            problems.append(f"{name} ends before it begins")
        shared = number > 1 and first == expected - 1
        if first != expected and not shared and expected < len(segments):
            problems.append(
                f"{name} begins with {section.first_segment}, but has to begin with "
                f"{segments[expected].id}"
            )
        elif first != expected and not shared:
            problems.append(f"{name} begins after the lecture has ended")
        expected = last + 1
    if expected < len(segments) and not problems:
        problems.append(
            f"the last section ends with {sections[-1].last_segment}, but has to end with "
            f"{segments[-1].id}"
        )
    return problems + _title_problems(sections)


def _title_problems(sections: Sequence[OutlineSection]) -> list[str]:
    problems = []
    seen: set[str] = set()
    for number, section in enumerate(sections, start=1):
        title = " ".join(words(section.title))
        if not title:
            problems.append(f"section {number} has no title")
        elif title in seen:
            problems.append(f'the title "{section.title}" is used twice')
        elif is_boilerplate(section.title):
            problems.append(f'the title "{section.title}" says nothing about the content')
        seen.add(title)
    return problems


def repaired_sections(
    sections: Sequence[OutlineSection], segments: Sequence[Segment]
) -> tuple[OutlineSection, ...]:
    """The sections with their ends moved so that they cover everything in order.

    What a planner got right are mostly the beginnings: those that exist are kept in order, and each
    section lasts until the next one begins. Empty when fewer than two beginnings are usable.
    """
    place = {segment.id: index for index, segment in enumerate(segments)}
    starts: list[tuple[int, OutlineSection]] = []
    for section in sections:
        index = place.get(section.first_segment)
        if index is not None and (not starts or index > starts[-1][0]):
            starts.append((index, section))
    if len(starts) < 2:
        return ()
    bounds = [0, *(index for index, _ in starts[1:]), len(segments)]
    return tuple(
        section.model_copy(
            update={
                "first_segment": segments[bounds[number]].id,
                "last_segment": segments[bounds[number + 1] - 1].id,
            }
        )
        for number, (_, section) in enumerate(starts)
    )


def known_links(links: Sequence[Link], sources: Sequence[str]) -> tuple[Link, ...]:
    """The links whose address stands in one of the sources, each address once."""
    text = "\n".join(sources)
    addresses = {_bare(found) for found in _ADDRESS.findall(text)}
    # On a screen or in speech an address has often no "https://".
    kept: dict[str, Link] = {}
    for link in links:
        bare = _bare(link.url)
        said = bare.split("://", 1)[-1]
        whole = re.search(rf"(?<![\w./-]){re.escape(said)}(?![\w/-])", text, re.IGNORECASE)
        if _ADDRESS.fullmatch(link.url) and (bare in addresses or ("." in said and whole)):
            kept.setdefault(bare, link)
    return tuple(kept.values())


def known_terms(
    glossary: Sequence[GlossaryTerm], speech: str, sources: Sequence[str]
) -> tuple[GlossaryTerm, ...]:
    """The terms that occur, in singular or plural; of the misheard forms only those that were
    really heard, and of the meanings those that the lecture's own words give."""
    heard = spaced(speech)
    lecture = " ".join([*sources, speech])
    known, told = in_base_forms(lecture), content_stems(lecture)
    numbers = known_numbers(*sources, speech)
    kept: dict[str, GlossaryTerm] = {}
    for entry in glossary:
        forms = tuple(
            form
            for form in dict.fromkeys(entry.heard_as)
            if form != entry.term and (plain := " ".join(words(form))) and f" {plain} " in heard
        )
        own = content_stems(entry.meaning)
        is_told = len(own & told) >= _SAID_OF_MEANING * len(own) and not any(
            numbers.isdisjoint(one.readings) for one in numbers_in(entry.meaning)
        )
        meaning = entry.meaning if is_told else ""
        if entry.term.strip() and (forms or in_base_forms(entry.term) in known):
            kept.setdefault(
                entry.term, entry.model_copy(update={"heard_as": forms, "meaning": meaning})
            )
    return tuple(kept.values())


def _bare(address: str) -> str:
    return address.rstrip(".,;:!?/").replace("://www.", "://")

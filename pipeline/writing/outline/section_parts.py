"""The segments of each section, checked: an outline may be edited by hand.

A section begins at a sentence, which may stand in the middle of its first segment. Both neighbours
then cite that segment, and each has only its own words of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.document.outline import Outline, OutlineSection
from pipeline.errors import OutlineError
from pipeline.models import Segment, Segments, Transcript
from pipeline.text.words import joined


def section_ranges(outline: Outline, segments: Segments) -> list[tuple[int, int]]:
    """(first, end) segment indices of each section, in order, ``end`` not included.

    Neighbours may share one segment, where the later one starts inside it (``starts_at_ms``).

    Raises:
        OutlineError: a section names an unknown segment, ends before it starts, starts outside its
            first segment, leaves a gap after the section before it or overlaps it, or segments at
            the end are in no section; the message names the section.
    """
    pieces = segments.segments
    order = {segment.id: index for index, segment in enumerate(pieces)}
    ranges: list[tuple[int, int]] = []
    expected = 0
    for section in outline.sections:
        first = _index(section, section.first_segment, order)
        last = _index(section, section.last_segment, order)
        if last < first:
            raise _error(section, f"ends at {section.last_segment}, before it starts")
        inside = _starts_inside(section, pieces[first])
        if first != expected and not (inside and first == expected - 1 and ranges):
            wanted = pieces[expected].id if expected < len(order) else "nothing more"
            kind = "overlaps the section before it" if first < expected else "leaves a gap"
            raise _error(section, f"starts at {section.first_segment} and {kind}", wanted)
        ranges.append((first, last + 1))
        expected = last + 1
    if expected != len(order):
        left = pieces[expected].id
        if not outline.sections:
            raise OutlineError("outline.json has no sections", _HINT)
        raise _error(outline.sections[-1], f"is the last one, but segments from {left} on follow")
    return ranges


def section_starts(outline: Outline, segments: Segments) -> list[int]:
    """When each section starts, ms."""
    starts = {segment.id: segment.start_ms for segment in segments.segments}
    return [
        starts[section.first_segment] if section.starts_at_ms is None else section.starts_at_ms
        for section in outline.sections
    ]


def section_parts(
    outline: Outline, segments: Segments, transcript: Transcript
) -> list[tuple[Segment, ...]]:
    """The segments of each section in order, the first and the last one with its own words only.

    Raises:
        OutlineError: see ``section_ranges``.
    """
    ranges = section_ranges(outline, segments)
    starts = section_starts(outline, segments)
    parts = []
    for number, (first, end) in enumerate(ranges):
        pieces = list(segments.segments[first:end])
        if number + 1 < len(ranges) and ranges[number + 1][0] < end:
            pieces[-1] = _before(pieces[-1], starts[number + 1], transcript)
        if starts[number] > pieces[0].start_ms:
            pieces[0] = _from(pieces[0], starts[number], transcript)
        parts.append(tuple(pieces))
    return parts


def _from(segment: Segment, start_ms: int, transcript: Transcript) -> Segment:
    at = _word_at(segment, start_ms, transcript)
    return _cut(segment, transcript, first_word=at, start_ms=start_ms)


def _before(segment: Segment, end_ms: int, transcript: Transcript) -> Segment:
    at = _word_at(segment, end_ms, transcript)
    return _cut(segment, transcript, last_word=at - 1, end_ms=end_ms)


def _word_at(segment: Segment, at_ms: int, transcript: Transcript) -> int:
    """The first word of ``segment`` that is said at ``at_ms`` or later."""
    for at in range(segment.first_word, segment.last_word + 1):
        if transcript.words[at].start_ms >= at_ms:
            return at
    return segment.last_word + 1


def _cut(segment: Segment, transcript: Transcript, **changes: int) -> Segment:
    cut = segment.model_copy(update=changes)
    words: Sequence[str] = [
        word.text for word in transcript.words[cut.first_word : cut.last_word + 1]
    ]
    return cut.model_copy(update={"text": joined(words)})


def _starts_inside(section: OutlineSection, segment: Segment) -> bool:
    """Whether the section starts after its first segment does; outside of it is an error."""
    at_ms = section.starts_at_ms
    if at_ms is None or at_ms == segment.start_ms:
        return False
    if not segment.start_ms < at_ms < segment.end_ms:
        raise _error(section, f"starts at {at_ms} ms, outside its first segment {segment.id}")
    return True


_HINT = "correct outline/outline.json, or make it again with --force outline"


def _index(section: OutlineSection, name: str, order: dict[str, int]) -> int:
    if name not in order:
        raise _error(section, f"names {name}, which is no segment")
    return order[name]


def _error(section: OutlineSection, problem: str, wanted: str = "") -> OutlineError:
    start = f"; it has to start at {wanted}" if wanted else ""
    return OutlineError(
        f"outline.json: section {section.id} ({section.title}) {problem}{start}", _HINT
    )

"""From the outline's segment ids to index ranges, checked: an outline may be edited by hand."""

from __future__ import annotations

from pipeline.errors import OutlineError
from pipeline.model import Outline, OutlineSection, Segments


def section_ranges(outline: Outline, segments: Segments) -> list[tuple[int, int]]:
    """(first, end) segment indices of each section, in order, ``end`` not included.

    Raises:
        OutlineError: a section names an unknown segment, ends before it starts, leaves a gap after
            the section before it or overlaps it, or segments at the end are in no section; the
            message names the section.
    """
    order = {segment.id: index for index, segment in enumerate(segments.segments)}
    ranges: list[tuple[int, int]] = []
    expected = 0
    for section in outline.sections:
        first = _index(section, section.first_segment, order)
        last = _index(section, section.last_segment, order)
        if last < first:
            raise _error(section, f"ends at {section.last_segment}, before it starts")
        if first != expected:
            wanted = segments.segments[expected].id if expected < len(order) else "nothing more"
            kind = "overlaps the section before it" if first < expected else "leaves a gap"
            raise _error(section, f"starts at {section.first_segment} and {kind}", wanted)
        ranges.append((first, last + 1))
        expected = last + 1
    if expected != len(order):
        left = segments.segments[expected].id
        if not outline.sections:
            raise OutlineError("outline.json has no sections", _HINT)
        raise _error(outline.sections[-1], f"is the last one, but segments from {left} on follow")
    return ranges


_HINT = "mend outline/outline.json, or make it anew with --force outline"


def _index(section: OutlineSection, name: str, order: dict[str, int]) -> int:
    if name not in order:
        raise _error(section, f"names {name}, which is no segment")
    return order[name]


def _error(section: OutlineSection, problem: str, wanted: str = "") -> OutlineError:
    start = f"; it has to start at {wanted}" if wanted else ""
    return OutlineError(
        f"outline.json: section {section.id} ({section.title}) {problem}{start}", _HINT
    )

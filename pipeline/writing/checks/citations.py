"""Whether citations and figures stand where the lecture has them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.document.blocks import AnyBlock, List, Note, Quote, Table
from pipeline.document.inline import words_of
from pipeline.document.serialise import serialise
from pipeline.document.walk import cited, figures, prose_of
from pipeline.models import Segment
from pipeline.text.content import content_stems
from pipeline.text.units import word_count
from pipeline.text.words import words
from pipeline.writing.checks.block_text import is_running_text
from pipeline.writing.checks.problems import Problem
from pipeline.writing.prompt_context import PromptContext

_LEAST_PARAGRAPH = 12
WIDEST_CITATION_MS = 150_000


def citation_problems(blocks: Sequence[AnyBlock], material: PromptContext) -> list[Problem]:
    """Citations that are missing, unknown, too wide or out of order.

    A table is cited as a whole, however far apart the passages are that it puts side by side. A
    block stands where its first citation is; later ones may say the same again. A note belongs to
    what stands above it: it needs no citation, and may have one from anywhere.
    """
    chunk = material.chunk
    times = {segment.id: (segment.start_ms, segment.end_ms) for segment in chunk.segments}
    own = f"{chunk.segments[0].id} to {chunk.segments[-1].id}"
    problems = []
    latest = -1
    for index, block in enumerate(blocks):
        found, is_note = cited(block), _is_note(block)
        unknown = [c for c in found if c.first not in times or c.last not in times]
        if unknown:
            ids = tuple(dict.fromkeys(c.first for c in unknown))
            text = f"{', '.join(ids)} is not one of your segments ({own})"
            problems.append(Problem("citation", text, index, ids))
        earliest = latest
        for citation in found:
            if citation in unknown:
                continue
            start, end = times[citation.first][0], times[citation.last][1]
            if start >= end:
                problems.append(Problem("citation", "the citation runs backwards", index))
            elif start < earliest and not is_note:
                text = f"{citation.first} is cited after a later segment: keep the lecture's order"
                problems.append(Problem("citation", text, index))
            elif end - start > WIDEST_CITATION_MS and not isinstance(block, Table):
                text = f"{citation.first} to {citation.last} is too much for one citation: split it"
                problems.append(Problem("citation", text, index))
            if citation is found[0] and not is_note:
                latest = max(latest, start)
            earliest = max(earliest, start)
        needed = is_running_text(block) and not is_note
        bare = needed and not found and not _leads_on(blocks, index)
        if bare and word_count(prose_of([block])) >= _LEAST_PARAGRAPH:
            problems.append(
                Problem("citation", "no citation: end it with the segments it comes from", index)
            )
    return problems


def _is_note(block: AnyBlock) -> bool:
    """Whether it is an aside, or a quotation that opens with a word in bold (``> **Note.**``)."""
    opening = serialise([block])[:4]
    return isinstance(block, Note) or (isinstance(block, Quote) and opening == "> **")


def nearest_block(blocks: Sequence[AnyBlock], segment: Segment, order: Sequence[str]) -> int | None:
    """The block that cites the segment, else the last one that cites something before it, else the
    first text; None without any. ``order`` are the ids of all segments of the chunk."""
    place = order.index(segment.id)
    best = None
    for index, block in enumerate(blocks):
        for citation in cited(block):
            if citation.first in order and order.index(citation.first) <= place:
                best = index
    if best is None:
        best = next((n for n, block in enumerate(blocks) if is_running_text(block)), None)
    return best


def segments_cited(blocks: Iterable[AnyBlock], order: Sequence[str]) -> set[str]:
    """The segments that the blocks cite, those within a range included; ``order`` are the ids of
    all."""
    place = {name: at for at, name in enumerate(order)}
    named: set[str] = set()
    for block in blocks:
        for citation in cited(block):
            if citation.first in place and citation.last in place:
                named.update(order[place[citation.first] : place[citation.last] + 1])
    return named


def repeated(blocks: Sequence[AnyBlock], material: PromptContext) -> set[str]:
    """The segments that are cited only behind another passage, and later than what follows it:
    what they say was told before its turn."""
    place = {segment.id: at for at, segment in enumerate(material.chunk.segments)}
    names = list(place)
    spans = [
        [
            (place[one.first], place[one.last])
            for one in cited(block)
            if one.first in place and one.last in place
        ]
        for block in blocks
    ]
    again: set[int] = set()
    told: set[int] = set()
    following = len(names)
    for own in reversed(spans):
        for at, (first, last) in enumerate(own):
            (again if at and first > following else told).update(range(first, last + 1))
        if own:
            following = min(following, own[0][0])
    return {names[at] for at in again - told}


def _leads_on(blocks: Sequence[AnyBlock], index: int) -> bool:
    """Whether the block only leads on to the next one, which then has the citation: it ends with a
    colon, or a list or table that cites something follows."""
    following = blocks[index + 1 : index + 2]
    if prose_of([blocks[index]]).endswith((":", "：")):
        return bool(following)
    return any(isinstance(one, (List, Table)) and cited(one) for one in following)


def figure_problems(blocks: Sequence[AnyBlock], material: PromptContext) -> list[Problem]:
    """Figures that do not exist, stand at the wrong place, or have a caption that does not fit."""
    usable = material.usable
    times = {segment.id: (segment.start_ms, segment.end_ms) for segment in material.chunk.segments}
    used: set[str] = set()
    latest = -1
    problems = []
    for index, block in enumerate(blocks):
        for figure in figures([block]):
            frame = usable.get(figure.frame)
            name = f"figure {figure.frame}"
            if frame is None:
                ids = ", ".join(usable) or "none"
                text = f"{name} is not one of the usable screens ({ids}): remove it"
                problems.append(Problem("figure", text, index, (figure.frame,)))
                continue
            if figure.frame in used:
                problems.append(Problem("figure", f"{name} is used twice: remove it here", index))
            elif frame.at_ms < latest:
                text = f"{name} was on screen before the figure above: keep the lecture's order"
                problems.append(Problem("figure", text, index))
            used.add(figure.frame)
            latest = max(latest, frame.at_ms)
            around = _cited_around(blocks, index, times)
            if around and not (frame.start_ms < around[1] and frame.end_ms > around[0]):
                text = f"{name} was not on screen during the segments cited around it: move it"
                problems.append(Problem("figure", text, index))
            caption = words_of(figure.caption)
            if not caption:
                problems.append(Problem("figure", f"{name} has no caption", index))
            elif not _caption_fits(caption, frame.text):
                text = f"the caption of {name} uses no word that stands on it"
                problems.append(Problem("figure", text, index))
    most = material.chunk.figures + 1
    if len(used) > most:
        text = f"{len(used)} figures: keep the {most} that matter most, remove the others"
        problems.append(Problem("figure", text))
    return problems


def _caption_fits(caption: str, screen: str) -> bool:
    """Whether they share a word; a screen with hardly any text, or in other letters, cannot."""
    shown = content_stems(screen)
    if len(shown) < 2:
        return True
    said = content_stems(caption) | set(words(caption))
    return bool(said & (shown | set(words(screen)))) or caption.isascii() != screen.isascii()


def _cited_around(
    blocks: Sequence[AnyBlock], index: int, times: dict[str, tuple[int, int]]
) -> tuple[int, int] | None:
    """Start and end of what the nearest citing blocks before and after cite, in ms."""
    spans = []
    for way in (range(index, -1, -1), range(index + 1, len(blocks))):
        for place in way:
            found = [
                citation
                for citation in cited(blocks[place])
                if citation.first in times and citation.last in times
            ]
            if found:
                edge = found[-1] if place <= index else found[0]
                spans.append((times[edge.first][0], times[edge.last][1]))
                break
    if not spans:
        return None
    return min(start for start, _ in spans), max(end for _, end in spans)

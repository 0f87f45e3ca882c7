"""Cutting the sections of an outline into chunks: what one call to a model writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.models import Segment
from pipeline.text.languages.codes import other_language
from pipeline.text.languages.stop_words import is_content
from pipeline.text.units import word_count
from pipeline.text.words import words

# Densities measured on chapters that people wrote by hand (see docs/how-it-works.md).
_HEADINGS_PER_MINUTE = 0.45
_FIGURES_PER_MINUTE = 0.30
# A chunk that shows much and says little still needs room to describe what is shown.
_LEAST_TARGET_WORDS = 40
_OVERFULL = 1.2
_USUAL_DENSITY = 0.30
_SHARES_KEPT = (0.47, 0.82)
_LEAST_MEASURED = 60
_MS_PER_MINUTE = 60_000


@dataclass(frozen=True)
class Chunk:
    """Consecutive segments of one section.

    ``section`` and ``part`` count from 0; ``parts`` is how many chunks the section has. ``words``
    are spoken, ``target_words`` are to be written, both in
    words of English (see ``text.units``). ``headings`` and ``figures`` are how many
    subheadings and pictures make the whole chapter neither bare nor crowded.
    """

    section: int
    part: int
    parts: int
    segments: tuple[Segment, ...]
    words: int
    target_words: int
    headings: int
    figures: int
    spoken_in: str | None = None

    @property
    def start_ms(self) -> int:
        return self.segments[0].start_ms

    @property
    def end_ms(self) -> int:
        return self.segments[-1].end_ms

    @property
    def name(self) -> str:
        """How a user finds it: ``section 3, part 1``."""
        return f"section {self.section + 1}, part {self.part + 1}"


def chunks_of(
    parts: Sequence[tuple[Segment, ...]], detail: float, size: int, spoken_in: str | None = None
) -> tuple[Chunk, ...]:
    """All chunks in the order of the lecture.

    Args:
        parts: the segments of each section (see ``section_parts``).
        detail: words to write per word spoken.
        size: spoken words in a chunk; a section is cut evenly into chunks of about this size, none
            above 1.2 times of it as long as segments are shorter than that.
        spoken_in: the tag of the lecture's language, None where it is not known.
    """
    if not parts:
        return ()
    plain = [
        (section, part, len(pieces), piece)
        for section, whole in enumerate(parts)
        for pieces in [_cut(whole, size, spoken_in)]
        for part, piece in enumerate(pieces)
    ]
    origin = parts[0][0].start_ms
    minutes = (parts[-1][-1].end_ms - origin) / _MS_PER_MINUTE
    extra = max(0.0, _HEADINGS_PER_MINUTE * minutes - len(parts)) / max(minutes, 1e-9)
    # A lecture of a few minutes still gets two pictures.
    pictures = max(_FIGURES_PER_MINUTE, min(2.0, minutes) / max(minutes, 1e-9))
    chunks = []
    for section, part, count, piece in plain:
        span = (piece[0].start_ms - origin, piece[-1].end_ms - origin)
        text = " ".join(segment.text for segment in piece)
        spoken = word_count(text, spoken_in)
        kept = _share_kept(text, detail, spoken_in)
        chunks.append(
            Chunk(
                section=section,
                part=part,
                parts=count,
                segments=piece,
                words=spoken,
                target_words=max(_LEAST_TARGET_WORDS, round(spoken * kept)),
                headings=_share(span, extra),
                figures=_share(span, pictures),
                spoken_in=spoken_in,
            )
        )
    return tuple(chunks)


def halves(chunk: Chunk) -> tuple[Chunk, Chunk] | None:
    """The chunk as two of about half its words, or None when it is a single segment."""
    if len(chunk.segments) < 2:
        return None
    first, second = _balanced(chunk.segments, 2, chunk.spoken_in)
    return _part(chunk, first), _part(chunk, second)


def _share_kept(text: str, detail: float, language: str | None) -> float:
    """Words to write for each word of this speech: more where it is dense, less where it rambles.

    Freely spoken lectures have 28 to 30 words of content in a hundred, prepared speech 35: there
    little can be left out. Measured on English alone.
    """
    found = words(text)
    if len(found) < _LEAST_MEASURED or other_language(language, "en"):
        return detail
    density = sum(is_content(word) for word in found) / len(found)
    lowest, highest = _SHARES_KEPT
    return min(highest, max(lowest, detail * min(1.25, max(0.9, density / _USUAL_DENSITY))))


def _part(chunk: Chunk, segments: tuple[Segment, ...]) -> Chunk:
    spoken = sum(word_count(segment.text, chunk.spoken_in) for segment in segments)
    share = spoken / chunk.words if chunk.words else 0.5
    return Chunk(
        section=chunk.section,
        part=chunk.part,
        parts=chunk.parts,
        segments=segments,
        words=spoken,
        target_words=max(_LEAST_TARGET_WORDS, round(chunk.target_words * share)),
        headings=chunk.headings,
        figures=chunk.figures,
        spoken_in=chunk.spoken_in,
    )


def _share(span: tuple[int, int], per_minute: float) -> int:
    """How many of an even stream fall into the span: rounding never adds up to too many."""
    start, end = (round(ms / _MS_PER_MINUTE * per_minute + 1e-9) for ms in span)
    return end - start


def _cut(
    segments: tuple[Segment, ...], size: int, language: str | None
) -> list[tuple[Segment, ...]]:
    spoken = sum(word_count(segment.text, language) for segment in segments)
    count = max(1, round(spoken / size))
    if spoken / count > size * _OVERFULL:
        count += 1
    return _balanced(segments, min(count, len(segments)), language)


def _balanced(
    segments: tuple[Segment, ...], count: int, language: str | None
) -> list[tuple[Segment, ...]]:
    """``count`` runs of about the same number of words, none empty."""
    weights = [max(1, word_count(segment.text, language)) for segment in segments]
    total = sum(weights)
    pieces = []
    start = 0
    done = 0
    for piece in range(1, count):
        goal = total * piece / count
        end = start + 1
        done += weights[start]
        last = len(segments) - (count - piece)
        # Go on while the next segment brings the cut nearer to its ideal place.
        while end < last and abs(done + weights[end] - goal) <= abs(done - goal):
            done += weights[end]
            end += 1
        pieces.append(segments[start:end])
        start = end
    pieces.append(segments[start:])
    return pieces

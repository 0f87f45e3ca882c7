"""Sections are cut into chunks that one call can write well."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document.outline import Outline, OutlineSection
from pipeline.models import Segment
from pipeline.text.units import word_count
from pipeline.writing.chunks import Chunk, chunks_of, halves

SIZE = 750


def segments(words: list[int]) -> tuple[Segment, ...]:
    return tuple(
        Segment(
            id=f"s{number + 1:04d}",
            start_ms=number * 30_000,
            end_ms=(number + 1) * 30_000,
            text=" ".join(["word"] * count),
            first_word=0,
            last_word=count - 1,
        )
        for number, count in enumerate(words)
    )


def outline(bounds: list[tuple[int, int]]) -> Outline:
    return Outline(
        title="T",
        edition="llm",
        sections=tuple(
            OutlineSection(
                id=f"sec{n}", title=f"S{n}", first_segment=f"s{a:04d}", last_segment=f"s{b:04d}"
            )
            for n, (a, b) in enumerate(bounds)
        ),
    )


@settings(max_examples=40)
@given(st.lists(st.integers(0, 180), min_size=2, max_size=80), st.data())
def test_every_segment_is_in_exactly_one_chunk_in_order(
    words: list[int], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(words) - 1))
    plan = outline([(1, cut), (cut + 1, len(words))])
    chunks = chunked(plan, segments(words), 0.65, SIZE)
    assert [s.id for chunk in chunks for s in chunk.segments] == [s.id for s in segments(words)]
    assert all(
        len({s.id for s in c.segments} & {f"s{cut:04d}", f"s{cut + 1:04d}"}) < 2 for c in chunks
    )


@settings(max_examples=40)
@given(st.lists(st.integers(60, 180), min_size=10, max_size=120))
def test_a_chunk_holds_500_to_900_words_where_the_section_has_so_many(words: list[int]) -> None:
    chunks = chunked(outline([(1, len(words))]), segments(words), 0.65, SIZE)
    assert all(chunk.words <= 1.2 * SIZE + 180 for chunk in chunks)
    if len(chunks) > 1:
        assert min(chunk.words for chunk in chunks) >= 350


def chunked(
    plan: Outline, pieces: Sequence[Segment], detail: float, size: int
) -> tuple[Chunk, ...]:
    """The chunks of whole segments."""
    place = {segment.id: at for at, segment in enumerate(pieces)}
    parts = [
        tuple(pieces[place[one.first_segment] : place[one.last_segment] + 1])
        for one in plan.sections
    ]
    return chunks_of(parts, detail, size)


def test_detail_grows_with_the_lecture() -> None:
    short = chunked(outline([(1, 10)]), segments([100] * 10), 0.65, SIZE)
    long = chunked(outline([(1, 40)]), segments([100] * 40), 0.65, SIZE)
    shares = [
        sum(c.target_words for c in chunks) / sum(c.words for c in chunks)
        for chunks in (short, long)
    ]
    assert abs(shares[0] - shares[1]) < 0.02


def test_more_detail_means_more_words() -> None:
    plan, spoken = outline([(1, 10)]), segments([100] * 10)
    little = sum(chunk.target_words for chunk in chunked(plan, spoken, 0.5, SIZE))
    much = sum(chunk.target_words for chunk in chunked(plan, spoken, 0.8, SIZE))
    assert little < much


def test_dense_speech_gets_more_room_than_rambling() -> None:
    dense = "merge vocabulary tokenizer bytes sequence algorithm " * 20
    loose = "so and then we go and this is what it is you know " * 10
    share = []
    for text in (dense, loose):
        segment = Segment(
            id="s0001", start_ms=0, end_ms=60_000, text=text, first_word=0, last_word=0
        )
        chunk = chunked(outline([(1, 1)]), [segment], 0.65, SIZE)[0]
        share.append(chunk.target_words / word_count(text))
    assert share[0] > share[1]


def test_figures_and_headings_are_neither_few_nor_many() -> None:
    spoken = segments([90] * 266)
    plan = outline([(n * 9 + 1, min(n * 9 + 9, 266)) for n in range(30)])
    chunks = chunked(plan, spoken, 0.65, SIZE)
    minutes = 133
    assert 0.2 <= sum(chunk.figures for chunk in chunks) / minutes <= 0.35
    headings = len(plan.sections) + sum(chunk.headings for chunk in chunks)
    assert 0.3 <= headings / minutes <= 0.65


def test_halves_share_the_words() -> None:
    chunk = chunked(outline([(1, 8)]), segments([100] * 8), 0.65, SIZE)[0]
    pair = halves(chunk)
    assert pair and [half.words for half in pair] == [400, 400]
    single = chunked(outline([(1, 1)]), segments([100]), 0.65, SIZE)[0]
    assert halves(single) is None


def test_a_lecture_without_a_word_has_chunks_all_the_same() -> None:
    chunks = chunked(outline([(1, 3)]), segments([0, 0, 0]), 0.65, SIZE)
    assert [s.id for c in chunks for s in c.segments] == ["s0001", "s0002", "s0003"]
    assert chunked(Outline(title="T", edition="llm", sections=()), [], 0.65, SIZE) == ()

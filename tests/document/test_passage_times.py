"""Links that lead to the second at which a passage begins."""

from pipeline.document.article import Article, Section
from pipeline.document.passage_times import with_passage_times
from pipeline.document.walk import walk
from pipeline.models import Cue, Frame, Segment, Segments, Transcript

SAID = (
    (0, "welcome to this short lecture about bytes"),
    (10_000, "the simplest tokenizer uses the bytes of the text"),
    (20_000, "but the sequences become long and that is a problem"),
    (30_000, "so here is the second idea we merge pairs of bytes"),
)
TRANSCRIPT = Transcript(
    language="en",
    engine="captions",
    model=None,
    cues=tuple(Cue(start_ms=at, end_ms=at + 9_000, text=text) for at, text in SAID),
)
FRAME = Frame(id="f0001", at_ms=29_000, start_ms=12_000, end_ms=29_500, path="f", width=4, height=3)
SEGMENTS = Segments(
    segments=(
        Segment(
            id="s0001",
            start_ms=0,
            end_ms=30_000,
            text="",
            first_word=0,
            last_word=24,
            frames=("f0001",),
        ),
        Segment(
            id="s0002",
            start_ms=30_000,
            end_ms=40_000,
            text="",
            first_word=25,
            last_word=35,
        ),
    ),
    frames=(FRAME,),
)


TWO = ("s0001", "s0002")


def timed(
    markdown: str,
    frames: tuple[Frame, ...] = (FRAME,),
    segments: tuple[Segment, ...] = SEGMENTS.segments,
) -> list[tuple[str, int | None]]:
    """The kind and the moment of each block of a chapter of this one section, in order."""
    section = Section(id="a", title="A", start_ms=0, end_ms=40_000, markdown=markdown, segments=TWO)
    article = Article(title="T", edition="transcript", sections=(section,))
    lecture = Segments(segments=segments, frames=frames)
    found = with_passage_times(article, lecture, TRANSCRIPT).sections[0].blocks
    return [(block.kind, block.moment_ms) for block in walk(found)]


def moments(markdown: str, segments: tuple[Segment, ...] = SEGMENTS.segments) -> list[int | None]:
    return [moment_ms for _, moment_ms in timed(markdown, segments=segments)]


def test_a_passage_inside_a_segment_leads_to_its_own_first_word() -> None:
    assert moments(
        "Welcome to this short lecture about bytes. [[s0001]]\n\n"
        "The simplest tokenizer uses the bytes of the text. [[s0001]]\n\n"
        "But the sequences become long, and that is a problem. [[s0001-s0002]]\n"
    ) == [0, 10_000, 20_000]


def test_items_of_a_list_and_paragraphs_of_a_quotation_have_moments_of_their_own() -> None:
    found = timed(
        "1. Welcome to this short lecture about bytes. [[s0001]]\n"
        "2. The simplest tokenizer uses the bytes of the text. [[s0001]]\n\n"
        "> But the sequences become long and that is a problem. [[s0001]]\n"
    )
    assert found == [
        ("list", None), ("paragraph", 0), ("paragraph", 10_000),
        ("quote", None), ("paragraph", 20_000),
    ]  # fmt: skip


def test_words_that_were_not_said_leave_the_segments_own_start() -> None:
    assert moments("Nothing like it was ever mentioned before. [[s0002]]\n") == [30_000]


def test_a_passage_never_leads_to_a_moment_before_the_one_ahead_of_it() -> None:
    assert moments(
        "But the sequences become long and that is a problem. [[s0001]]\n\n"
        "The simplest tokenizer uses the bytes of the text. [[s0001]]\n"
    ) == [20_000, 20_000]


def test_what_is_cited_out_of_order_leads_to_where_it_was_said() -> None:
    assert moments("So here is the second idea. [[s0002]]\n\nWelcome back. [[s0001]]\n") == [
        30_000, 0,
    ]  # fmt: skip


def test_a_passage_that_cites_what_says_it_again_leads_to_the_first_place() -> None:
    apart = tuple(
        Segment(
            id=f"s{number:04d}",
            start_ms=start_ms,
            end_ms=start_ms + 10_000,
            text=text,
            first_word=first,
            last_word=first + len(text.split()) - 1,
        )
        for number, (start_ms, text), first in zip(range(1, 5), SAID, (0, 7, 16, 26), strict=True)
    )
    told = "So here is the idea: we merge pairs of bytes. [[s0001]] [[s0004]]\n\nLonger. [[s0003]]"
    assert moments(told, apart) == [0, 20_000]


def test_cleaned_words_still_find_their_moment() -> None:
    (moment_ms,) = moments("Here's the second idea: we merge pairs of bytes. [[s0001-s0002]]\n")
    assert moment_ms is not None and 30_000 <= moment_ms < 32_000


def test_code_and_what_cites_nothing_have_no_moment() -> None:
    assert moments("```python\nx = '[[s0001]]'\n```\n\nNo citation.\n") == [None, None]


def test_a_cell_that_cites_has_its_moment() -> None:
    assert timed("```python\nx = 1\n```\n\n[[s0002]]\n") == [("cell", 30_000)]


def test_a_citation_of_no_segment_gives_no_moment() -> None:
    assert moments("Invented. [[s9999]]\n\n![Slide](frame:f9999)\n") == [None, None]


def test_footnotes_stand_apart_and_hold_nothing_up() -> None:
    assert moments(
        "But the sequences become long and that is a problem.[^a] [[s0001]]\n\n"
        "[^a]: So here is the second idea. [[s0002]]\n\n"
        "The sequences become long. [[s0001]]\n"
    ) == [20_000, None, None, 20_000]


def test_a_figure_leads_to_where_the_text_comes_to_it_while_it_is_shown() -> None:
    assert moments("![Slide](frame:f0001)\n") == [12_000]
    assert moments(
        "But the sequences become long and that is a problem. [[s0001]]\n\n![Slide](frame:f0001)\n"
    ) == [20_000, 20_000]


def test_figures_between_two_passages_do_not_step_back() -> None:
    late = FRAME.model_copy(update={"id": "f0002", "start_ms": 35_000})
    early = FRAME.model_copy(update={"id": "f0003", "start_ms": 11_000})
    found = timed(
        "The simplest tokenizer uses the bytes of the text. [[s0001]]\n\n"
        "![a](frame:f0001)\n\n![b](frame:f0003)\n\n![c](frame:f0002)\n\n"
        "But the sequences become long and that is a problem. [[s0001]]\n",
        (FRAME, late, early),
    )
    assert [moment_ms for _, moment_ms in found] == [10_000, 12_000, 12_000, 20_000, 20_000]


def test_a_figure_at_the_end_of_a_section_waits_for_the_next_sections_passage() -> None:
    late = FRAME.model_copy(update={"start_ms": 39_000})
    texts = ("![Slide](frame:f0001)\n", "So here is the second idea we merge pairs. [[s0002]]\n")
    sections = tuple(
        Section(id=text[:3], title="", start_ms=0, end_ms=40_000, markdown=text, segments=TWO)
        for text in texts
    )
    article = Article(title="T", edition="transcript", sections=sections)
    segments = SEGMENTS.model_copy(update={"frames": (late,)})
    made = with_passage_times(article, segments, TRANSCRIPT)
    assert [one.blocks[0].moment_ms for one in made.sections] == [30_000, 30_000]


def test_a_passage_in_other_words_leads_to_the_cue_that_shares_most_of_them() -> None:
    assert moments(
        "Welcome to this short lecture about bytes. [[s0001]]\n\n"
        "What if our tokenizer simply took each text as bytes? [[s0001]]\n"
    ) == [0, 10_000]


def test_moments_are_found_anew_whatever_was_there_before() -> None:
    section = Section(
        id="a", title="A", start_ms=0, end_ms=40_000, segments=TWO,
        markdown="The simplest tokenizer uses the bytes of the text. [[s0001]]\n",
    )  # fmt: skip
    article = Article(title="T", edition="transcript", sections=(section,))
    once = with_passage_times(article, SEGMENTS, TRANSCRIPT)
    assert with_passage_times(once, SEGMENTS, TRANSCRIPT) == once

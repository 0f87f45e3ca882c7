"""Links that lead to the second at which a passage begins."""

from pipeline.document.article import Article, Section
from pipeline.document.passage_times import with_passage_times
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


def rendered(markdown: str) -> tuple[str, Segments]:
    section = Section(
        id="a", title="A", start_ms=0, end_ms=40_000, markdown=markdown, segments=("s0001", "s0002")
    )
    article = Article(title="T", edition="transcript", sections=(section,))
    with_times, segments = with_passage_times(article, SEGMENTS, TRANSCRIPT)
    return with_times.sections[0].markdown, segments


def test_a_passage_inside_a_segment_leads_to_its_own_first_word() -> None:
    text, _ = rendered(
        "Welcome to this short lecture about bytes. [[s0001]]\n\n"
        "The simplest tokenizer uses the bytes of the text. [[s0001]]\n\n"
        "But the sequences become long, and that is a problem. [[s0001-s0002]]\n"
    )
    assert "about bytes. [[s0001]]" in text
    assert "of the text. [[s0001@10000]]" in text
    assert "a problem. [[s0001-s0002@20000]]" in text


def test_words_that_were_not_said_leave_the_segments_own_start() -> None:
    text, _ = rendered("Nothing like it was ever mentioned before. [[s0001]]\n")
    assert "[[s0001]]" in text


def test_a_passage_never_leads_to_a_moment_before_the_one_ahead_of_it() -> None:
    text, _ = rendered(
        "But the sequences become long and that is a problem. [[s0001]]\n\n"
        "The simplest tokenizer uses the bytes of the text. [[s0001]]\n"
    )
    assert text.count("[[s0001@20000]]") == 2


def test_cleaned_words_still_find_their_moment() -> None:
    text, _ = rendered("Here's the second idea: we merge pairs of bytes. [[s0001-s0002]]\n")
    assert "[[s0001-s0002@3" in text


def test_code_and_plain_figures_are_left_alone() -> None:
    markdown = "```python\nx = '[[s0001]]'\n```\n\n![Slide](frame:f0001)\n"
    text, _ = rendered(markdown)
    assert text == markdown


def test_a_figure_leads_to_where_the_text_comes_to_it_while_it_is_shown() -> None:
    _, before = rendered("![Slide](frame:f0001)\n")
    assert before.frames[0].at_ms == 12_000
    _, after = rendered(
        "But the sequences become long and that is a problem. [[s0001]]\n\n![Slide](frame:f0001)\n"
    )
    assert after.frames[0].at_ms == 20_000
    assert FRAME.at_ms == 29_000


def test_a_passage_in_other_words_leads_to_the_cue_that_shares_most_of_them() -> None:
    text, _ = rendered(
        "Welcome to this short lecture about bytes. [[s0001]]\n\n"
        "What if our tokenizer simply took each text as bytes? [[s0001]]\n"
    )
    assert "as bytes? [[s0001@10000]]" in text

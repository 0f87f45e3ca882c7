"""The report on the transcript edition."""

from __future__ import annotations

from pipeline.document.article import Article, Section
from pipeline.writing.transcript_edition.report import report
from tests.writing.transcript_edition.lectures import frame, lecture

SEGMENTS, _ = lecture(
    ["one two three", "four five", ""],
    [frame("f1", 0, 10_000, "A slide"), frame("f2", 90_000, 95_000, "A late slide")],
)


def article(markdown: str) -> Article:
    section = Section(
        id="sec01",
        title="A",
        start_ms=0,
        end_ms=60_000,
        markdown=markdown,
        segments=("s0001", "s0002", "s0003"),
    )
    return Article(title="A lecture", edition="transcript", sections=(section,))


def test_a_whole_section_has_nothing_to_report() -> None:
    found = report(article("one two three four five [[s0001-s0002]]\n"), SEGMENTS).sections[0]
    assert (found.words_in, found.words_out, found.not_covered) == (5, 5, ())
    assert found.problems == ()


def test_what_no_passage_cites_is_named() -> None:
    found = report(article("one two three [[s0001]]\n"), SEGMENTS).sections[0]
    assert found.not_covered == ("s0002",)


def test_music_and_hesitations_need_no_passage() -> None:
    segments, _ = lecture(["[Music]", "um, uh", "one"])
    found = report(article("one [[s0003]]\n"), segments).sections[0]
    assert found.not_covered == ()


def test_unknown_citations_and_figures_out_of_place_are_named() -> None:
    text = "all [[s0001-s0002]] [[s0009]]\n\n![a](frame:f2)\n\n![b](frame:f9)\n"
    problems = " ".join(report(article(text), SEGMENTS).sections[0].problems)
    for name in ("s0009", "f2", "f9"):
        assert name in problems


def test_code_is_no_word_of_the_lecture_wherever_it_stands() -> None:
    listed = "- one two\n\n  ```python\n  [[s0009]] = three\n  ```\n\n  three [[s0001]]\n"
    found = report(article(f"{listed}\n> four five [[s0002]]\n"), SEGMENTS).sections[0]
    assert (found.words_out, found.not_covered, found.problems) == (5, (), ())


def test_a_picture_shown_before_anybody_speaks_is_in_its_place() -> None:
    segments, _ = lecture(["", "one two"], [frame("f1", 0, 9_000, "A slide")])
    section = Section(
        id="sec01",
        title="A",
        start_ms=segments.segments[1].start_ms,
        end_ms=60_000,
        markdown="![a](frame:f1)\n\none two [[s0002]]\n",
        segments=("s0002",),
    )
    found = report(Article(title="A", edition="transcript", sections=(section,)), segments)
    assert found.sections[0].problems == ()

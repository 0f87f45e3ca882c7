"""What keeps a planned outline from covering the lecture is said in words a model can act on."""

from __future__ import annotations

from pipeline.document.outline import GlossaryTerm, OutlineSection
from pipeline.writing.outline.checks import known_terms, section_problems
from tests.writing.transcript_edition.lectures import lecture

SEGMENTS = lecture(["one", "two", "three"])[0].segments


def section(title: str, first: str, last: str) -> OutlineSection:
    return OutlineSection(id=title, title=title, first_segment=first, last_segment=last)


def test_a_plan_without_sections_is_a_problem_and_no_crash() -> None:
    assert section_problems([], SEGMENTS) == ["there are no sections"]


def test_a_plan_that_covers_all_has_no_problem() -> None:
    assert section_problems([section("A", "s0001", "s0003")], SEGMENTS) == []


def test_a_plan_that_ends_early_is_told_where_to_end() -> None:
    found = section_problems([section("A", "s0001", "s0002")], SEGMENTS)
    assert len(found) == 1 and "s0003" in found[0]


def test_a_meaning_stays_where_the_lecture_says_it() -> None:
    speech = "a symlink is a special file that points to another file, up to 40 of them"
    meanings = {
        "a special file that only points to another file": True,
        "a directory entry resolved by the kernel": False,
        "a special file, one of up to 60, that points to another file": False,
        "": False,
    }
    for meaning, stays in meanings.items():
        (found,) = known_terms([GlossaryTerm(term="symlink", meaning=meaning)], speech, [])
        assert bool(found.meaning) is stays, meaning


def test_a_term_is_known_by_its_plural_too() -> None:
    terms = [GlossaryTerm(term=term) for term in ("dotfile", "token pair", "vimrc", "...")]
    found = known_terms(terms, "we call these files dotfiles", ["Token Pairs"])
    assert [one.term for one in found] == ["dotfile", "token pair"]

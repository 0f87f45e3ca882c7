"""Translated chapters call a thing by one name, and give its original once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.document.outline import GlossaryTerm
from pipeline.document.parse import parse
from pipeline.document.serialise import serialise
from pipeline.writing.checks.original_terms import OriginalTerms
from pipeline.writing.checks.problems import Problem, to_repair
from pipeline.writing.checks.terms import term_problems
from pipeline.writing.replies.reply_cleanup import read_reply
from tests.writing.checks.test_languages import CASES, GOOD_CHINESE, GOOD_GERMAN, Case, material

TERMS = (
    GlossaryTerm(term="token", written="词元"),
    GlossaryTerm(term="byte pair encoding", written="字节对编码", heard_as=("bite pair encoding",)),
    GlossaryTerm(term="BPE", written="BPE"),
)


def found(case: Case, reply: str, *glossary: GlossaryTerm) -> list[Problem]:
    own = replace(material(case), glossary=glossary or TERMS)
    return term_problems(read_reply(reply, own), own)


def originals(*texts: str, written_in: str = "zh", terms: tuple[GlossaryTerm, ...] = TERMS) -> str:
    """The parts of a chapter with each original once, an empty line between them."""
    once = OriginalTerms(terms, "en", written_in)
    return "\n".join(serialise(once.once(parse(text))) for text in texts)


def test_the_form_of_the_outline_passes() -> None:
    assert found(CASES[0], GOOD_CHINESE) == []


def test_another_form_is_sent_back_at_the_block_that_speaks_of_it() -> None:
    problems = found(CASES[0], GOOD_CHINESE.replace("字节对编码", "字节对算法"))
    assert [(one.block, one.items) for one in problems] == [(1, ("byte pair encoding",))]
    assert 'is written "字节对编码"' in problems[0].text
    assert to_repair(problems) == problems


def test_the_original_outside_of_brackets_is_sent_back() -> None:
    problems = found(CASES[0], GOOD_CHINESE.replace("每一对相邻的词元", "每一对相邻的 token"))
    assert [(one.block, one.items) for one in problems] == [(1, ("token",))]


@pytest.mark.parametrize("text", ["`token`", "（token）", "([token](https://a.example))"])
def test_the_original_in_brackets_or_as_code_is_none(text: str) -> None:
    assert found(CASES[0], GOOD_CHINESE.replace("每一对相邻的", f"每一对{text}相邻的")) == []


def test_inflected_forms_and_compounds_are_the_form() -> None:
    term = GlossaryTerm(term="neighbor", written="Nachbar")
    vocabulary = GlossaryTerm(term="vocabulary", written="Vokabular")
    assert found(CASES[1], GOOD_GERMAN, term, vocabulary) == []
    compound = GOOD_GERMAN.replace("das Vokabular wächst", "die Vokabulargröße wächst")
    assert found(CASES[1], compound, vocabulary) == []


def test_a_term_that_nobody_says_here_is_not_missed() -> None:
    assert found(CASES[0], GOOD_CHINESE, GlossaryTerm(term="regex", written="正则表达式")) == []


def test_a_chapter_in_the_lectures_language_has_no_such_check() -> None:
    own = replace(material(CASES[5]), glossary=TERMS)
    assert term_problems(read_reply(CASES[5].good, own), own) == []


def test_the_original_stands_once_in_the_chapter() -> None:
    done = originals(
        "我们数词元（token）。[[s0001]]",
        "### 词元（token）\n\n词元（token）很短，词元（`token`）也快。",
    )
    assert done == "我们数词元（token）。 [[s0001]]\n\n### 词元\n\n词元很短，词元也快。\n"


def test_brackets_with_something_new_stay() -> None:
    done = originals(
        "字节对编码（byte pair encoding）。", "字节对编码（byte pair encoding，BPE）。"
    )
    assert done.count("byte pair encoding") == 2 and "BPE" in done
    assert "（见下文）" in originals("词元（token）。", "词元（见下文）。")


def test_an_original_that_no_part_gives_is_put_behind_the_first_mention() -> None:
    assert originals("### 词元\n\n`词元` 是词元。词元。", "词元。") == (
        "### 词元\n\n`词元` 是词元（token）。词元。\n\n词元。\n"
    )
    german = (GlossaryTerm(term="vocabulary", written="Vokabular"),)
    text = "Vokabulargröße. Das Vokabular wächst."
    done = originals(text, written_in="de", terms=german)
    assert done == "Vokabulargröße. Das Vokabular (vocabulary) wächst.\n"


def test_nothing_is_changed_in_the_lectures_own_language() -> None:
    once = OriginalTerms(TERMS, "zh", "zh")
    blocks = parse("词元（token）。词元（token）。")
    assert once.once(blocks) == blocks

"""What the report claims of its checks, and what it does not."""

from __future__ import annotations

from dataclasses import replace

from pipeline.document.parse import parse
from pipeline.writing.checks.invented_numbers import number_problems
from pipeline.writing.checks.problems import Problem
from pipeline.writing.checks.results import results_of
from tests.writing.checks.test_languages import CASES, material


def test_a_check_that_found_something_failed_the_others_passed() -> None:
    results = results_of([Problem("number", "60000 is invented")], material(CASES[5]))
    assert results["numbers"] == "failed"
    assert {results[name] for name in ("citations", "coverage", "voice")} == {"passed"}


def test_terms_are_told_of_where_the_outline_has_forms_for_them() -> None:
    assert results_of([], material(CASES[0]))["terms"] == "passed"
    assert results_of([Problem("term", "another form")], material(CASES[0]))["terms"] == "failed"
    assert "terms" not in results_of([], material(CASES[5]))


def test_what_does_not_exist_for_a_language_is_not_claimed() -> None:
    translated = results_of([], material(CASES[0]))
    assert translated["voice"] == translated["spelling"] == "not for this language"
    assert translated["house words"] == "passed"
    swahili = results_of([], replace(material(CASES[0]), written_in="sw"))
    assert swahili["house words"] == "not for this language"
    unknown = results_of([], replace(material(CASES[0]), written_in="x-none"))
    assert unknown["language"] == "not for this language"
    icelandic = results_of([], replace(material(CASES[0]), written_in="is"))
    assert icelandic["language"] == "not for this language"
    assert icelandic["length"] == "passed"


def test_no_number_is_called_invented_where_said_numbers_are_not_read() -> None:
    lecture = replace(material(CASES[5]), chunk=replace(material(CASES[5]).chunk, spoken_in="sw"))
    assert results_of([], lecture)["numbers"] == "not for this language"
    assert number_problems(parse("Kuna maneno 777 hapa. [[s0001]]"), lecture) == []
    assert number_problems(parse("There are 777 of them. [[s0001]]"), material(CASES[5]))

"""Whether a run of words is a whole sentence."""

from __future__ import annotations

import pytest

from pipeline.writing.transcript_edition.punctuation.clause_structure import ClauseStructure


def flaw(text: str) -> float:
    """What speaks against the words before the bar as a sentence, in the text around them."""
    before, _, after = text.partition("|")
    keys = [*before.split(), *after.split()]
    return ClauseStructure(keys).flaw(0, len(before.split()))


@pytest.mark.parametrize(
    "text",
    [
        "we count the pairs | then we merge them",
        "if we count the pairs we can merge them | and so on",
        "we merge the pairs because they are frequent | and so on",
    ],
)
def test_a_whole_sentence_has_no_flaw(text: str) -> None:
    assert flaw(text) == 0.0


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("a list of bytes | is what we get", 3.0),
        ("if we count the pairs | we can merge them", 3.0),
        ("if we count the pairs we see | then we merge them", 3.0),
    ],
)
def test_a_part_of_a_sentence_has_one(text: str, least: float) -> None:
    assert flaw(text) >= least


def test_a_greeting_needs_no_verb() -> None:
    assert flaw("hello everyone | today we count pairs") < 0

"""The full stop of an abbreviation ends no sentence."""

from __future__ import annotations

import pytest

from pipeline.text.abbreviations import is_abbreviation
from pipeline.text.punctuation import sentence_ends


@pytest.mark.parametrize(
    ("word", "following"),
    [
        ("Mr.", "Bernoulli"),
        ("(Dr.", "Chen"),
        ("Prof.", "Lee"),
        ("e.g.", "this"),
        ("i.e.", "that"),
        ("vs.", "Python"),
        ("Fig.", "3"),
        ("No.", "7"),
        ("etc.", "and"),
        ("J.", "Tukey"),
        ("St.", "Petersburg"),
        ("U.S.", "Senate"),
        ("z.B.", "Hunde"),
        ("т.е.", "число"),
        ("Sra.", "García"),
    ],
)
def test_a_word_written_short_ends_no_sentence(word: str, following: str) -> None:
    assert is_abbreviation(word, following)
    assert not sentence_ends(word, following)


@pytest.mark.parametrize(
    ("word", "following"),
    [
        ("No.", "That"),
        ("etc.", "The"),
        ("I.", "Then"),
        ("B.", "So"),
        ("n.", "Now"),
        ("rep.", "Then"),
        ("p.m.", "We"),
        ("done.", "Mr."),
        ("done.", None),
        ("है।", "यह"),
        ("数字。", "下"),
    ],
)
def test_other_full_stops_do(word: str, following: str | None) -> None:
    assert sentence_ends(word, following)


def test_a_full_stop_inside_a_sentence_is_known_by_the_small_letter_after_it() -> None:
    assert not sentence_ends("example.com.", "and")
    assert sentence_ends("Yes!", "“And")

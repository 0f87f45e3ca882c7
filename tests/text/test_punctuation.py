"""Sentence and clause ends in the scripts of the world."""

from __future__ import annotations

import pytest

from pipeline.text.punctuation import (
    SENTENCE_ENDS,
    ends_clause,
    ends_sentence,
    is_abbreviation,
    mark_count,
    sentence_ends,
)


@pytest.mark.parametrize(
    "word",
    [
        "done.",
        "really?!",
        "“fine.”",
        "so…",
        "数字。",
        "吗？」",
        "ます｡",
        "है।",
        "है|",
        "ہے۔",
        "هذا؟",
        "እናያለን።",
        "է։",
        "է:",
        "λοιπόν;",
        "ကောင်းပါတယ်။",
        "បាទ។",
        "BPE。",
    ],
)
def test_a_sentence_ends_with_the_mark_of_its_script(word: str) -> None:
    assert ends_sentence(word)


@pytest.mark.parametrize(
    "word", ["word", "so,", "3.14", "first;", "that:", "a|", "首先，", "", "”"]
)
def test_other_words_end_no_sentence(word: str) -> None:
    assert not ends_sentence(word)


@pytest.mark.parametrize("word", ["so,", "that:", "首先，", "一、", "أولا،", "ၾ၊", "–"])
def test_a_clause_ends_with_the_comma_of_its_script(word: str) -> None:
    assert ends_clause(word)


@pytest.mark.parametrize("word", ["word", "done.", "λοιπόν;", "数字。"])
def test_what_ends_a_sentence_ends_no_clause(word: str) -> None:
    assert not ends_clause(word)


def test_the_character_class_of_ends_has_those_of_all_scripts_and_no_semicolon() -> None:
    assert set(".?!…。！？।۔؟։።") <= set(SENTENCE_ENDS)
    assert not set(";:,|") & set(SENTENCE_ENDS)


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("So, this is 3.14, see a.py. Ok?", 4),
        ("ब्याह है। हाँ, है।", 3),
        ("我们看，好。对", 2),
        ("¿Qué? ¡Ya!", 4),
        ("no marks at all 12:30", 0),
    ],
)
def test_marks_are_counted_in_every_script_but_not_inside_numbers(text: str, marks: int) -> None:
    assert mark_count(text) == marks


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

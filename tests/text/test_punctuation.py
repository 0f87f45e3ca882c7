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


@pytest.mark.parametrize(
    ("language", "word", "following"),
    [
        ("de", "3.", "Mai"),
        ("de", "19.", "Jahrhundert"),
        ("de", "S.", "12"),
        ("de", "bzw.", "Python"),
        ("pl", "tzn.", "Python"),
        ("pl", "rys.", "3"),
        ("cs", "např.", "Python"),
        ("uk", "напр.", "Python"),
        ("el", "δηλ.", "Python"),
        ("el", "κ.", "Παπαδόπουλος"),
        ("it", "es.", "Python"),
        ("it", "dott.", "Rossi"),
        ("tr", "örn.", "Python"),
        ("hu", "pl.", "Python"),
        ("nl", "bijv.", "Python"),
        ("ar", "د.", "أحمد"),
        ("ru", "ул.", "Ленина"),
    ],
)
def test_each_language_has_its_abbreviations_and_ordinals(
    language: str, word: str, following: str
) -> None:
    assert is_abbreviation(word, following, language)
    assert not sentence_ends(word, following, language)


@pytest.mark.parametrize(
    ("language", "word", "following"),
    [
        ("de", "3.", "Das"),
        ("de", "50.", "Python"),
        ("en", "3.", "May"),
        ("es", "es.", "Python"),
        ("es", "EE.UU.", "Luego"),
        ("tr", "vs.", "Sonra"),
        ("it", "ecc.", "Poi"),
        ("ru", "т.д.", "Потом"),
        ("el", "κ.λπ.", "Μετά"),
        ("fa", "است.", "این"),
        ("ko", "합니다.", "그"),
    ],
)
def test_what_is_short_in_another_language_ends_a_sentence(
    language: str, word: str, following: str
) -> None:
    assert sentence_ends(word, following, language)

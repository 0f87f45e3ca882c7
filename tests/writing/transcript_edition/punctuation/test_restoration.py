"""Sentences from speech that came without punctuation."""

from __future__ import annotations

import re

from pipeline.writing.transcript_edition.punctuation.disfluencies import cleaned
from pipeline.writing.transcript_edition.punctuation.restoration import restored
from tests.writing.transcript_edition.lectures import spoken

NAMES = {"python": "Python", "utf8": "UTF-8", "gpt": "GPT"}
SPEECH = (
    "hi everyone so today i'd like to talk about sorting now in the last lecture we looked at a"
    " list of numbers in python and we counted how often each of them occurs so what is a stable"
    " sort now if you have two equal numbers in the list then a stable sort keeps their order and"
    " this is what we want when we sort a table by two of its columns okay so let's write this in"
    " code here we have the function that compares two of the elements and it returns true if the"
    " first one comes first but there's a problem with this because it does not handle the empty"
    " list"
)


def lines(text: str) -> list[str]:
    sentences = restored(cleaned(spoken(text)), NAMES)
    return [" ".join(word.text for word in sentence) for sentence in sentences]


def test_sentences_begin_where_the_lecturer_begins_anew() -> None:
    openings = [" ".join(line.split()[:3]) for line in lines(SPEECH)]
    for opening in ("Hi everyone.", "Now in the", "So what is", "Now if you", "But there's a"):
        assert opening in openings


def test_no_word_is_added_lost_or_moved() -> None:
    def letters(text: str) -> list[str]:
        return re.findall(r"[a-z0-9']+", text.lower())

    assert letters(" ".join(lines(SPEECH))) == letters(SPEECH)


def test_every_sentence_begins_with_a_capital_and_ends_with_a_stop() -> None:
    for line in lines(SPEECH):
        assert line[0].isupper()
        assert line[-1] in ".?"


def test_a_question_is_one() -> None:
    assert "So what is a stable sort?" in lines(SPEECH)


def test_the_pronoun_and_known_names_are_written_right() -> None:
    (line,) = lines("i wrote the utf8 decoder in python")
    assert line == "I wrote the UTF-8 decoder in Python."


def test_whims_of_capitals_are_evened_out() -> None:
    text = " ".join(lines("the table is here and a table is there so the Table is full"))
    assert "Table" not in text


def test_so_on_and_right_now_are_no_beginnings() -> None:
    text = "we count the letters the words and so on and right now we count the numbers"
    assert not any(re.match(r"(And )?[Ss]o on|Now we", line) for line in lines(text))


def test_a_tag_is_a_question_but_on_the_right_is_none() -> None:
    assert lines("so the list got shorter right") == ["So the list got shorter, right?"]
    assert lines("so the value is on the right") == ["So the value is on the right."]


def test_a_very_long_run_without_any_hint_still_ends() -> None:
    sentences = restored(spoken("table chair " * 200), {})
    assert max(len(sentence) for sentence in sentences) <= 60

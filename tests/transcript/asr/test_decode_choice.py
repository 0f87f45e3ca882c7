"""Of several decodes the fullest is believed, joined without losing a word, and told apart."""

from __future__ import annotations

from pipeline.transcript.asr.decode_choice import (
    better,
    conflicts,
    one_after_the_other,
    spliced,
)
from pipeline.transcript.asr.engines.engine import RecognisedWord, Recognition
from tests.transcript.asr.fakes import heard, window

LOOP = heard("got them " * 20, logprob=-0.05)


def test_the_decode_without_a_loop_is_believed() -> None:
    good = heard("all is well here", logprob=-0.9)
    assert better(good, LOOP, window(1.2)) is good
    assert better(LOOP, good, window(1.2)) is good


def test_coverage_comes_before_likelihood() -> None:
    full = heard("one two three four five six seven eight", logprob=-0.5)
    short = heard("one two", logprob=-0.1)
    assert better(short, full, window(2.4)) is full
    assert better(full, short, window(2.4)) is full


def test_of_two_full_decodes_the_likelier_is_believed() -> None:
    one, other = heard("all is well", logprob=-0.3), heard("all is swell", logprob=-0.5)
    assert better(other, one, window(0.9)) is one


def test_of_two_full_decodes_the_unprompted_one_is_believed_before_the_likelier() -> None:
    prompted, plain = heard("all is well", logprob=-0.3), heard("all is swell", logprob=-0.5)
    assert better(prompted, plain, window(0.9), unprompted=True) is plain
    assert better(prompted, LOOP, window(0.9), unprompted=True) is prompted
    assert better(prompted, heard("all"), window(6.0), unprompted=True) is prompted


def test_a_gap_is_filled_and_nothing_else_is_changed() -> None:
    whole = Recognition(
        (
            RecognisedWord(0.0, 0.4, "Very", 0.9),
            RecognisedWord(0.4, 1.0, "insignificant.", 0.9),
            RecognisedWord(1.0, 3.5, "The", 0.9),
            RecognisedWord(3.5, 4.0, "end.", 0.9),
        )
    )
    part = Recognition(
        (
            RecognisedWord(0.0, 0.3, "significant.", 0.9),
            RecognisedWord(0.4, 0.6, "The", 0.9),
            RecognisedWord(0.8, 1.2, "lost", 0.9),
            RecognisedWord(1.2, 2.4, "words.", 0.9),
            RecognisedWord(2.8, 3.3, "end.", 0.9),
        )
    )
    filled = spliced(whole, part, (0.7, 4.0), (1.3, 3.3))
    assert filled.text == "Very insignificant. The lost words. end."
    assert [word.start_s for word in filled.words] == sorted(w.start_s for w in filled.words)


def test_what_follows_the_last_word_is_appended() -> None:
    whole, part = heard("so this is"), heard("the lost end.")
    assert spliced(whole, part, (2.0, 3.0), (0.9, 3.0)).text == "so this is the lost end."
    assert spliced(Recognition(()), part, (2.0, 3.0), (0.0, 3.0)).text == "the lost end."


def test_two_halves_make_a_whole() -> None:
    joined = one_after_the_other(heard("one half."), heard("one half."), 5.0)
    assert joined.text == "one half. one half."
    assert joined.words[2].start_s == 5.0


def test_only_other_content_words_are_a_conflict() -> None:
    kept = heard("the difference is very insignificant")
    (told,) = conflicts(kept, heard("a difference is very significant"))
    assert (told.kept, told.other) == ("insignificant", "significant")
    assert told.start_s == kept.words[4].start_s

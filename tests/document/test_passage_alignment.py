"""Each passage begins with the first word that it retells, never later."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.document.passage_alignment import CitedPassage, SpokenKeys, first_words
from pipeline.models import Cue, Transcript
from pipeline.text.words import unspaced_parts

SPEECH = (
    "Welcome to this short lecture. Today we look at how a tokenizer learns its vocabulary. "
    "So the simplest idea is to take the bytes. Uh the the sequences become long then. "
    "So here is the second idea. We merge the pair of bytes that occurs most often."
)
SAID = ["so", "we", "merge", "the", "pair", "词", "of", "bytes", "again", "元", "now"]


def transcript(speech: str) -> Transcript:
    words = [unit for word in speech.split() for unit in unspaced_parts(word)]
    cues = tuple(
        Cue(start_ms=300 * at, end_ms=300 * at + 299, text=word) for at, word in enumerate(words)
    )
    return Transcript(language="en", engine="x", model=None, cues=cues)


def begins(speech: str, *passages: str) -> list[str | None]:
    """The spoken word that each passage begins with; every passage cites the whole speech."""
    said = transcript(speech)
    cited = [CitedPassage(text, 0, len(said.words) - 1) for text in passages]
    places = first_words(cited, SpokenKeys(said))
    return [None if place is None else said.words[place].text for place in places]


def place_of(speech: str, passage: str) -> int | None:
    said = transcript(speech)
    (place,) = first_words([CitedPassage(passage, 0, len(said.words) - 1)], SpokenKeys(said))
    return place


def test_passages_in_the_speakers_words_begin_with_their_first_word() -> None:
    assert begins(
        SPEECH,
        "Welcome to this short lecture.",
        "The simplest idea is to take the bytes.",
        "The sequences become long then.",
        "Here is the second idea.",
    ) == ["Welcome", "the", "the", "here"]


def test_of_the_same_opening_said_twice_the_one_that_goes_on_alike_is_taken() -> None:
    speech = "So we go on to merge. Now so we go on to count the pairs of all bytes."
    assert place_of(speech, "So we go on to count the pairs of all bytes.") == 7


def test_a_word_said_twice_is_taken_where_its_neighbours_are_said_too() -> None:
    speech = "Bytes of all kinds come and go and then we sort them. Now a table of bytes is kept."
    passage = "A table of bytes is what we keep."
    assert place_of(speech, passage) == speech.split().index("a")
    assert place_of("Bytes are the letters. Then long after that a table of bytes.", passage) == 8


def test_a_passage_with_words_of_its_own_begins_with_the_sentence_it_retells() -> None:
    place = place_of(SPEECH, "The most frequent pair of all is what gets merged.")
    assert place is not None
    assert SPEECH.split()[place] == "We"


def test_a_retold_passage_never_begins_before_the_end_of_the_one_before_it() -> None:
    said = transcript(SPEECH)
    last = len(said.words) - 1
    passages = [
        CitedPassage("We look at how a tokenizer learns its vocabulary.", 0, last),
        CitedPassage("Its simplest idea: take bytes.", 0, last),
    ]
    one, two = first_words(passages, SpokenKeys(said))
    assert one is not None and two is not None
    assert SPEECH.split()[two] == "So" and two > one + 8


def test_words_that_nobody_said_begin_nowhere() -> None:
    assert begins(SPEECH, "Nothing like that was ever mentioned.") == [None]


def test_a_passage_in_chinese_begins_with_its_first_letter() -> None:
    speech = "大家好，今天我们来讲分词。 首先看看什么是词元。 然后我们讲 BPE 算法。"
    assert begins(speech, "首先，看看什么是词元。", "然后讲BPE算法。") == ["首", "然"]


def test_nothing_is_looked_for_outside_the_words_that_are_cited() -> None:
    said = transcript(SPEECH)
    passage = CitedPassage("We merge the pair of bytes that occurs most often.", 0, 10)
    (place,) = first_words([passage], SpokenKeys(said))
    assert place is None or place <= 10


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["so", "we", "merge", "the", "pair", "of", "bytes", "again", "词", "元", "now"]
        ),
        min_size=1,
    ),
    st.lists(
        st.tuples(
            st.lists(
                st.sampled_from([*SAID[:6], "other", "words"]),
                max_size=12,
            ),
            st.integers(0, 40),
            st.integers(0, 40),
        ),
        max_size=6,
    ),
)
def test_places_run_forward_and_begin_within_what_is_cited(
    speech: list[str], written: list[tuple[list[str], int, int]]
) -> None:
    said = transcript(" ".join(speech))
    last = len(said.words) - 1
    passages = [
        CitedPassage(" ".join(words), min(a, b, last), min(max(a, b), last))
        for words, a, b in written
    ]
    places = first_words(passages, SpokenKeys(said))
    found = [place for place in places if place is not None]
    assert all(a <= b for a, b in pairwise(found))
    for passage, place in zip(passages, places, strict=True):
        earlier = [one for one in places[: places.index(place)] if one is not None]
        if place is not None and passage.first_word > max(earlier, default=-1):
            assert passage.first_word <= place <= passage.last_word

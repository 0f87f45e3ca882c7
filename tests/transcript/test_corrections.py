"""Terms and numbers are corrected where the screen proves them, and only there."""

from __future__ import annotations

import pytest

from pipeline.models import Cue
from pipeline.transcript.corrections import Corrected, correct_names
from pipeline.transcript.cues import spread
from pipeline.transcript.phonetics import common_words, english_words
from pipeline.transcript.screen_glossary import ScreenWords

SCREENS = (
    ScreenWords(
        0, 60_000, "minbpe import regex as re\ntiktoken byte pair 30642 1024 tokenizer bytepair"
    ),
    ScreenWords(60_000, 120_000, "exercise: minbpe, regex pattern, tiktoken, tokenizer; Karpathy"),
    ScreenWords(600_000, 700_000, "Unicode 49152 sentencepiece"),
)
WORDS = common_words()


def corrected(text: str, at_ms: int = 30_000) -> Cue:
    words = spread(text.split(), at_ms, at_ms + 4000)
    cue = Cue(start_ms=at_ms, end_ms=at_ms + 4000, text=text, words=words)
    return correct_names([cue], SCREENS, WORDS).cues[0]


@pytest.mark.parametrize(
    ("heard", "right"),
    [
        ("use the reex library,", "use the regex library,"),
        ("I call it MBP.", "I call it minbpe."),
        ("in the M bpe repository", "in the minbpe repository"),
        ("so 3,642 is a token", "so 30642 is a token"),
        ("that makes 1,24 tokens", "that makes 1024 tokens"),
        ("the tick token library", "the tiktoken library"),
        ("what Tik toen uses", "what tiktoken uses"),
        ("says Karpathi here", "says Karpathy here"),
    ],
)
def test_a_misheard_term_becomes_the_one_on_the_screen(heard: str, right: str) -> None:
    cue = corrected(heard)
    assert cue.text == right
    assert cue.heard == heard
    assert " ".join(word.text for word in cue.words) == right
    assert (cue.words[0].start_ms, cue.words[-1].end_ms) == (30_000, 34_000)


@pytest.mark.parametrize(
    "heard",
    [
        "the tokenizers are tokenizing tokens",
        "a regex is two regexes",
        "byte pair encoding of bytes",
        "we have 256 of them and 1024 more",
        "it is right there to write",
        "the year 2024 and 50,257",
        "an MP is a member",
        "take the exercises",
        "with a bite to eat",  # a word of the language, whatever stands on the screen
    ],
)
def test_what_was_heard_right_stays(heard: str) -> None:
    cue = corrected(heard)
    assert cue.text == heard
    assert cue.heard is None


def test_a_term_is_only_proof_within_two_minutes() -> None:
    assert corrected("use the reex library", at_ms=230_000).text == "use the regex library"
    assert corrected("use the reex library", at_ms=400_000).text == "use the reex library"
    assert corrected("all 4,9152 of them", at_ms=650_000).text == "all 4,9152 of them"


def test_without_a_screen_nothing_changes() -> None:
    cue = corrected("use the reex library")
    assert correct_names([cue], (), WORDS).cues == (cue,)


def test_a_lecture_without_a_word_has_nothing_to_correct() -> None:
    assert correct_names([], SCREENS, WORDS) == Corrected(())


def test_without_a_list_of_common_words_only_numbers_are_corrected() -> None:
    words = spread(["reex", "3,642"], 0, 1000)
    cue = Cue(start_ms=0, end_ms=1000, text="reex 3,642", words=words)
    assert correct_names([cue], SCREENS, {}).cues[0].text == "reex 30642"


@pytest.mark.parametrize(
    "said", ["and then we get a list", "we merge as often as we want", "and on I go"]
)
def test_function_words_are_never_half_of_a_term(said: str) -> None:
    terms = "wget merges openai"
    screens = [ScreenWords(0, 60_000, terms), ScreenWords(60_000, 90_000, terms)]
    words = spread(said.split(), 30_000, 34_000)
    cue = Cue(start_ms=30_000, end_ms=34_000, text=said, words=words)
    assert correct_names([cue], screens, WORDS).cues == (cue,)


def test_a_spelling_that_was_misread_once_gives_way_to_the_usual_one() -> None:
    screens = [ScreenWords(at * 1000, 60_000, "sentencepiece") for at in range(4)]
    screens.append(ScreenWords(0, 60_000, "sentencepece"))
    said = "we use sentencepeice here"
    words = spread(said.split(), 30_000, 34_000)
    cue = Cue(start_ms=30_000, end_ms=34_000, text=said, words=words)
    assert correct_names([cue], screens, WORDS).cues[0].text == "we use sentencepiece here"


def cues_of(*texts: str) -> list[Cue]:
    return [
        Cue(
            start_ms=at * 5000,
            end_ms=at * 5000 + 4000,
            text=text,
            words=spread(text.split(), at * 5000, at * 5000 + 4000),
        )
        for at, text in enumerate(texts)
    ]


def test_what_is_heard_again_and_again_is_no_slip() -> None:
    said = cues_of(*["the reex library"] * 4)
    assert correct_names(said, SCREENS, WORDS).cues == tuple(said)
    assert len(correct_names(said[:3], SCREENS, WORDS).changes) == 3


def test_known_words_stay() -> None:
    said = cues_of("use the reex library")
    assert correct_names(said, SCREENS, WORDS, {"reex"}).cues == tuple(said)


@pytest.mark.parametrize(
    "said", ["tokenizer uh", "a tokenizer I use", "this regexy thing", "humor"]
)
def test_hesitations_and_other_forms_are_no_slips(said: str) -> None:
    shown = [ScreenWords(at, 60_000, "tokenizer regex humour") for at in (0, 1)]
    assert correct_names(cues_of(said), shown, WORDS, english_words()).changes == ()


def test_each_change_is_listed_with_its_proof() -> None:
    said = cues_of("hello", "use the reex, please")
    (change,) = correct_names(said, SCREENS, WORDS).changes
    assert (change.heard, change.written) == ("reex,", "regex,")
    assert 5000 <= change.at_ms < 9000
    assert change.shown_ms == 0


def made(said: list[str], shown: str, *written: str) -> list[tuple[str, str]]:
    """What is changed in cues of 4 s, by two screens with a text and by what a person wrote."""
    screens = [ScreenWords(at, 3_600_000, shown) for at in (0, 1)]
    found = correct_names(cues_of(*said), screens, WORDS, english_words(), written)
    return [(change.heard, change.written) for change in found.changes]


def test_a_name_that_two_cues_share_is_one_word_of_the_first() -> None:
    shown = [ScreenWords(at, 60_000, "tiktoken token") for at in (0, 1)]
    done = correct_names(cues_of("in Tik", "toen there is", "and"), shown, WORDS)
    assert [cue.text for cue in done.cues] == ["in tiktoken", "there is", "and"]
    assert [cue.heard for cue in done.cues] == ["in Tik", "toen there is", None]
    first, second, _ = done.cues
    assert first.words[-1].end_ms <= first.end_ms <= second.words[0].start_ms
    assert made(["in Tik", "toen"], "tiktoken") == []  # a cue keeps its one word


@pytest.mark.parametrize(
    ("said", "shown", "change"),
    [
        ("doing FS buuz here", "FizzBuzz Buzz", ("FS buuz", "FizzBuzz")),
        ("this sck tokenizer page", "tiktokenizer", ("sck tokenizer", "tiktokenizer")),
        ("autor regressive modeling", "autoregressive", ("autor regressive", "autoregressive")),
        ("the Tech token library", "tiktoken", ("Tech token", "tiktoken")),
        ("using this regx pattern", "regex ragex", ("regx", "regex")),
        ("a rigix pattern", "regex", ("rigix", "regex")),
        ("when I incode this", "Unicode encode", ("incode", "encode")),
    ],
)
def test_what_sounds_alike_or_has_an_odd_part_is_the_term(
    said: str, shown: str, change: tuple[str, str]
) -> None:
    assert made([said], shown) == [change]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("what kinds of mergy they do", "merge merges"),  # a form of a word
        ("that uh Tik toen and", "token"),  # half of a name that is not shown
        ("the way that AI tokenizes it", "tiktokenizer tokenizer"),
        ("it is completely unconfigured", "configured"),
        ("let me uncomment this", "endcomment"),
        ("we incode the text", "Unicode"),  # as near to a word that is heard again and again
        ("the encoder dopy file", "encoder.py encoderpy"),  # the file's name, misread
        ("the first pld is", "pelled"),
        ("a DNS name", "dozens"),
        ("in the array argv", "arxv"),
        ('we write "import sys"', "sees"),
        ("one called broot", "BERT"),
        ("So I want to", "stoi"),
        ("As I said before", "ASCII"),
        ("So let's go", "selts"),
    ],
)
def test_a_chance_likeness_changes_nothing(said: str, shown: str) -> None:
    assert made([said, *["we encode it"] * 4], shown) == []


def test_a_name_that_a_person_wrote_is_put_right_however_often_it_is_divided() -> None:
    title = "tiktoken, sentencepiece: a walkthrough of the tokenizer"
    assert made(["the Tik token library"] * 6, "x", title) == [("Tik token", "tiktoken")] * 6
    found = made(["we use sentence piece, too"] * 6, "x", title)
    assert found == [("sentence piece,", "sentencepiece,")] * 6
    assert made(["the Tik token library"] * 6, "tiktoken") == []  # only shown: no slip
    assert made(["let me walk through it", "this tokenizer"] * 6, "x", title) == []


def test_tags_and_addresses_are_no_names_that_are_said() -> None:
    about = "#machinelearning @johnsmith https://deepmind.com/sparrowtalk"
    said = ["machine learning", "John Smith", "deep mind", "sparrow talk"]
    assert made(said, "x", about) == []


def test_a_term_that_is_heard_right_elsewhere_is_not_heard_in_two_words() -> None:
    said = ["the tokenizer here"] * 4
    assert made([*said, "that is token zero"], "tokenizer", "the tokenizer") == []


def test_only_what_a_person_wrote_has_no_screen_for_a_proof() -> None:
    screens = [ScreenWords(0, 60_000, "something else")]
    done = correct_names(cues_of("a mini bpe here"), screens, WORDS, english_words(), ["minbpe"])
    (change,) = done.changes
    assert (change.heard, change.written, change.shown_ms) == ("mini bpe", "minbpe", None)

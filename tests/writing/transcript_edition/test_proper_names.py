"""How names are written."""

from __future__ import annotations

from pipeline.writing.transcript_edition.proper_names import respelled, spellings

WRITTEN = ["Let's build the GPT Tokenizer", "GPT-2 and UTF-8 with Python in SentencePiece"]


def test_names_are_known_by_their_letters_alone() -> None:
    names = spellings(WRITTEN)
    assert names["utf8"] == "UTF-8"
    assert names["sentencepiece"] == "SentencePiece"
    assert respelled("gpt2,", names) == "GPT-2,"
    assert respelled("gpts", names) == "GPTs"
    assert respelled("utf8's", names) == "UTF-8's"
    assert respelled("build", names) == "build"


def test_a_name_in_a_title_is_one_though_the_transcript_has_no_capitals() -> None:
    names = spellings(["used to train Llama 2. Training it is slow"], (), ["llama", "training"])
    assert names["llama"] == "Llama"
    assert "training" not in names


def test_the_capitals_of_a_heading_make_no_names() -> None:
    assert "tokenizer" not in spellings(["The Byte Pair Tokenizer"])
    assert spellings(["EVERY WORD OF THIS SLIDE"]) == {}


def test_a_word_that_is_mostly_written_otherwise_is_no_name() -> None:
    shown = ["EGG", "an egg", "Egg at the start", "EGG", "the egg", "one egg"]
    assert "egg" not in spellings(WRITTEN, shown)


def test_code_on_the_screen_does_not_outvote_the_description() -> None:
    assert spellings(WRITTEN, ['text.encode("utf-8")'] * 9)["utf8"] == "UTF-8"
    assert "must" not in spellings(WRITTEN, ["it MUST be so", "you MUST do"])


def test_what_the_screen_shows_only_once_may_be_misread() -> None:
    assert "tokenlzer" not in spellings(WRITTEN, ["the TokenLzer of it"])
    assert spellings(WRITTEN, ["the PyTorch way", "with PyTorch"])["pytorch"] == "PyTorch"

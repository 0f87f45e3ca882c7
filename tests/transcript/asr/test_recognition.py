"""A sentence that goes on in the next window is written as one."""

from __future__ import annotations

from pipeline.models import Word
from pipeline.transcript.asr.recognition import without_capitals
from pipeline.transcript.phonetics import is_written_small


def spoken(text: str, pause_ms: int = 100) -> list[Word]:
    step = 300 + pause_ms
    return [
        Word(start_ms=i * step, end_ms=i * step + 300, text=word)
        for i, word in enumerate(text.split())
    ]


def joined(text: str, start: int, pause_ms: int = 100) -> str:
    words = without_capitals(spoken(text, pause_ms), [0, start], is_written_small)
    return " ".join(word.text for word in words)


def test_a_common_word_gets_its_small_letter_back() -> None:
    assert joined("a conclusion is that When they are combined", 4) == (
        "a conclusion is that when they are combined"
    )


def test_a_word_that_is_small_elsewhere_is_no_name() -> None:
    text = "one minbpe and a minbpe with Minbpe"
    assert joined(text, 6) == "one minbpe and a minbpe with minbpe"


def test_names_sentences_and_new_starts_keep_their_capital() -> None:
    for text, start in (
        ("we went to Paris again", 3),
        ("and then I said", 2),
        ("made with GPT models", 2),
        ("it ends. When it does", 2),
    ):
        assert joined(text, start) == text
    assert joined("and then When we go", 2, pause_ms=3000) == "and then When we go"

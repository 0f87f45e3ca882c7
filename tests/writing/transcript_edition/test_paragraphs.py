"""Sentences in paragraphs."""

from __future__ import annotations

from pipeline.writing.transcript_edition.paragraphs import MAX_SENTENCES, paragraphs
from pipeline.writing.transcript_edition.punctuation.sentences import Sentence

TEXT = "The tokenizer turns a string of text into a list of integers and back again."


def sentences(texts: list[str], pauses: dict[int, int] | None = None) -> list[Sentence]:
    return [
        Sentence(
            text=text,
            segments=(n // 3, n // 3),
            home=n // 3,
            start_ms=n * 5000,
            end_ms=(n + 1) * 5000,
            pause_ms=(pauses or {}).get(n, 0),
            words=len(text.split()),
        )
        for n, text in enumerate(texts)
    ]


def starts(texts: list[str], pauses: dict[int, int] | None = None) -> list[int]:
    found = paragraphs(sentences(texts, pauses))
    return [paragraph.start_ms // 5000 for paragraph in found]


def test_every_sentence_is_in_one_paragraph_of_readable_length() -> None:
    found = paragraphs(sentences([TEXT] * 40))
    assert sum(len(paragraph.sentences) for paragraph in found) == 40
    assert all(2 <= len(paragraph.sentences) <= MAX_SENTENCES for paragraph in found)


def test_a_paragraph_begins_after_a_long_pause() -> None:
    assert 4 in starts([TEXT] * 9, {4: 2500})


def test_a_paragraph_begins_with_a_turn_of_the_lecture() -> None:
    texts = [TEXT] * 9
    texts[5] = "Okay, so let us now look at how the decoder turns the integers into text."
    assert 5 in starts(texts)


def test_an_answer_stays_with_its_question() -> None:
    texts = [TEXT] * 8
    texts[3] = "So why do we not simply use the bytes of the text as they are?"
    assert 4 not in starts(texts)


def test_a_given_start_is_one() -> None:
    found = paragraphs(sentences([TEXT] * 8), starts={2})
    assert 2 in [paragraph.start_ms // 5000 for paragraph in found]


def test_a_paragraph_cites_the_segments_of_its_words() -> None:
    (paragraph,) = paragraphs(sentences([TEXT] * 4))
    assert paragraph.segments == (0, 1)
    assert paragraphs([]) == ()

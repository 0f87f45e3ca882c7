"""Sentences of a lecture, with the segments they come from."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.text.spoken_words import spoken_words
from pipeline.writing.transcript_edition.punctuation.sentences import sentences
from tests.writing.transcript_edition.lectures import lecture


def of(texts: list[str], language: str = "en") -> list[str]:
    segments, transcript = lecture(texts)
    return [s.text for s in sentences(spoken_words(segments, transcript), language, {})]


def test_punctuation_that_is_there_is_kept_and_cues_are_joined() -> None:
    assert of(["Hello, Dr. Boneh, and", "welcome. It is 3.5 times faster, e.g. here. Yes!"]) == [
        "Hello, Dr. Boneh, and welcome.",
        "It is 3.5 times faster, e.g. here.",
        "Yes!",
    ]


def test_the_number_of_an_item_stays_with_it() -> None:
    said = ["There are two steps. 1. We count. 2. We merge.", "The answer is 1. That is all."]
    assert of(said) == [
        "There are two steps.",
        "1. We count.",
        "2. We merge.",
        "The answer is 1.",
        "That is all.",
    ]


def test_a_sentence_knows_the_segments_its_words_come_from() -> None:
    segments, transcript = lecture(["This is one. This begins here", "and ends there. Then this."])
    found = sentences(spoken_words(segments, transcript), "en", {})
    assert [sentence.segments for sentence in found] == [(0, 0), (0, 1), (1, 1)]


def test_other_languages_are_not_cleaned() -> None:
    assert of(["Um die Ecke, die die Straße macht. Ja."], "de") == [
        "Um die Ecke, die die Straße macht.",
        "Ja.",
    ]


def test_other_languages_without_punctuation_end_at_pauses() -> None:
    found = of(["wir zählen die paare", "", "dann ersetzen wir sie"], "de")
    assert found == ["Wir zählen die paare.", "Dann ersetzen wir sie."]


def test_chinese_is_cut_and_joined_by_its_own_marks() -> None:
    assert of(["大家好。今天我们讲", "分词。很简单。"], "zh") == [
        "大家好。",
        "今天我们讲分词。",
        "很简单。",
    ]


def test_chinese_without_punctuation_gets_its_own_marks() -> None:
    text = "".join(of(["大家好", "今天我们讲分词"], "zh"))
    assert text == "大家好，今天我们讲分词。"


def test_nothing_said_is_no_sentence() -> None:
    assert of([""]) == []


def test_a_long_stretch_that_nobody_punctuated_is_restored_the_rest_is_kept() -> None:
    kept = "This is written by hand, and it stays. "
    loose = "so now we look at the list and we count the pairs " * 12
    found = of([kept * 8, loose])
    assert found[:8] == [kept.strip()] * 8
    assert len(found) > 10
    assert max(len(sentence.split()) for sentence in found) <= 60


def test_thai_gets_no_full_stop() -> None:
    assert of(["เราเริ่มจากคำ", "", "แล้วจึงนับ"], "th") == ["เราเริ่มจากคำ", "แล้วจึงนับ"]


def test_the_marks_are_those_of_the_script() -> None:
    assert of(["हम गिनते हैं", "", "फिर जोड़ते हैं"], "hi")[0][-1] == "।"
    assert of(["نعد الأزواج", "", "ثم ندمجها"], "ar")[0][-1] == "."
    assert of(["私たちは数えます", "", "次に結合します"], "ja")[0] == "私たちは数えます。"


@pytest.mark.parametrize(
    ("texts", "language", "wanted"),
    [
        (
            ["So we count the", "pairs and merge them. Is that--", "yes, it is. And then?"],
            "en",
            ["So we count the.", "pairs and merge them.", "Is that--", "yes, it is.", "And then?"],
        ),
        (
            ["we count the pairs of the text and", "merge them with the others of the text"],
            "en",
            ["We count the pairs of the text and.", "Merge them with the others of the text."],
        ),
        (["wir zählen", "die paare"], "de", ["Wir zählen.", "Die paare."]),
    ],
)
def test_no_sentence_is_of_two_speakers(texts: list[str], language: str, wanted: list[str]) -> None:
    segments, transcript = lecture(texts)
    words = spoken_words(segments, transcript)
    turns = [replace(word, new_speaker=word.line_start and n > 0) for n, word in enumerate(words)]
    assert [sentence.text for sentence in sentences(turns, language, {})] == wanted

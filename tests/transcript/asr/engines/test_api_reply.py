"""Answers of transcription servers: no word is lost, and the finest whole times are taken."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipeline.transcript.asr.engines.api_reply import heard, language_code, read_reply


def words(reply: dict[str, Any]) -> tuple[list[tuple[str, float, float]], bool]:
    got = heard(read_reply(json.dumps(reply), "application/json"), 10.0, 0.0)
    times = [(word.text, round(word.start_s, 2), round(word.end_s, 2)) for word in got.words]
    return times, got.approximate


ONE = {"word": "One", "start": 1.0, "end": 2.0}
TWO = {"word": "two", "start": 3.0, "end": 4.0}


@pytest.mark.parametrize(
    "reply",
    [
        {"text": "One two.", "words": [ONE, TWO]},
        {"text": "One two.", "segments": [{"text": "One two.", "words": [ONE, TWO]}]},
        {"text": "One two.", "words": [{"text": "One", "start": 1, "end": 2}, TWO]},
    ],
    ids=["at the top", "in segments", "under another name"],
)
def test_word_times_are_found_where_servers_put_them(reply: dict[str, Any]) -> None:
    assert words(reply) == ([("One", 1.0, 2.0), ("two.", 3.0, 4.0)], False)


@pytest.mark.parametrize(
    ("reply", "times"),
    [
        (
            {"text": "One two three four five.", "words": [ONE, TWO],
             "segments": [{"text": "One two", "start": 1, "end": 3},
                          {"text": "three four five.", "start": 5, "end": 9}]},
            (1.0, 9.0),
        ),
        ({"text": "One two three four five.", "words": [ONE]}, (0.0, 10.0)),
        (
            {"text": "One two three four.", "segments": [{"text": "One", "start": 1, "end": 2}]},
            (0.0, 10.0),
        ),
        (
            {"text": "One two three.", "segments": [{"text": "One two three.", "start": None}]},
            (0.0, 10.0),
        ),
        (
            {"segments": [{"text": "One two", "start": 2},
                          {"text": "three.", "start": 6, "end": 7}]},
            (2.0, 7.0),
        ),
    ],
    ids=["words lack some", "words alone lack some", "segments lack some", "null times", "no ends"],
)  # fmt: skip
def test_times_that_lack_words_give_way_to_coarser_ones(
    reply: dict[str, Any], times: tuple[float, float]
) -> None:
    got, approximate = words(reply)
    text = reply.get("text") or "One two three."
    assert [word for word, *_ in got] == text.split()
    assert (got[0][1], got[-1][2]) == times
    assert approximate


def test_silence_has_no_words() -> None:
    assert words({"text": "", "segments": []}) == ([], False)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"error": {"message": "no model"}}', "no model"),
        ("[1, 2]", "no form"),
        ("<html>", "web page"),
    ],
)
def test_what_is_no_transcript_is_refused_with_what_it_was(body: str, reason: str) -> None:
    kind = "text/html" if body.startswith("<") else "application/json"
    with pytest.raises(ValueError, match=reason):
        read_reply(body, kind)


def test_every_name_of_whispers_is_known() -> None:
    pytest.importorskip("whisper", reason="openai-whisper is not installed (extra whisper)")
    from whisper.tokenizer import TO_LANGUAGE_CODE

    assert {name: language_code(name) for name in TO_LANGUAGE_CODE} == TO_LANGUAGE_CODE


def test_names_are_known_without_whisper() -> None:
    assert [language_code(name) for name in ("English", "mandarin", "burmese", "yue")] == [
        "en",
        "zh",
        "my",
        "yue",
    ]

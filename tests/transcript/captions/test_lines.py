"""Latin words cut by the end of a Chinese caption."""

from __future__ import annotations

import pytest

from pipeline.transcript.captions.parse import parse_captions
from pipeline.transcript.captions.read import captions_of


def said(*lines: str) -> list[str]:
    cues = [
        f"{n}\n00:00:{3 * n:02d},000 --> 00:00:{3 * n + 2:02d},500\n{line}\n"
        for n, line in enumerate(lines, 1)
    ]
    return [cue.text for cue in captions_of(parse_captions("\n".join(cues))).cues]


def test_a_word_that_stands_whole_elsewhere_is_put_together() -> None:
    assert said("今天我们讲ChatGPT的原理", "我们平时使用ChatG", "PT来回答问题") == [
        "今天我们讲ChatGPT的原理",
        "我们平时使用ChatGPT",
        "来回答问题",
    ]


def test_a_line_of_nothing_but_the_rest_is_gone() -> None:
    assert said("我们讲ChatGPT的原理", "大家都在使用ChatG", "PT") == [
        "我们讲ChatGPT的原理",
        "大家都在使用ChatGPT",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("我们讲分词器和BPE", "token的原理是什么"),
        ("the new ChatG", "PT is here and ChatGPT"),
    ],
)
def test_two_words_stay_two(lines: tuple[str, ...]) -> None:
    assert said(*lines) == list(lines)

"""Marks in languages other than English: at pauses and line ends, never inside a word."""

from __future__ import annotations

from pipeline.text.spoken_words import SpokenWord
from pipeline.text.words import unspaced_parts
from pipeline.writing.transcript_edition.punctuation.pauses import at_pauses


def said(lines: list[str], pauses: dict[int, int] | None = None) -> list[SpokenWord]:
    words: list[SpokenWord] = []
    for number, line in enumerate(lines):
        for at, text in enumerate(piece for part in line.split() for piece in unspaced_parts(part)):
            pause = (pauses or {}).get(number, 0) if at == 0 else 0
            words.append(SpokenWord(text, 0, 0, 0, pause, line_start=at == 0))
    return words


def text(groups: list[tuple[SpokenWord, ...]]) -> list[str]:
    return ["".join(word.text for word in group) for group in groups]


def test_no_mark_stands_inside_a_japanese_phrase() -> None:
    lines = ["このモデルは次の単", "語を予測します"]
    assert text(at_pauses(said(lines, {1: 900}), "ja")) == ["このモデルは次の単語を予測します。"]


def test_a_japanese_pause_after_a_particle_is_a_comma() -> None:
    lines = ["このモデルは", "次の単語を予測します", "次に進みます"]
    assert text(at_pauses(said(lines, {1: 900, 2: 900}), "ja")) == [
        "このモデルは、次の単語を予測します。",
        "次に進みます。",
    ]


def test_a_chinese_word_cut_by_a_caption_line_stays_whole() -> None:
    lines = ["我们开始逐步了", "解内部工作原理"]
    assert text(at_pauses(said(lines), "zh")) == ["我们开始逐步了解内部工作原理。"]

"""Headings from the beginning of a sentence."""

# ruff: noqa: E501
from __future__ import annotations

import pytest

from pipeline.text.headline import LONGEST, headline
from pipeline.text.phrases import phrases


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Short and whole.", "en", "Short and whole"),
        ("How does the model know which of the words in the text it should look at next time?", "en",
         "How does the model know which of the words in the text …"),
        ("Der Schlüssel zum Verständnis, sagen wir es so, ist die Aufmerksamkeit der Modelle.", "de",
         "Der Schlüssel zum Verständnis"),
        ("このクエリを計算するのは、ある行列（ここで", "ja", "このクエリを計算するのは、ある行列"),
        ("このクエリを計算するのは、ある行列（ここで重みと呼ぶもの）を取り出すことで", "ja", "このクエリを計算する"),
        ("ዛሬ ጽሑፍ እንዴት ቁጥር እንደሚሆን እናያለን። አንድ ባይት ስምንት ቢት አለው። ከዚያ ጥንዶችን እንቆጥራለን።", "am",
         "ዛሬ ጽሑፍ እንዴት ቁጥር እንደሚሆን እናያለን"),
        ("یہ آسان ہے۔", "ur", "یہ آسان ہے"),
        ("ለምን፧", "am", "ለምን፧"),
        ("", "en", ""),
        ("…", "en", ""),
    ],
)  # fmt: skip
def test_a_heading_ends_with_a_phrase(text: str, language: str, expected: str) -> None:
    assert headline(text, language) == expected
    assert len(headline(text, language)) <= LONGEST


def test_a_chinese_heading_ends_with_a_word() -> None:
    text = "对于你可能想象到的每一种不同类型的上下文更新都需要一整套不同的参数"
    cut = headline(text, "zh").removesuffix(" …")
    assert text.startswith(cut) and len(cut) <= 24
    ends, at = set(), 0
    for part in phrases(text, "zh"):
        at += len(part)
        ends.add(at)
    assert len(cut) in ends

"""House words: what speaks of the lecture from outside, and what a lecturer says himself."""

from __future__ import annotations

import pytest

from pipeline.text.house_words import reports


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("In this lecture, tokens are explained.", "en"),
        ("In the lecture, tokens are explained.", "en"),
        ("As shown in the video about tokens, they matter.", "en"),
        ("In dem Vortrag geht es um Tokens.", "de"),
        ("In dieser Vorlesung geht es um Tokens.", "de"),
    ],
)
def test_a_report_about_the_lecture_is_found(text: str, language: str) -> None:
    assert len(reports(text, "", language)) == 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We covered this notation in the lecture on editors.", "en"),
        ("We saw it in the talk where I built a shell.", "en"),
        ("**Note.** In the lecture I said 3,642; it is 30,642.", "en"),
        ("Das kennen wir aus der Vorlesung, und in dem Vortrag über Editoren kam es vor.", "de"),
    ],
)
def test_another_lecture_and_a_slip_of_ones_own_are_no_report(text: str, language: str) -> None:
    assert reports(text, "", language) == []

"""Lines of code as read from a picture."""

from __future__ import annotations

from pipeline.writing.transcript_edition.screen_code.lines import (
    code_lines,
    furniture_lines,
)


def test_line_numbers_prompts_and_curly_quotes_go() -> None:
    assert code_lines("10 x = 1\n11 y = 2\n12 z = 3") == ["x = 1", "y = 2", "z = 3"]
    assert code_lines(">>> print(“a”)\nIn [12]: x = 1") == ['print("a")', "x = 1"]


def test_numbers_that_do_not_rise_are_no_line_numbers() -> None:
    assert code_lines("97 98\n12 13\n45 46") == ["97 98", "12 13", "45 46"]


def test_the_underscores_of_special_methods_are_doubled() -> None:
    assert code_lines("def _init_(self):") == ["def __init__(self):"]
    assert code_lines("my_init_value = 1") == ["my_init_value = 1"]


def test_page_footers_are_known_by_their_shape() -> None:
    texts = [f"x = {n}\nlast_{n}\nA lecture on bytes {n}" for n in range(3)]
    assert furniture_lines(texts) == {"A lecture on bytes #"}

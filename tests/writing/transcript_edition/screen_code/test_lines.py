"""Lines of code as read from a picture."""

from __future__ import annotations

import pytest

from pipeline.writing.transcript_edition.screen_code.lines import (
    code_text,
    repeated_lines,
)


def test_quotes_are_straight_and_a_cursor_goes() -> None:
    assert code_text("print(“a”)") == 'print("a")'
    assert code_text("print(x)|") == "print(x)"
    assert code_text("return out▌") == "return out"
    assert code_text("while i < len(word):    I") == "while i < len(word):"
    assert code_text("x = a | b") == "x = a | b"


def test_the_underscores_of_special_methods_are_doubled() -> None:
    assert code_text("def _init_(self):") == "def __init__(self):"
    assert code_text("my_init_value = 1") == "my_init_value = 1"


def test_the_line_that_starts_a_script_is_known_without_its_marks() -> None:
    for read in ('if _name_ == "_main_":', "if name main", "if __name__ = '__main__' :"):
        assert code_text(read) == 'if __name__ == "__main__":'


def test_page_footers_are_known_by_their_shape() -> None:
    texts = [f"x = {n}\nlast_{n}\nA lecture on bytes {n}" for n in range(3)]
    assert repeated_lines(texts) == {"A lecture on bytes #"}


@pytest.mark.parametrize(
    ("read", "typed"),
    [
        ("' 'Merge two lists.", "'''Merge two lists."),
        ('……"Divide it.', '"""Divide it.'),
        ('*"Divide it.', '"""Divide it.'),
        ('text = " "Divide it.', 'text = """Divide it.'),
        ('text = "" if late else None', 'text = "" if late else None'),
        ("merges = {} # (int, int) →> int", "merges = {} # (int, int) -> int"),
        ("'\"Quoted\" words',", "'\"Quoted\" words',"),
        ("next = it._ next_", "next = it.__next__"),
        ("{o.__class__._ _·__name_}", "{o.__class__.__name__}"),
        ("defmerge(*lists, key=None):", "def merge(*lists, key=None):"),
        ("pop = heapq. heappop", "pop = heapq.heappop"),
        ("__slots__= ['one']", "__slots__ = ['one']"),
        ("self.size= size", "self.size = size"),
        ("return''. join(found)", "return ''.join(found)"),
    ],
)
def test_quotes_underscores_and_spaces_that_were_lost_are_put_back(read: str, typed: str) -> None:
    assert code_text(read) == typed


def test_a_comma_behind_self_is_a_point_where_a_value_is_given() -> None:
    assert code_text("self,size = size") == "self.size = size"
    assert code_text("self, size = pair") == "self, size = pair"

"""Strings of several lines, and the code around them."""

from __future__ import annotations

import re

import pytest

from pipeline.writing.transcript_edition.screen_code.docstrings import quote_after
from pipeline.writing.transcript_edition.screen_code.extraction import screen_cells
from tests.writing.transcript_edition.screen_code.screens import Place, screen, written

MODULE = '''\
def merged(first, second, *,
           key=None, reverse=False):
    """Merge two sorted lists.

    Both have to be sorted already; if one is not:
        the result is not, either.
    For example, if you merge two lists:
        >>> merged([1], [2])
        [1, 2]
    """
    # Both are copied, so that neither is changed (
    # see above).
    both = first + second
    assert isinstance(both, list), \\
        "no list"
    if reverse:
        both.sort(key=key)
    # What is left is the other way round.
    else:
        both.sort(key=key, reverse=True)
    return both'''


@pytest.mark.parametrize(
    ("line", "before", "after"),
    [
        ('"""It returns', "", '"""'),
        ('it\'s over""" + 1', '"""', ""),
        ('"""One line."""', "", ""),
        ('text = \'\\\'"""\'  # """', "", ""),
        ("r'''raw", "", "'''"),
        ("what 'stands' here", "'''", "'''"),
    ],
)
def test_a_line_opens_and_closes_strings(line: str, before: str, after: str) -> None:
    assert quote_after(line, before) == after


def test_a_docstring_that_looks_like_code_stands_as_it_was_seen() -> None:
    (cell,) = screen_cells([screen(1, written(MODULE))])
    shown = [line for line in MODULE.splitlines() if line]
    assert [line for line in cell.source.splitlines() if line] == shown


def test_a_docstring_that_is_a_page_of_prose_is_no_program() -> None:
    text = 'The museum\nIt opens at nine.\n"""\nVisitors: many\nfor all of them\nreturn often'
    assert screen_cells([screen(1, written(text))]) == []


def test_quotes_that_were_not_found_close_the_docstring_above_the_code() -> None:
    text = (
        MODULE
        + '''

def split(both):
    """Take them apart."""
    return both[0], both[1]'''
    )
    places = [place for place in written(text) if place[2] != '"""']
    (cell,) = screen_cells([screen(1, places)])
    assert [line for line in cell.source.splitlines() if line] == [
        line for line in text.splitlines() if line
    ]


def test_a_comment_far_to_the_right_and_a_statement_in_a_block_are_code() -> None:
    text = """\
def counter(start):
    number = start
    def more():
        nonlocal number
        (number, old) = (number + 1, number)
        return old
    return more"""
    comment = (1, 40, "# from here on")
    (cell,) = screen_cells([screen(1, [*written(text), comment])])
    assert re.search(r"    number = start {20,26}# from here on\n", cell.source)
    assert "        (number, old) = (number + 1, number)\n" in cell.source


SHELF = '''\
class Shelf:
    """
    Books, by the day on which they came.
    """

    def __init__(self, first=0):
        self.first = first
        self.days = [
            (first + day) % 7
            for day in range(7)
        ]

    def each(self):
        """
        Give every day, from the first one on.
        """
        yield self.first
        yield from self.days[1:]'''


def without(text: str, lost: int) -> list[Place]:
    """The places of its lines but the one with this number."""
    return [place for place in written(text) if place[0] != lost]


def test_quotes_alone_below_a_head_open_a_docstring_so_that_the_last_one_was_closed() -> None:
    (cell,) = screen_cells([screen(1, without(SHELF, 3))])
    assert cell.source.splitlines() == SHELF.splitlines()


def test_a_bracket_alone_on_its_line_that_was_not_found_closes_the_list_above_the_code() -> None:
    (cell,) = screen_cells([screen(1, without(SHELF, 10))])
    assert cell.source.splitlines() == SHELF.splitlines()


def test_quotes_that_were_not_found_open_the_docstring_below_a_head() -> None:
    for lost in (1, 13):
        (cell,) = screen_cells([screen(1, without(SHELF, lost))])
        assert cell.source.splitlines() == SHELF.splitlines()


def test_a_list_whose_last_string_was_not_read_to_its_end_is_closed_by_no_bracket() -> None:
    text = """\
class Shelf:
    def __init__(self, size):
        self.size = size
        self.marks = [',', ';

    def put(self, number):
        self.last = self.found(number,
                               self.size)
        return self.last

    def count(self):
        return len(self.marks)"""
    (cell,) = screen_cells([screen(1, written(text))])
    assert cell.source.endswith(text[text.index("    def put") :] + "\n")

"""Strings of several lines, and the code around them."""

from __future__ import annotations

import pytest

from pipeline.writing.transcript_edition.screen_code.docstrings import quote_after
from pipeline.writing.transcript_edition.screen_code.extraction import screen_cells
from tests.writing.transcript_edition.screen_code.screens import screen, written

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

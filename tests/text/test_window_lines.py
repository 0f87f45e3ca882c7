"""Lines that belong to a window: menus, and what is none."""

from __future__ import annotations

import pytest

from pipeline.text.window_lines import is_menu


@pytest.mark.parametrize(
    "bar",
    [
        "Safari File Edit View History Bookmarks Window Help",
        "Safari FileEdit View History Bookmarks Window Help a Q i",
        "File Edit View Navigate Code Refactor Run Tools Git Window Help",
        "File Edit View Insert Cell Kernel Widgets Help Trusted Python 3",
        "File Home Insert Page Layout Formulas Data Review View",
    ],
)
def test_a_menu_bar_is_known_by_its_names(bar: str) -> None:
    assert is_menu(bar)


@pytest.mark.parametrize(
    "line",
    [
        "Run the Python code",
        "Insert the window after the window specified. window",
        "- Refactor code, code cleanup,",
        "python -m bisector run python test_bug.py",
        "Share Python Code",
        "File: the file format.",
        "from .run import Run as Run",
    ],
)
def test_a_line_of_text_or_code_that_names_menus_is_none(line: str) -> None:
    assert not is_menu(line)

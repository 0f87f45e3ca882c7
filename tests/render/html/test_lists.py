"""Lists as people and models write them come out as lists."""

from __future__ import annotations

from markdown import markdown

from pipeline.render.html.lists import regular_lists


def html(text: str) -> str:
    return "".join(markdown(regular_lists(text), extensions=["sane_lists", "tables"]).split())


def test_a_list_needs_no_blank_line_before_it() -> None:
    assert (
        html("Three steps:\n- one\n- two") == "<p>Threesteps:</p><ul><li>one</li><li>two</li></ul>"
    )


def test_two_spaces_nest_a_list() -> None:
    assert html("- a\n  - b\n- c") == "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"


def test_numbers_with_a_bracket_are_a_list_too() -> None:
    assert html("1) a\n2) b") == "<ol><li>a</li><li>b</li></ol>"


def test_three_spaces_keep_a_paragraph_within_its_item() -> None:
    expected = "<ol><li><p>a</p><p>more</p></li><li><p>b</p></li></ol>"
    assert html("1. a\n\n   more\n2. b") == expected


def test_a_rule_is_no_list() -> None:
    assert html("a\n\n* * *\n\nb") == "<p>a</p><hr/><p>b</p>"


def test_a_table_needs_no_blank_line_before_it() -> None:
    assert "<table>" in html("See:\n| a | b |\n|---|---|\n| 1 | 2 |")


def test_a_minus_within_a_sentence_starts_no_list() -> None:
    assert html("one - two\n-3 degrees") == "<p>one-two-3degrees</p>"

"""The inline text of a block: one form for what looks the same, and nothing that is not allowed."""

from __future__ import annotations

import pytest

from pipeline.document.inline import canonical, from_words, one_line, runs, words_of, write
from pipeline.document.runs import Run, Style


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("__bold__ and _thin_", "**bold** and *thin*"),
        ("snake_case_name and 2 * 3", "snake_case_name and 2 * 3"),
        ("&lt;tag&gt; &amp;amp; &copy;", "\\<tag> &amp;amp; ©"),
        ("two  spaces\nand a line", "two spaces and a line"),
        ("第一行\n第二行", "第一行第二行"),
        ("a  \nb", "a\\\nb"),
        ("x<br>y", "x\\\ny"),
        ("*a*_b_", "*ab*"),
        ("H<sub>2</sub>O and <sub>alone", "H<sub>2</sub>O and \\<sub>alone"),
        ("<https://a.example/b_c>", "<https://a.example/b_c>"),
        ('[a](https://a.example "title")', "[a](https://a.example) (title)"),
        ("[a](b_(c).html)", "[a](<b_(c).html>)"),
    ],
)
def test_texts_that_look_alike_are_one_string(text: str, form: str) -> None:
    assert canonical(text) == form


@pytest.mark.parametrize(
    "text",
    [
        "**「重点」**是",
        "这是**「重点」。**后面",
        "中文*「強調」*的",
        "**注意：**这里",
        '이것은 **"주의"**입니다',
        "**어텐션(attention)**은",
        "و**«انتباه»** هنا",
    ],
)
def test_emphasis_is_found_beside_scripts_without_spaces(text: str) -> None:
    assert any(one.styles for one in runs(text))
    assert "*" not in words_of(text)
    assert canonical(text) == text


def test_emphasis_in_a_spaced_script_is_as_in_commonmark() -> None:
    assert words_of('a**"b"**c') == 'a**"b"**c'


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("[run](javascript:alert(1))", "run"),
        (r"[run](\\\\evil\\share) [run](%2f%2fevil)", "run run"),
        ("[run](java&#115;cript:alert)", "run"),
        ("[run](<vbscript:x>)", "run"),
        ("[r](data:text/html,x)", "r"),
        ("[r](//host.example/x)", "r"),
        ("![p](https://host.example/p.png)", "[p](https://host.example/p.png)"),
        ("![p](javascript:x)", "p"),
        ("<script>alert(1)</script>", "\\<script>alert(1)\\</script>"),
        ("<img src=x onerror=y>", "\\<img src=x onerror=y>"),
        ("hid\u202eden\u2066 \u200bwords\x00\x1b", "hidden words"),
    ],
)
def test_only_what_is_allowed_is_written(text: str, form: str) -> None:
    assert canonical(text) == form


def test_brackets_that_other_programs_take_for_a_picture_are_text_to_them_too() -> None:
    assert canonical(from_words("![p](http://a.b/c.png) [r](javascript:x)")) == (
        "!&#91;p&#93;(http://a.b/c.png) [r&#93;(javascript:x)"
    )


def test_of_two_marks_the_one_that_reaches_further_is_opened_first() -> None:
    both, strong, emphasis = (
        frozenset[Style](styles) for styles in (("strong", "emphasis"), ("strong",), ("emphasis",))
    )
    assert write((Run("text", "a", both), Run("text", " b", emphasis))) == "***a** b*"
    assert write((Run("text", "a", both), Run("text", " b", strong))) == "***a* b**"


def test_a_code_span_keeps_its_spaces_and_backticks() -> None:
    assert runs("` world` and `` `a` ``") == (
        Run("code", " world"),
        Run("text", " and "),
        Run("code", "`a`"),
    )
    assert canonical("` world` and `` `a` ``") == "` world` and `` `a` ``"


def test_a_citation_in_the_middle_stays_where_it_stands() -> None:
    assert canonical("One [[s0001]] and two.") == "One [[s0001]] and two."
    assert words_of("One [[s0001]] and two.") == "One and two."
    assert [one.kind for one in runs("`[[s0001]]`")] == ["code"]


def test_words_are_no_markup() -> None:
    for words in ("# no", "1. no", "a*b* __init__", "$x$ \\(y\\)", "[[s0001]] [a](b)", "<b> &lt;"):
        assert words_of(from_words(words)) == words


def test_a_heading_has_no_line_breaks() -> None:
    assert one_line("a\\\nb") == "a b"

"""The words of a caption line, without what is not speech."""

from __future__ import annotations

import pytest

from pipeline.transcript.captions.tokens import CaptionToken, caption_tokens


def words(line: str) -> str:
    return " ".join(token.text for token in caption_tokens(line))


@pytest.mark.parametrize(
    ("line", "spoken"),
    [
        ("<v Ada Lovelace>Good <i>morning</i></v>", "Good morning"),
        ("<c.colorE5E5E5>so</c> <b>bold</b> <lang en>text</lang>", "so bold text"),
        ('<font color="#fff">white</font> {\\an8}top {b}bold{/b}', "white top bold"),
        ("<ruby>漢<rt>かん</rt></ruby>", "漢"),
        ("Tom &amp; Jerry &lt;b&gt; caf&eacute; &#39;hi&#39;", "Tom & Jerry <b> café 'hi'"),
        ("R&D and AT&T", "R&D and AT&T"),
        ("\u200bzero\u200e width\ufeff", "zero width"),
        ("می\u200cبینیم क्\u200dष 👩\u200d💻", "می\u200cبینیم क्\u200dष 👩\u200d💻"),
        ("ភាសា\u200bខ្មែរ Wort\u00adteil", "ភាសា\u200bខ្មែរ Wortteil"),
        ("\u202bשלום C++\u200f\u202c ok\x07", "שלום C++\u200f ok"),
        ("It&amp;#39;s a &amp;quot;test&amp;quot; of R&amp;amp;D", 'It\'s a "test" of R&D'),
        ("one\\Ntwo\\hthree {\\an8}four {\\i1}five{\\i0}", "one two three four five"),
        ("first<br/>second", "first second"),
        ("first[br]second", "first second"),
    ],
)
def test_markup_is_taken_out_and_text_is_kept(line: str, spoken: str) -> None:
    assert words(line) == spoken


@pytest.mark.parametrize(
    "line",
    [
        "the token <|endoftext|> ends it",
        "if a < b and b > c",
        "a list[0] and x[i]",
        "print(x)",
        r"\alpha and C:\new\table and D:\Names\New",
        r"we write \hat x and \Nabla",
        r"it is {\an8}, {{ jinja }}, {% raw %}",
        "__init__ and a*b*c and `ticks` and ~~~ and [^1]",
    ],
)
def test_what_only_looks_like_markup_stays(line: str) -> None:
    assert words(line) == line


@pytest.mark.parametrize(
    "line",
    ["[Music]", "(applause)", "[ __ ]", "[&nbsp;__&nbsp;]", "♪ la la la ♪", "[soft music playing]"],
)
def test_sounds_are_no_speech(line: str) -> None:
    assert words(f"so {line} then") == "so then"


@pytest.mark.parametrize(
    ("line", "spoken"),
    [
        ("&gt;&gt; Any questions?", "Any questions?"),
        (">> yes >> no", "yes no"),
        ("- Is it?", "Is it?"),
        ("1 >> 2 shifts", "1 >> 2 shifts"),
        (">>> import re", ">>> import re"),
        ("-5 degrees", "-5 degrees"),
    ],
)
def test_speaker_marks_are_dropped_and_operators_are_not(line: str, spoken: str) -> None:
    assert words(line) == spoken


def test_inline_times_go_to_the_word_that_follows() -> None:
    line = "hi<00:00:00.320><c> everyone</c><00:00:00.799><c> so</c>"
    assert caption_tokens(line) == (
        CaptionToken("hi"),
        CaptionToken("everyone", 320),
        CaptionToken("so", 799),
    )


def test_a_stamp_inside_a_word_does_not_divide_it() -> None:
    assert caption_tokens("to<00:00:01.000>ken<00:00:02.000> two") == (
        CaptionToken("token"),
        CaptionToken("two", 2000),
    )

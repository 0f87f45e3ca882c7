"""Names with a hyphen stay on one line; the text that is copied and searched is as it was."""

from __future__ import annotations

import re

import pytest

from pipeline.render.html.whole_words import keep_whole, without_whole


def kept(html: str) -> list[str]:
    return re.findall(r'<span class="whole">(.*?)</span>', keep_whole(html))


@pytest.mark.parametrize("name", ["UTF-8", "GPT-2", "GPT-3.5", "llama-2-7b", "e-mail", "x-axis"])
def test_a_number_or_a_single_letter_stays_beside_its_hyphen(name: str) -> None:
    assert kept(f"<p>As {name}, of ({name}) or <code>{name}</code>.</p>") == [name] * 3


@pytest.mark.parametrize("text", ["non-English", "state-of-the-art", "-1", "3 - 4", "a&amp;-2"])
def test_other_hyphens_are_the_texts_own(text: str) -> None:
    assert kept(f"<p>{text}</p>") == []


def test_nothing_is_changed_where_no_element_may_stand() -> None:
    for left in (
        "<title>UTF-8</title>", "<script>x-1 < y-2</script>", '<img alt="GPT-2">',
        "<pre><code>n-1</code></pre>", "<svg><text>x-1</text></svg>", "<math><mi>x-1</mi></math>",
    ):  # fmt: skip
        assert keep_whole(left) == left
    assert kept("<pre>n-1</pre>UTF-8") == ["UTF-8"]


def test_it_can_be_undone() -> None:
    html = '<p>UTF-8 is <em>not</em> <span class="at">x-1</span> <a href="/a-1">GPT-2</a>.</p>'
    assert without_whole(keep_whole(html)) == html

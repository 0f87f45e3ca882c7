"""Terms in running text become links; nothing else of the page changes."""

from __future__ import annotations

from pipeline.book.term_keys import key_of
from pipeline.book.term_links import link_terms

LINKS = {key_of("byte pair encoding"): ("../1#s0001", "chapter 1"), "token": ("../1#s2", "ch 1")}
TERM = '<a class="term" href="../1#s2" title="ch 1">'


def test_the_first_mention_is_linked_and_only_that() -> None:
    assert link_terms("<p>A token is a token.</p>", LINKS) == (
        f"<p>A {TERM}token</a> is a token.</p>"
    )
    twice = link_terms("<p>A token.</p><p>Token.</p>", LINKS)
    assert twice.count('class="term"') == 1


def test_the_longest_term_wins_across_hyphens_and_case() -> None:
    html = link_terms("<p>Byte-pair encoding, once more</p>", LINKS)
    assert ">Byte-pair encoding</a>, once more" in html


def test_code_links_headings_and_captions_are_left_alone() -> None:
    for html in (
        "<pre>token</pre>",
        '<p><a href="x">token</a></p>',
        "<h2>token</h2>",
        "<figure><p>token</p></figure>",
        "<details><p>token</p></details>",
        "token outside of any paragraph",
    ):
        assert link_terms(html, LINKS) == html


def test_part_of_a_word_is_no_mention_and_entities_stay_entities() -> None:
    assert link_terms("<p>tokenizer</p>", LINKS) == "<p>tokenizer</p>"
    assert link_terms("<p>1 &lt; 2 &amp; a token</p>", LINKS) == (
        f"<p>1 &lt; 2 &amp; a {TERM}token</a></p>"
    )


def test_a_term_in_a_script_without_spaces_is_found_within_a_line() -> None:
    html = link_terms("<p>我们训练分词器。</p>", {"分词器": ("../1#s1", "第 1 章")})
    assert html == '<p>我们训练<a class="term" href="../1#s1" title="第 1 章">分词器</a>。</p>'

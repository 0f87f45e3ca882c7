"""The forms of a word are one entry of the glossary; what only looks alike is not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from pipeline.book.terms import TermIndex
from pipeline.document.outline import GlossaryTerm, Outline
from pipeline.models import Frame, Segments
from pipeline.render.chapter import ChapterPage
from pipeline.render.html.passages import CitedSpan, Passage
from pipeline.text.stemming import base_form


def chapter(
    said: str, shown: str = "", glossary: tuple[str, ...] = (), language: str = "en"
) -> ChapterPage:
    """A chapter of one passage and one screen: as much of one as an index looks at."""
    frame = Frame(
        id="f1", at_ms=0, start_ms=0, end_ms=9, path="f.jpg", width=1, height=1, text=shown
    )
    passage = Passage("p1", CitedSpan("s1", 0, 9), said)
    page = SimpleNamespace(
        prose=SimpleNamespace(passages=(passage,)), section=SimpleNamespace(id="sec01")
    )
    terms = tuple(GlossaryTerm(term=term) for term in glossary)
    sources = SimpleNamespace(
        outline=Outline(title="T", edition="transcript", glossary=terms, sections=()),
        segments=Segments(segments=(), frames=(frame,)),
        report=SimpleNamespace(cells=()),
    )
    return cast(ChapterPage, SimpleNamespace(sections=(page,), sources=sources, language=language))


def index_of(*chapters: ChapterPage) -> TermIndex:
    index = TermIndex(30)
    for number, one in enumerate(chapters, start=1):
        index.add(number, one)
    return index


def test_plural_and_verb_forms_are_one_entry_in_the_commonest_form() -> None:
    said = "Encoding is a step. We encode. It encodes, what is encoded. The encoding of encoding."
    assert [term.text for term in index_of(chapter(said, "Encode")).sorted()] == ["encoding"]
    said = "A query is a question. A query, two queries, many queries. One query."
    assert [term.text for term in index_of(chapter(said, "Queries")).sorted()] == ["query"]


def test_a_later_form_is_no_entry_of_its_own_but_comes_up_again() -> None:
    first = chapter("This is called a merge. A merge and a merge.", "merge")
    second = chapter("The merges. Merges! Merged, merged, merged: merges.", "merges\nmerged")
    (term,) = index_of(first, second).sorted()
    assert term.text == "merge" and [place.chapter for place in term.again] == [2]


def test_a_glossary_keeps_apart_what_only_has_the_same_root() -> None:
    made = chapter("An encoder, an encoding and two encodings.", glossary=("Encoder", "encoding"))
    assert [term.text for term in index_of(made).sorted()] == ["Encoder", "encoding"]


def test_code_and_words_that_end_in_s_are_not_plurals() -> None:
    for word in ("status", "class", "basis", "get_stats", "minBytes", "bus"):
        assert base_form(word) == word.casefold()
    assert base_form("GPUs") == "gpu"
    assert base_form("caches") == base_form("cache") and base_form("indexes") == base_form("index")


def test_words_that_are_said_often_are_no_terms_unless_something_is_said_of_them() -> None:
    said = (
        "We create a large table. Create the large table, create it. Large! The table is large. "
        "So a token is a unit of text. Tokens and tokens. This large thing is called a vocabulary. "
        "The vocabulary has words. One vocabulary. It is less likely. Less likely, less likely."
    )
    index = index_of(chapter(said, "create\nlarge\ntable\ntoken\nvocabulary\nless likely"))
    assert [(term.text, term.sentence) for term in index.sorted()] == [
        ("tokens", "So a token is a unit of text."), ("vocabulary", ""),
    ]  # fmt: skip


def test_so_much_of_something_is_no_term() -> None:
    said = "A list of integers, lists of integers. A bag of words is a bag of words."
    made = index_of(chapter(said, "list of integers\nbag of words")).sorted()
    assert [term.text for term in made] == ["bag of words"]


def test_a_piece_of_a_longer_name_is_no_term_but_the_name_is() -> None:
    said = (
        "Unicode code points are numbers. A Unicode code point has a number. Unicode code points!"
    )
    made = index_of(chapter(said, "Strings are sequences of Unicode code points")).sorted()
    assert [term.text for term in made] == ["unicode code points"]


def test_what_the_ears_took_for_a_name_leaves_no_piece_of_it() -> None:
    said = "The bite pair encoding algorithm. A bite pair encoding algorithm. Two codes, two codes."
    assert not index_of(chapter(said, "Byte pair encoding\nbyte pairs")).sorted()


def test_a_word_with_a_hyphen_is_one_word_and_a_slash_divides_two() -> None:
    said = "Non-English text and non-English data, all of it non-English. An encoder/decoder pair. "
    made = index_of(chapter(said + "The encoder/decoder.", "non-English\nencoder/decoder")).sorted()
    assert not made


def test_two_words_that_meet_twice_in_an_hour_are_no_term_unless_they_are_given_as_a_name() -> None:
    said = ["We go on."] * 120
    said[3] = said[90] = "The final layer is here, on a high level."
    said[50] = f"These are {'really, ' * 40}called gist tokens and they are short."
    said[51] = "Gist tokens are trained."
    shown = "final layer\nhigh level\ngist tokens"
    made = chapter("", shown)
    made.sections[0].prose.passages = tuple(  # type: ignore[misc]
        Passage(f"p{at}", CitedSpan("s1", at, at + 1), text) for at, text in enumerate(said)
    )
    assert [term.text for term in index_of(made).sorted()] == ["gist tokens"]


def test_a_term_is_introduced_where_it_is_defined() -> None:
    first = Passage("p1", CitedSpan("s1", 0, 9), "The byte pair comes first.")
    second = Passage("p2", CitedSpan("s2", 9, 19), "A byte pair is a pair of neighbours.")
    made = chapter("", glossary=("byte pair", "neighbour"))
    made.sections[0].prose.passages = (first, second)  # type: ignore[misc]
    neighbour, pair = sorted(index_of(made).sorted(), key=lambda term: term.sentence)
    assert (pair.introduced.anchor, pair.sentence) == ("p2", "A byte pair is a pair of neighbours.")
    assert (neighbour.introduced.anchor, neighbour.sentence) == ("p2", "")


def test_terms_of_other_languages_are_defined_in_their_phrases() -> None:
    german = "Ein Tokenizer ist ein Programm. Der Tokenizer! Tokenizer."
    (term,) = index_of(chapter(german, "Tokenizer", language="de")).sorted()
    assert term.sentence == "Ein Tokenizer ist ein Programm."
    chinese = chapter("我们看分词器。分词器就是一种程序。", glossary=("分词器",), language="zh")
    (term,) = index_of(chinese).sorted()
    assert term.sentence == "分词器就是一种程序。"


def test_where_no_definitions_can_be_told_words_that_are_shown_and_repeated_are_terms() -> None:
    polish = "Tokenizer i tokenizer, to tokenizer."
    assert [term.text for term in index_of(chapter(polish, "Tokenizer", language="pl")).sorted()]

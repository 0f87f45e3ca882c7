"""The forms of a word are one entry of the glossary; what only looks alike is not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from pipeline.book.terms import TermIndex
from pipeline.models import Frame, GlossaryTerm, Outline, Segments
from pipeline.render.chapter import ChapterPage
from pipeline.render.html.passages import CitedSpan, Passage
from pipeline.text.word_forms import base_form


def chapter(said: str, shown: str = "", glossary: tuple[str, ...] = ()) -> ChapterPage:
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
    return cast(ChapterPage, SimpleNamespace(sections=(page,), sources=sources))


def index_of(*chapters: ChapterPage) -> TermIndex:
    index = TermIndex(30)
    for number, one in enumerate(chapters, start=1):
        index.add(number, one)
    return index


def test_plural_and_verb_forms_are_one_entry_in_the_commonest_form() -> None:
    said = "We encode. Encoding is easy. It encodes, what is encoded. The encoding of encoding."
    assert [term.text for term in index_of(chapter(said, "Encode")).sorted()] == ["encoding"]
    said = "A query, two queries, many queries. One query."
    assert [term.text for term in index_of(chapter(said, "Queries")).sorted()] == ["query"]


def test_a_later_form_is_no_entry_of_its_own_but_comes_up_again() -> None:
    first = chapter("A merge, a merge and a merge.", "merge")
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

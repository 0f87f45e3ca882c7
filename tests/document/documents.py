"""Markdown of any kind and documents of any shape, for the property tests."""

from __future__ import annotations

from itertools import count

from hypothesis import settings
from hypothesis import strategies as st

from pipeline.document.blocks import (
    AnyBlock,
    Cell,
    Figure,
    Formula,
    Heading,
    List,
    Listing,
    Note,
    Paragraph,
    Quote,
    Table,
    settled,
)
from pipeline.document.citations import Citation
from pipeline.document.walk import changed
from pipeline.models import Box

ALIKE = settings(max_examples=150, deadline=None, derandomize=True, database=None)

# What Markdown is made of; None stands for a word that occurs nowhere else in the text.
_PIECES = (
    *("*", "**", "_", "__", "`", "``", "```", "~", "~~", "~~~", "$", "$$", "\\(", "\\)", "\\["),
    *("\\]", "\\", "\\\n", "  \n", "[", "]", "](", "](http://a.b/", "![", ")", "(", "!", "#", ":"),
    *("](frame:f1)", "![p](pictures/a.png)", "[[s0001]]", "[[s0001-s0003]]", "[^1]", "\n[^1]: "),
    *("<sub>", "</sub>", "<br>", "<", "<b", "&amp;", "&lt;", "&", '"', "'", "{", "}", "=", "+"),
    *("-", "1", ".", " ", "\t", "\n", "\n\n", "\n    ", "\n- ", "\n1. ", "\n> ", "\n# "),
    *("\n---\n", "\n===\n", "|", "\n| a | b |\n|---|---|\n| ", "\n$$\n", "\n```\n"),
    *("\n```python\n", "\n```text output\n", "\n\\begin{align}\n", "\n\\end{align}\n"),
    *("\n> [!NOTE]\n> ", "\n[x]: http://a.b\n", "[x]", "字", "。", "「", "」", "\u202e", "\u00a0"),
)


def _text(pieces: list[str | None]) -> str:
    numbers = count(1)
    return "".join(f"w{next(numbers)}q" if piece is None else piece for piece in pieces)


MARKDOWN = st.lists(st.none() | st.sampled_from(_PIECES), max_size=24).map(_text)
CITATIONS = st.lists(
    st.builds(
        lambda first, more: Citation(first=f"s{first:04d}", last=f"s{first + more:04d}"),
        st.integers(1, 99),
        st.integers(0, 3),
    ),
    max_size=2,
).map(tuple)
_CODE = st.text("ab \t\n`~>-#|$\\\"'[]x1=.", max_size=30) | st.text(max_size=20)
CROPS = (None, Box(x=0, y=16, width=640, height=300))
_LEAF = st.one_of(
    st.builds(Paragraph, text=MARKDOWN, citations=CITATIONS),
    st.builds(Heading, text=MARKDOWN, level=st.integers(1, 6), citations=CITATIONS),
    st.builds(
        Figure,
        frame=st.just("f0001"),
        caption=MARKDOWN,
        citations=CITATIONS,
        crop=st.sampled_from(CROPS),
    ),
    st.builds(
        Cell,
        id=st.just("any"),
        language=st.sampled_from(["python", "sh"]),
        tags=st.sampled_from([(), ("excerpt",)]),
        source=_CODE,
        output=st.none() | _CODE,
        pictures=st.sampled_from([(), ("pictures/a.png", "pictures/b.png")]),
        citations=CITATIONS,
    ),
    st.builds(Listing, tags=st.sampled_from([(), ("output",)]), source=_CODE, citations=CITATIONS),
    st.builds(Formula, latex=MARKDOWN.filter(str.strip), citations=CITATIONS),
    st.builds(
        lambda one, other, cited: Table(
            header=(one, other), alignment=("", "right"), rows=((other, one),), citations=cited
        ),
        MARKDOWN,
        MARKDOWN,
        CITATIONS,
    ),
)


def _outer(inner: st.SearchStrategy[AnyBlock]) -> st.SearchStrategy[AnyBlock]:
    some = st.lists(inner, max_size=3).map(settled)
    return st.one_of(
        st.builds(
            List,
            ordered=st.booleans(),
            start=st.integers(0, 999_999_999),
            items=st.lists(some, min_size=1, max_size=3),
            citations=CITATIONS,
        ),
        st.builds(Quote, blocks=some.filter(bool), citations=CITATIONS),
        st.builds(Note, role=st.sampled_from(["note", "tip"]), blocks=some, citations=CITATIONS),
        st.builds(Note, role=st.just("footnote"), label=st.just("n"), blocks=some),
    )


def _named(blocks: tuple[AnyBlock, ...]) -> tuple[AnyBlock, ...]:
    numbers = count(1)

    def name(block: AnyBlock) -> list[AnyBlock]:
        if not isinstance(block, Cell):
            return [block]
        return [block.model_copy(update={"id": f"cell-{next(numbers)}"})]

    return changed(blocks, name)


DOCUMENTS = st.deferred(
    lambda: st.lists(st.recursive(_LEAF, _outer, max_leaves=6), max_size=4).map(settled).map(_named)
)

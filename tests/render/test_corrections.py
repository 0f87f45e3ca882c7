"""Corrected words are laid over page, search, captions and exports, and nothing else changes."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from pipeline.document.corrections import Correction, Corrections
from pipeline.engine.workspace import Workspace
from pipeline.errors import ArtifactError, RenderError
from pipeline.render.corrections import add_correction, corrections_of, rename
from pipeline.render.files import render_chapter
from pipeline.render.formats.export import export
from pipeline.render.load import sources_of
from pipeline.settings.config import load_config
from pipeline.settings.render import RenderSettings
from pipeline.stages import render


def rendered(work: Workspace) -> dict[str, str]:
    files = render_chapter(sources_of(work), RenderSettings()).files
    wanted = ("index.html", "chapter.md", "assets/search.js", "assets/captions.js")
    return {name: files[name].decode() for name in wanted}


def test_a_word_is_corrected_everywhere_but_in_code(work: Workspace) -> None:
    before = rendered(work)
    add_correction(work, Correction(wrong="merge", right="fuse"))
    add_correction(work, Correction(wrong="dictionary", right="mapping"))
    add_correction(work, Correction(wrong="byte pair encoding", right="BPE"))
    after = rendered(work)
    assert "def merge(ids, pair, idx)" in after["chapter.md"]
    for name in ("index.html", "chapter.md", "assets/search.js"):
        assert "mapping keeps the counts" in after[name], name
    assert "byte pair encoding" in before["assets/captions.js"].lower()
    assert "byte pair encoding," not in after["assets/captions.js"]
    assert "each fuse adds one token" in after["chapter.md"]
    assert "fuses" not in after["chapter.md"]  # whole words only


@pytest.mark.parametrize(
    "bomb",
    [
        [("pair", "merge merge"), ("merge", "pair pair")] * 30,
        [("the", "of " * 40), ("of", "the " * 40)] * 10,
    ],
)
def test_corrections_that_grow_without_end_are_refused(
    bomb: list[tuple[str, str]], work: Workspace
) -> None:
    for wrong, right in bomb:
        add_correction(work, Correction(wrong=wrong, right=right))
    with pytest.raises(RenderError, match=r"corrections\.json: the corrections add more than"):
        sources_of(work)
    assert len(corrections_of(work).titled("The pair the merge")) <= 2_000


def test_what_is_right_already_stays() -> None:
    made = Correction(wrong="Karpathy", right="Andrej Karpathy")
    once = made.applied("Karpathy and Karpathy's, Andrej Karpathy too")
    assert once == "Andrej Karpathy and Andrej Karpathy's, Andrej Karpathy too"
    assert made.applied(once) == once
    assert Correction(wrong="pair merge", right="pair").applied("a pair merge") == "a pair"


def test_so_many_corrections_that_none_of_them_ends_are_refused(work: Workspace) -> None:
    path = work.root / "corrections.json"
    many = [{"wrong": str(number), "right": "a"} for number in range(1_001)]
    path.write_text(json.dumps({"corrections": many}))
    with pytest.raises(ArtifactError, match="corrections"):
        sources_of(work)
    path.write_text(json.dumps({"corrections": many[:1_000]}))
    with pytest.raises(RenderError, match="holds 1000 corrections already"):
        add_correction(work, Correction(wrong="pair", right="couple"))


def test_a_word_is_corrected_at_one_place_only(work: Workspace) -> None:
    passage = next(
        one
        for page in render_chapter(sources_of(work), RenderSettings()).chapter.sections
        for one in page.prose.passages
        if "pair" in one.text and page.number == 3
    )
    span = passage.span
    add_correction(
        work, Correction(wrong="pair", right="couple", start_ms=span.start_ms, end_ms=span.end_ms)
    )
    text = rendered(work)["chapter.md"]
    assert "every couple of neighbors" in text or "frequent couple" in text
    assert "pair" in text.replace("couple", "")


def test_a_correction_brings_no_character_that_breaks_a_file_or_turns_a_line(
    work: Workspace,
) -> None:
    title = sources_of(work).outline.title
    word = title.split()[0]
    made = Correction(wrong=word, right="An\x0b\u202e\u200b\x00 other\nname\ufffe")
    assert made.right == "An  other name"
    add_correction(work, made)
    assert sources_of(work).outline.title == title.replace(word, "An  other name", 1)


def test_exports_have_the_corrections(work: Workspace) -> None:
    add_correction(work, Correction(wrong="neighbors", right="neighbours"))
    assert "neighbours" in export(work, "md").read_text()


@pytest.mark.parametrize(
    ("wrong", "right", "text", "expected"),
    [
        ("cat", "dog", "cat concat Cat cat's", "dog concat Cat dog's"),
        ("C++", "Rust", "C++ and C+++", "Rust and Rust+"),
        ("two  words", "one", "two\nwords", "one"),
        ("词元", "token", "分词元素词元", "分token素token"),
        ("naïve", "naive", "naïve naïves", "naive naïves"),
        ("a", r"\1 \g<0>", "a", r"\1 \g<0>"),
    ],
)
def test_words_are_found_whole(wrong: str, right: str, text: str, expected: str) -> None:
    assert Correction(wrong=wrong, right=right).applied(text) == expected


def test_no_word_can_become_markup(work: Workspace) -> None:
    add_correction(work, Correction(wrong="compress", right="<img src=x> [a](javascript:1) `c`"))
    page = rendered(work)["index.html"]
    assert "&lt;img src=x&gt; [a](javascript:1) `c`" in page
    assert "<img src=x>" not in page


@pytest.mark.parametrize(
    "fields",
    [
        {"wrong": "a", "right": "a"},
        {"wrong": " ", "right": "a"},
        {"wrong": "a", "right": "b", "start_ms": 5},
        {"wrong": "a" * 201, "right": "b"},
    ],
)
def test_a_correction_that_says_nothing_is_none(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Correction.model_validate(fields)


def test_only_the_page_is_stale_after_a_correction(work: Workspace) -> None:
    config = load_config(None, [], {})
    assert "corrections" not in render.finds(work, config)
    add_correction(work, Correction(wrong="pair", right="couple"))
    assert "couple" in render.finds(work, config)["corrections"]


def test_a_damaged_file_is_named(work: Workspace) -> None:
    (work.root / "corrections.json").write_text("{")
    with pytest.raises(ArtifactError, match=r"corrections\.json"):
        sources_of(work)


def test_a_given_title_stands_everywhere_beside_the_corrections(work: Workspace) -> None:
    add_correction(work, Correction(wrong="dictionary", right="mapping"))
    rename(work, "  Tokens from  bytes\u202e ")
    after = rendered(work)
    assert "<h1>Tokens from bytes</h1>" in after["index.html"]
    assert "\n# Tokens from bytes\n" in after["chapter.md"]
    assert "mapping keeps the counts" in after["index.html"]
    add_correction(work, Correction(wrong="Tokens", right="Words"))
    assert corrections_of(work).titled("Own") == "Tokens from bytes"  # as it was given


def test_without_a_given_title_the_own_one_is_corrected(work: Workspace) -> None:
    own = sources_of(work).article.title
    rename(work, "Other")
    rename(work, "")
    assert sources_of(work).article.title == own
    everywhere = Correction(wrong="Byte", right="Octet")
    here = Correction(wrong="Pair", right="Twin", start_ms=0, end_ms=9_000)
    assert Corrections(corrections=(everywhere, here)).titled("Byte Pair") == "Octet Pair"

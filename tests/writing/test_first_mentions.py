"""Each link is given to the part that mentions it first."""

from __future__ import annotations

from pipeline.document.outline import Link
from pipeline.writing.first_mentions import links_by_part

PAPER = Link(
    title="GPT-2 paper: Language Models are Unsupervised Learners", url="https://a.example"
)
PIECE = Link(title="SentencePiece", url="https://b.example")
OTHER = Link(title="Zebra", url="https://c.example")


def test_a_link_belongs_to_the_part_that_mentions_it_first() -> None:
    texts = ["we count pairs", "sentence piece can train", "sentence piece once more"]
    assert links_by_part([PIECE], texts) == [(), (PIECE,), ()]


def test_a_long_title_belongs_where_most_of_it_is_said() -> None:
    texts = ["the language of the speaker", "here is the gpt2 paper on language models", "a model"]
    assert links_by_part([PAPER], texts) == [(), (PAPER,), ()]


def test_a_link_that_nobody_mentions_is_given_to_all() -> None:
    assert links_by_part([OTHER], ["one", "two"]) == [(OTHER,), (OTHER,)]
    assert links_by_part([], ["one"]) == [()]

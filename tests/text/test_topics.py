"""Topic shifts from the words alone."""

from __future__ import annotations

from pipeline.text.content import content_terms
from pipeline.text.topics import cut, depths

CATS = "the cat chased the other cat because cats like to chase and a kitten joined the cats"
SHIPS = "the ship left the harbor and the sailors raised the sails while ships passed the harbor"


def test_the_deepest_valley_lies_where_the_subject_changes() -> None:
    scores = depths([CATS] * 5 + [SHIPS] * 5)
    assert scores.index(max(scores)) == 5


def test_one_subject_has_no_valley() -> None:
    assert max(depths([CATS] * 6)) < 0.2


def test_inflected_forms_count_as_one_word() -> None:
    assert content_terms("tokenizers tokenizer") == ["token" + "iz"] * 2


def test_chinese_is_counted_by_pairs_of_characters() -> None:
    assert content_terms("分词器") == ["分词", "词器"]


def test_cuts_follow_the_scores_and_keep_the_length_in_bounds() -> None:
    scores = [0.0] * 20
    scores[6] = scores[13] = 2.0
    assert cut(scores, [20_000] * 20, 140_000, 60_000) == [0, 6, 13]


def test_no_cut_makes_a_part_too_short() -> None:
    scores = [0.0, 3.0, *[0.0] * 10]
    assert 1 not in cut(scores, [20_000] * 12, 120_000, 60_000)
    assert cut([], [], 120_000, 60_000) == []

"""The two steps as the lecture builds them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from minbpe import get_stats, merge
from tests.minbpe import naive

small_ids = st.lists(st.integers(0, 3), max_size=30)


@given(small_ids)
def test_stats_are_the_counts_in_order_of_first_occurrence(ids: list[int]) -> None:
    pairs = naive.pairs_in_text_order([ids])
    assert list(get_stats(ids).items()) == [(p, pairs.count(p)) for p in dict.fromkeys(pairs)]


@given(small_ids, st.tuples(st.integers(0, 3), st.integers(0, 3)))
def test_merge_replaces_left_to_right(ids: list[int], pair: tuple[int, int]) -> None:
    assert merge(ids, pair, 9) == naive.replace(ids, pair, 9)


def test_counts_of_several_lists_add_up_in_the_dict_given() -> None:
    counts: dict[tuple[int, int], int] = {}
    assert get_stats([1, 2], counts) is counts
    get_stats([1, 2, 3], counts)
    assert counts == {(1, 2): 2, (2, 3): 1}

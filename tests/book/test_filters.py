"""Which lectures of a playlist or folder come into the book."""

from __future__ import annotations

import pytest

from pipeline.book.filters import filters
from pipeline.errors import UsageError


def test_days_of_publication_are_bounds_that_are_included() -> None:
    wanted = filters(None, None, "2024-02-01", "20240229")
    assert wanted.by_date
    assert wanted.refuse_date("2024-02-01") is None
    assert wanted.refuse_date("2024-02-29") is None
    assert wanted.refuse_date("2024-01-31") == "published 2024-01-31, before 2024-02-01"
    assert wanted.refuse_date("2024-03-01") == "published 2024-03-01, after 2024-02-29"


def test_a_lecture_of_an_unknown_day_is_not_left_out() -> None:
    assert filters(None, None, "2024-02-01", None).refuse_date(None) is None
    assert filters(None, None, None, None).refuse_date("1999-01-01") is None


def test_a_title_matches_anywhere_and_in_any_case() -> None:
    wanted = filters(None, "token(s|izer)", None, None)
    assert wanted.takes_title("Let's build the GPT Tokenizer")
    assert not wanted.takes_title("Attention")
    assert filters(None, None, None, None).takes_title("anything")


@pytest.mark.parametrize(
    ("limit", "match", "after", "said"),
    [
        (0, None, None, "--limit 0"),
        (None, "(", None, "not a regular expression"),
        (None, None, "1 May", "--after '1 May' is not a date"),
    ],
)
def test_what_is_no_filter_is_wrong_usage(
    limit: int | None, match: str | None, after: str | None, said: str
) -> None:
    with pytest.raises(UsageError) as refused:
        filters(limit, match, after, None)
    assert said in refused.value.message

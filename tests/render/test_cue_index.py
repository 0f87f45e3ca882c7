"""The speaker's own words behind a passage."""

from __future__ import annotations

from pipeline.models import Cue, Transcript
from pipeline.render.cue_index import CueIndex

BOOK = CueIndex(
    Transcript(
        language="en",
        engine="captions",
        model=None,
        cues=tuple(
            Cue(start_ms=at, end_ms=at + 900, text=f"cue\n{at // 1000}")
            for at in range(0, 9000, 1000)
        ),
    )
)


def test_the_words_between_two_moments_in_one_line() -> None:
    assert BOOK.text(2_000, 5_000) == "cue 2 cue 3 cue 4"


def test_a_cue_across_a_boundary_belongs_where_its_middle_is() -> None:
    assert BOOK.text(2_400, 3_300) == "cue 2"
    assert BOOK.text(2_500, 3_600) == "cue 3"


def test_silence_is_empty() -> None:
    assert BOOK.text(20_000, 30_000) == ""

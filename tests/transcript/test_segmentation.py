"""Cuts of a lecture: every word once, whole sentences, wished lengths."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.models import Cue, Transcript, Word
from pipeline.transcript.segmentation import SegmentSpan, spans, tokens
from tests.shared import shared

SHORT, LONG = 15_000, 60_000


def cue(start_s: float, end_s: float, text: str) -> Cue:
    return Cue(start_ms=round(start_s * 1000), end_ms=round(end_s * 1000), text=text)


def heard(cues: list[Cue]) -> Transcript:
    return Transcript(language="en", engine="captions", model=None, cues=tuple(cues))


def speech(seconds: int, punctuated: bool = True, seed: int = 1) -> list[Cue]:
    """A cue of about eight words every three seconds; a sentence ends with every third cue."""
    rng = random.Random(seed)
    cues = []
    for k in range(seconds // 3):
        words = ["word" + str(rng.randrange(90)) for _ in range(8)]
        if punctuated and k % 3 == 0:
            words[0] = words[0].capitalize()
        if punctuated and k % 3 == 2:
            words[-1] += "."
        cues.append(cue(3 * k, 3 * k + 2.9, " ".join(words)))
    return cues


def cut(
    cues: list[Cue], seconds: float, changes_s: tuple[float, ...] = ()
) -> tuple[SegmentSpan, ...]:
    changes = [round(at * 1000) for at in changes_s]
    return spans(heard(cues), changes, 0, round(seconds * 1000), SHORT, LONG)


def assert_whole(found: tuple[SegmentSpan, ...], cues: list[Cue]) -> None:
    places = [at for span in found for at in range(span.first_word, span.last_word + 1)]
    assert places == list(range(places[0] if places else 0, (places or [-1])[-1] + 1))
    assert " ".join(s.text for s in found).split() == " ".join(c.text for c in cues).split()
    for one, following in pairwise(found):
        assert one.start_ms < one.end_ms <= following.start_ms


def test_spans_are_whole_sentences_of_15_to_60_seconds() -> None:
    cues = speech(270)
    found = cut(cues, 270)
    assert_whole(found, cues)
    assert all(span.text.endswith(".") for span in found)
    assert all(SHORT <= span.end_ms - span.start_ms <= LONG for span in found)


def test_a_cut_prefers_the_screen_change_among_equal_sentence_ends() -> None:
    cues = speech(81)
    assert 36_000 in {span.start_ms for span in cut(cues, 81, (36,))}
    assert 45_000 in {span.start_ms for span in cut(cues, 81, (45,))}


def test_speech_without_full_stops_is_cut_at_openings_and_pauses() -> None:
    cues = speech(120, punctuated=False)
    opened = [
        cue(c.start_ms / 1000, c.end_ms / 1000, "okay so " + c.text) if k in (12, 26) else c
        for k, c in enumerate(cues)
    ]
    found = cut(opened, 120)
    assert_whole(found, opened)
    assert [span.start_ms for span in found if span.text.startswith("okay so")] == [36_000, 78_000]
    assert all(SHORT <= span.end_ms - span.start_ms <= LONG for span in found)


def test_one_endless_sentence_is_still_cut() -> None:
    cues = [cue(c.start_ms / 1000, c.end_ms / 1000, c.text.replace(".", ",")) for c in speech(200)]
    found = cut([*cues[:-1], cue(197, 199.9, "the end.")], 200)
    assert max(span.end_ms - span.start_ms for span in found) <= LONG + 3_000


def test_a_long_silence_becomes_spans_without_text_cut_at_screen_changes() -> None:
    cues = [cue(0, 20, "We start here and talk."), cue(200, 230, "And here we go on.")]
    found = cut(cues, 240, (20, 60, 110, 160))
    assert_whole(found, cues)
    silent = [(span.start_ms, span.end_ms) for span in found if not span.text]
    assert silent[0][0] == 20_000
    assert silent[-1][1] == 200_000
    assert {60_000, 110_000, 160_000} <= {end for _, end in silent}


def test_a_lecture_without_speech_is_cut_where_the_screen_changes() -> None:
    found = cut([], 100, (30, 75))
    assert found == tuple(
        SegmentSpan(start, end, "", 0, -1)
        for start, end in ((0, 30_000), (30_000, 75_000), (75_000, 100_000))
    )


def test_a_pause_belongs_to_the_span_before_it() -> None:
    cues = [cue(0, 30, "One sentence here."), cue(40, 70, "Another one there.")]
    assert [(s.start_ms, s.end_ms) for s in cut(cues, 75)] == [(0, 40_000), (40_000, 75_000)]


def test_a_part_has_only_the_cues_of_that_part() -> None:
    cues = speech(300)
    found = spans(heard(cues), [], 90_000, 180_000, SHORT, LONG)
    assert found[0].start_ms >= 90_000
    assert found[-1].end_ms <= 180_000
    assert_whole(found, cues[30:60])


def test_measured_word_times_are_used_and_others_shared_out() -> None:
    words = (
        Word(start_ms=0, end_ms=400, text="Hello"),
        Word(start_ms=2000, end_ms=2500, text="you"),
    )
    measured = Cue(start_ms=0, end_ms=3000, text="Hello you", words=words)
    assert [token.start_ms for token in tokens(heard([measured]))] == [0, 2000]
    shared_out = tokens(heard([cue(0, 3, "Hello you")]))
    assert [(t.start_ms, t.end_ms) for t in shared_out] == [(0, 1800), (1800, 3000)]


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("bytes. Then", True),
        ("bytes? then", False),
        ("e.g. This", False),
        ("3.5 times", False),
        ('said." Now', True),
        ("bytes, Then", False),
    ],
)
def test_where_a_sentence_ends(text: str, ends: bool) -> None:
    assert tokens(heard([cue(0, 2, text)]))[0].ends_sentence is ends


def test_a_german_ordinal_ends_no_sentence() -> None:
    spoken = heard([cue(0, 2, "am 3. Mai")]).model_copy(update={"language": "de"})
    assert not any(token.ends_sentence for token in tokens(spoken)[:-1])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 40_000), st.integers(1, 30_000), st.text("ab. ?!é", max_size=40)),
        max_size=25,
    ),
    st.lists(st.integers(0, 900_000), max_size=10),
)
def test_no_word_is_ever_lost_or_moved(
    pieces: list[tuple[int, int, str]], changes: list[int]
) -> None:
    at = 0
    cues = []
    for gap, length, text in pieces:
        cues.append(Cue(start_ms=at + gap, end_ms=at + gap + length, text=text))
        at += gap + length
    found = spans(heard(cues), sorted(changes), 0, at + 1_000, SHORT, LONG)
    assert_whole(found, cues)
    assert all(span.start_ms >= 0 and span.end_ms <= at + 1_000 for span in found)


def test_two_hours_of_automatic_captions_make_even_segments() -> None:
    lines = shared("media/karpathy-tokenizer/zduSFxRajkE.en.vtt").read_text(encoding="utf-8")
    cues = []
    for block in lines.split("\n\n")[1:]:
        times, _, text = block.strip().partition("\n")
        if "-->" in times:
            start, end = (_seconds(one) for one in times.split(" --> "))
            cues.append(cue(start, end, " ".join(text.split())))
    found = cut(cues, 8_015)
    assert_whole(found, cues)
    lengths = sorted(span.end_ms - span.start_ms for span in found)
    assert lengths[len(lengths) // 20] >= SHORT
    assert lengths[-len(lengths) // 20] <= LONG
    assert max(lengths) <= 75_000


def _seconds(clock: str) -> float:
    hours, minutes, seconds = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)

"""A window leads back to the source, and can be divided."""

from __future__ import annotations

from pipeline.transcript.asr.windows import around, halves
from tests.transcript.asr.fakes import RATE, cut, silence, speech


def test_a_window_knows_where_its_speech_came_from() -> None:
    (window,) = cut(silence(40), speech(2), silence(5))
    assert abs(window.start_ms - 39_712) < 40  # the speech and 288 ms before it
    assert abs(window.end_ms - 42_288) < 40
    assert abs(window.source_ms(0.288 + 1.0) - 41_000) < 40


def test_long_pauses_are_taken_out_and_times_lead_back_across_them() -> None:
    (window,) = cut(speech(5), silence(20), speech(5))
    assert len(window.samples) < 11.5 * RATE
    seam = window.pieces[1].offset / RATE
    assert abs(window.source_ms(seam) - 24_712) < 40
    assert abs(window.source_ms(seam, ending=True) - 5_288) < 40
    assert any(begin < seam < end for begin, end in window.pauses)


def test_a_window_can_be_heard_in_two_halves() -> None:
    (window,) = cut(silence(1), speech(6), silence(0.5), speech(6), silence(1))
    parts = halves(window)
    assert parts is not None
    first, second = parts
    assert len(first.samples) + len(second.samples) == len(window.samples)
    at = len(first.samples) / RATE
    assert second.source_ms(1.0) == window.source_ms(at + 1.0)
    assert abs(first.end_ms - 7_250) < 100
    assert halves(cut(speech(10))[0]) is None


def test_the_part_around_a_stretch_goes_from_pause_to_pause() -> None:
    (window,) = cut(silence(1), speech(6), silence(0.5), speech(6), silence(0.5), speech(6))
    part, at_s = around(window, (8.0, 9.0))
    assert abs(at_s - 6.55) < 0.3
    assert abs(part.length_s - 6.5) < 0.3
    assert part.source_ms(1.0) == window.source_ms(at_s + 1.0)

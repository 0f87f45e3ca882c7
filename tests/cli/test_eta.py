from pipeline.cli.eta import Eta, speed_text


def test_the_time_left_follows_from_the_speed_so_far() -> None:
    pace = Eta(0.0)
    pace.is_due(0, 100, "frames")
    assert pace.left_s(0, 100) is None
    assert pace.left_s(50, None) is None
    left = pace.left_s(50, 100)
    assert left is not None and 0 <= left < 5


def test_the_speed_leaves_out_what_was_done_before() -> None:
    pace = Eta(0.0)
    pace.is_due(5_000, 6_000, "s of audio")
    assert pace.per_s(5_000) is None
    slow, fast = pace.per_s(5_001), pace.per_s(5_010)
    assert slow is not None and fast is not None and 0 < slow < fast


def test_only_sound_has_a_real_time_factor() -> None:
    assert speed_text(3.24, "s of audio") == ", 3.2 times real time"
    assert speed_text(41.5, "s of audio") == ", 42 times real time"
    assert speed_text(3.24, "frames") == ""
    assert speed_text(None, "s of audio") == ""

"""The sound of any file as one stream of samples that starts where the video does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import MediaError
from pipeline.video.audio import SAMPLE_RATE, pcm_blocks
from tests.conftest import make_media

TONE = ("-f", "lavfi", "-i")


def sound(
    path: Path, start_ms: int = 0, end_ms: int | None = None
) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.concatenate([np.zeros(0, np.float32), *pcm_blocks(path, start_ms, end_ms)])


def test_stereo_at_48_khz_becomes_mono_at_16_khz_in_blocks(tmp_path: Path) -> None:
    source = "sine=frequency=440:sample_rate=48000:duration=25"
    path = make_media(tmp_path / "a.m4a", *TONE, source, "-ac", "2", "-c:a", "aac")
    blocks = list(pcm_blocks(path))
    assert max(len(block) for block in blocks) <= 10 * SAMPLE_RATE
    whole = np.concatenate(blocks)
    assert abs(len(whole) / SAMPLE_RATE - 25) < 0.1
    assert whole.dtype == np.float32
    spectrum = np.abs(np.fft.rfft(whole[: 10 * SAMPLE_RATE]))
    assert abs(np.argmax(spectrum) / 10 - 440) < 2


def test_a_track_that_starts_late_is_preceded_by_silence(tmp_path: Path) -> None:
    path = make_media(
        tmp_path / "late.mp4",
        *(*TONE, "testsrc=size=64x64:rate=5:duration=44"),
        *("-itsoffset", "40", *TONE, "sine=frequency=440:sample_rate=16000:duration=3"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"),
    )
    loud = np.flatnonzero(np.abs(sound(path)) > 0.02)
    assert abs(loud[0] / SAMPLE_RATE - 40) < 0.1
    assert abs(np.flatnonzero(np.abs(sound(path, 38_000)) > 0.02)[0] / SAMPLE_RATE - 2) < 0.1


def test_a_track_shorter_than_the_video_just_ends(tmp_path: Path) -> None:
    path = make_media(
        tmp_path / "short.mp4",
        *(*TONE, "testsrc=size=64x64:rate=5:duration=10"),
        *(*TONE, "sine=frequency=440:sample_rate=16000:duration=4"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"),
    )
    assert abs(len(sound(path, 0, 10_000)) / SAMPLE_RATE - 4) < 0.2


def test_a_part_begins_and_ends_where_it_should(tiny_video: Path) -> None:
    assert len(sound(tiny_video, 2_000, 5_500)) == 3.5 * SAMPLE_RATE
    assert len(sound(tiny_video, 0, 200)) == 0.2 * SAMPLE_RATE


def test_a_video_without_sound_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = make_media(
        tmp_path / "mute.mp4",
        *(*TONE, "testsrc=size=64x64:rate=5:duration=1", "-pix_fmt", "yuv420p"),
    )
    with pytest.raises(MediaError, match=r"mute\.mp4"):
        sound(path)


def test_leaving_early_stops_the_decoder(tiny_video: Path) -> None:
    blocks = pcm_blocks(tiny_video)
    next(blocks)
    blocks.close()  # type: ignore[attr-defined]


def test_channels_of_opposite_phase_do_not_cancel_each_other(tmp_path: Path) -> None:
    tone = "sine=frequency=440:sample_rate=16000:duration=3"
    opposite = make_media(
        tmp_path / "opposite.flac", *TONE, tone, "-af", "pan=stereo|c0=c0|c1=-1*c0"
    )
    straight = make_media(tmp_path / "straight.flac", *TONE, tone, "-af", "pan=stereo|c0=c0|c1=c0")
    assert np.abs(sound(opposite)).max() > 0.1
    np.testing.assert_allclose(sound(opposite), sound(straight), atol=1e-3)


def test_one_silent_channel_and_two_strangers_are_mixed_evenly(tmp_path: Path) -> None:
    left = make_media(
        tmp_path / "left.flac",
        *(*TONE, "sine=frequency=440:sample_rate=16000:duration=2"),
        *("-af", "pan=stereo|c0=c0|c1=0*c0"),
    )
    assert 0.05 < np.abs(sound(left)).max() < 0.08  # half of the sine's 0.125


def test_surround_sound_keeps_the_voice_in_the_centre(tmp_path: Path) -> None:
    path = make_media(
        tmp_path / "surround.flac",
        *(*TONE, "sine=frequency=440:sample_rate=16000:duration=2"),
        *("-af", "pan=5.1|FC=c0"),
    )
    assert np.abs(sound(path)).max() > 0.02


def test_sound_in_floating_point_stays_between_minus_one_and_one(tmp_path: Path) -> None:
    path = make_media(
        tmp_path / "loud.wav",
        *(*TONE, "sine=frequency=440:sample_rate=16000:duration=2"),
        *("-af", "volume=20", "-c:a", "pcm_f32le"),
    )
    assert np.abs(sound(path)).max() == 1

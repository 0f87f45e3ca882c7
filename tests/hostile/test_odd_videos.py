"""Odd videos: each becomes a right chapter, or one clear error, at a bounded cost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import make_media
from tests.hostile import odd
from tests.hostile.chamber import Outcome
from tests.hostile.conftest import Convert, small_video, well_behaved
from tests.hostile.odd import HOUR, YEAR
from tests.tally import Tally

Make = Callable[[Path, Path], Path]  # from a folder and a good video

CONVERTED: dict[str, tuple[Make, int]] = {
    "a size of 65535 claimed": (lambda f, g: odd.with_size(g, f / "a.mp4", 65535, 65535), 4_000),
    "no size claimed": (lambda f, g: odd.with_size(g, f / "a.mp4", 0, 0), 4_000),
    "ten hours claimed": (lambda f, g: odd.with_duration(g, f / "a.mp4", 10 * HOUR), 4_000),
    "ten years claimed": (lambda f, g: odd.with_duration(g, f / "a.mp4", 10 * YEAR), 4_000),
    "a clock from 7 s on": (lambda f, g: odd.shifted(g, f / "a.mkv", lambda t, _: 7), 4_096),
    "a clock from 10 years on": (
        lambda f, g: odd.shifted(g, f / "a.mkv", lambda t, _: 10 * YEAR),
        4_096,
    ),
    "a negative clock": (lambda f, g: odd.shifted(g, f / "a.mkv", lambda t, _: -1.5), 4_096),
    "a gap of ten hours": (
        lambda f, g: odd.shifted(g, f / "a.mkv", lambda t, _: 0 if t < 2 else 10 * HOUR),
        10 * HOUR * 1000 + 4_096,
    ),
    "a clock that goes back": (lambda f, g: odd.put_end_to_end(f, g, 0, 0), 8_096),
    "a clock that goes far back": (lambda f, g: odd.put_end_to_end(f, g, 100, 0), 8_096),
    "a clock that goes ahead": (lambda f, g: odd.put_end_to_end(f, g, 0, 100), 8_096),
    "one key frame": (
        lambda f, g: odd.shifted(
            g,
            f / "a.mkv",
            lambda t, p: None if p.stream.type == "video" and p.is_keyframe and t > 0.1 else 0,
        ),
        4_096,
    ),
    "a million pictures a second": (lambda f, g: odd.fast_and_short(f / "a.mp4"), 4_000),
    "pictures of 2 x 2": (lambda f, g: odd.of_shape(f / "a.mkv", "2x2"), 3_000),
    "pixels 60000 times as high as wide": (
        lambda f, g: make_media(
            f / "a.mp4",
            *("-i", str(g), "-c", "copy"),
            *("-bsf:v", "h264_metadata=sample_aspect_ratio=1/60000"),
        ),
        4_000,
    ),
    "a size that changes": (lambda f, g: odd.changing_size(f, g), 6_487),
    "damage in the middle": (lambda f, g: odd.damaged_inside(f / "a.mp4", g), 4_000),
    "the name of another format": (lambda f, g: copied(g, f / "a.avi"), 4_000),
    "the name of a text": (lambda f, g: copied(g, f / "a.txt"), 4_000),
    "only sound": (
        lambda f, g: make_media(f / "a.m4a", "-i", str(g), "-vn", "-c", "copy"),
        4_000,
    ),
    "no sound": (lambda f, g: make_media(f / "a.mp4", "-i", str(g), "-an", "-c", "copy"), 4_000),
}

REFUSED: dict[str, tuple[Make, str]] = {
    "nothing": (lambda f, g: written(f / "a.mp4", b""), "empty"),
    "only a header": (lambda f, g: written(f / "a.mp4", g.read_bytes()[:32]), "cut off"),
    "a gap of ten years": (
        lambda f, g: odd.shifted(g, f / "a.mkv", lambda t, _: 0 if t < 2 else 10 * YEAR),
        "by its clock, which cannot be right",
    ),
    "no key frame": (
        lambda f, g: odd.shifted(
            g,
            f / "a.mkv",
            lambda t, p: None if p.stream.type == "video" and p.is_keyframe else 0,
        ),
        "a.mkv",
    ),
    "pictures of 256 million pixels": (
        lambda f, g: odd.of_pictures(f / "a.mkv", odd.black_png(f / "a.png", 16_000, 16_000)),
        "more than 40,000,000 pixels",
    ),
    "pictures a million high": (
        lambda f, g: odd.of_pictures(f / "a.mkv", odd.black_png(f / "a.png", 8, 1_000_000)),
        "of no screen",
    ),
    "pictures of 16 x 16000": (lambda f, g: odd.of_shape(f / "a.mkv", "16x16000"), "of no screen"),
    "only captions": (
        lambda f, g: make_media(f / "a.mkv", "-i", str(captions(f))),
        "neither picture nor sound",
    ),
    "only a cover picture": (
        lambda f, g: make_media(
            f / "a.mp4",
            *("-i", str(g), "-frames:v", "1", "-an", "-c:v", "mjpeg"),
            *("-disposition:v", "attached_pic"),
        ),
        "neither picture nor sound",
    ),
    "encryption": (lambda f, g: odd.encrypted(f / "a.mp4", g), "encrypted"),
}


def copied(good: Path, target: Path) -> Path:
    return written(target, good.read_bytes())


def written(target: Path, data: bytes) -> Path:
    target.write_bytes(data)
    return target


def captions(folder: Path) -> Path:
    path = folder / "captions.srt"
    path.write_text("1\n00:00:00,000 --> 00:00:02,000\nHello there.\n")
    return path


@pytest.mark.parametrize("name", CONVERTED)
def test_it_is_converted(
    name: str, tmp_path: Path, good: Path, convert: Convert, tally: Tally
) -> None:
    make, duration_ms = CONVERTED[name]
    outcome = convert(make(tmp_path, good))
    assert outcome.kind == "done" and well_behaved(outcome), outcome
    assert outcome.facts["duration_ms"] == pytest.approx(duration_ms, abs=120)
    assert outcome.facts["segments"] >= 1
    assert outcome.facts["frames"] >= 1 or name == "only sound"
    assert 0 <= outcome.facts["fps"] <= 1000
    tally.survived("odd video")


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_one_line(
    name: str, tmp_path: Path, good: Path, convert: Convert, tally: Tally
) -> None:
    make, said = REFUSED[name]
    outcome = convert(make(tmp_path, good))
    assert outcome.kind == "refused" and well_behaved(outcome), outcome
    assert said in outcome.message, outcome
    tally.survived("odd video")


def test_a_gap_of_ten_hours_is_silence_that_fills_no_memory(
    tmp_path: Path, good: Path, convert: Convert
) -> None:
    gap = odd.shifted(good, tmp_path / "gap.mkv", lambda t, _: 0 if t < 2 else 10 * HOUR)
    outcome = convert(gap)
    assert outcome.facts["sound_s"] == pytest.approx(10 * HOUR + 4, abs=0.2)
    assert outcome.peak_mb < 300, outcome


def test_a_thousand_text_tracks_are_not_all_taken_out(
    tmp_path: Path, good: Path, convert: Convert, tally: Tally
) -> None:
    video = odd.many_tracks(tmp_path / "tracks.mkv", good, captions(tmp_path), 950)
    outcome: Outcome = convert(video)
    assert well_behaved(outcome), outcome
    tally.survived("odd video")


def test_attachments_are_written_nowhere(
    tmp_path: Path, good: Path, convert: Convert, tally: Tally
) -> None:
    font = written(tmp_path / "font.ttf", b"no font")
    video = make_media(
        tmp_path / "attached.mkv",
        *("-i", str(good), "-c", "copy", "-attach", str(font)),
        *("-metadata:s:t", "mimetype=application/x-truetype-font"),
        *("-metadata:s:t", "filename=../../../escaped.ttf"),
    )
    outcome = convert(video)
    assert outcome.kind == "done" and well_behaved(outcome), outcome
    assert not list(tmp_path.parent.parent.glob("**/escaped.ttf"))
    tally.survived("odd video")


def test_a_damaged_middle_is_said(tmp_path: Path, good: Path, convert: Convert) -> None:
    outcome = convert(odd.damaged_inside(tmp_path / "damaged.mp4", good))
    assert any("damaged" in warning for warning in outcome.warnings), outcome


def test_a_wrong_tag_of_the_duration_is_no_reason_to_fail(tmp_path: Path, convert: Convert) -> None:
    path = small_video(tmp_path / "tag.mkv")
    data = path.read_bytes()
    assert b"00:00:04.000" in data
    path.write_bytes(data.replace(b"00:00:04.000", b"next Tuesday"))
    outcome = convert(path)
    assert outcome.kind == "done" and well_behaved(outcome), outcome

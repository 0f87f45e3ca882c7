"""The screen finder on drawn screencasts, whose every state is known, and on odd files."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from pipeline.engine.progress import Silent
from pipeline.errors import MediaError
from pipeline.video.screens import ScreenState, find_states
from tests.bundled import bundled_ffmpeg
from tests.screencast import Scene, Screencast, again, draw, scrolled, slide, typing
from tests.shared import shared

SIZE = (640, 360)
NEAR_MS = 1_500
QUICK = ("-c:v", "libx264", "-preset", "ultrafast")


class Warnings(Silent):
    """Keeps what a person would be warned of."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def warn(self, text: str) -> None:
        self.lines.append(text)


def states_of(
    path: Path, end_ms: int, start_ms: int = 0, progress: Silent | None = None
) -> tuple[tuple[ScreenState, ...], list[tuple[int, Image.Image]]]:
    taken: list[tuple[int, Image.Image]] = []
    found = find_states(
        path, start_ms, end_ms, lambda at_ms, image: taken.append((at_ms, image)), progress
    )
    return found, taken


def assert_same_states(cast: Screencast, found: Sequence[ScreenState]) -> None:
    starts = [(state.start_ms, state.end_ms) for state in found]
    assert len(found) == len(cast.states), starts
    for state, truth in zip(found, cast.states, strict=True):
        assert abs(state.start_ms - truth.start_ms) <= NEAR_MS
        # Taken when nothing was left to come: all the words of the state are on it.
        assert truth.full_ms <= state.at_ms < truth.end_ms
        assert state.same_as == truth.same_as


def scenes() -> list[Scene]:
    rng = random.Random(5)
    lecture = [slide(rng, 14), slide(rng, 9, fade_s=0.8), typing(rng, 20), slide(rng, 6)]
    lecture += scrolled(rng, 8, pages=2)
    return [*lecture, again(lecture, 0, 7)]


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory) -> Screencast:
    return draw(tmp_path_factory.mktemp("cast") / "cast.mp4", scenes(), SIZE, fps=15)


def remade(cast: Screencast, path: Path, *options: str, before: Sequence[str] = ()) -> Path:
    """The same video put through ffmpeg once more."""
    command = [bundled_ffmpeg(), "-y", "-v", "error", *before, "-i", str(cast.path), *options]
    subprocess.run([*command, str(path)], check=True)
    return path


def test_every_state_is_found_once_and_taken_at_its_fullest(cast: Screencast) -> None:
    found, taken = states_of(cast.path, cast.duration_ms)
    assert_same_states(cast, found)
    assert [at_ms for at_ms, _ in taken] == [state.at_ms for state in found]
    assert all(image.size == SIZE for _, image in taken)


def test_states_cover_the_range_without_gaps(cast: Screencast) -> None:
    found, _ = states_of(cast.path, cast.duration_ms)
    edges = [0, *(state.end_ms for state in found)]
    assert [state.start_ms for state in found] == edges[:-1]
    assert edges[-1] == cast.duration_ms


def test_a_picture_that_never_rests_makes_no_states_and_is_noted(tmp_path: Path) -> None:
    rng = random.Random(8)
    lecture = [slide(rng, 14), typing(rng, 16), slide(rng, 14)]
    drawn = draw(tmp_path / "inset.mp4", lecture, SIZE, fps=15, inset=True, key_s=2)
    found, _ = states_of(drawn.path, drawn.duration_ms)
    assert_same_states(drawn, found)
    inset = found[1].inset
    # Drawn 90 pixels square, 24 pixels from the lower right corner.
    assert inset is not None
    assert inset.left * 640 == pytest.approx(640 - 114, abs=24)
    assert inset.bottom * 360 == pytest.approx(360 - 24, abs=24)


def test_a_part_has_only_frames_of_that_part(cast: Screencast) -> None:
    found, _ = states_of(cast.path, end_ms=40_000, start_ms=16_300)
    assert found[0].start_ms == 16_300
    assert found[-1].end_ms == 40_000
    assert all(16_300 <= state.at_ms < 40_000 for state in found)
    assert all(state.start_ms <= state.at_ms < state.end_ms for state in found)


def test_two_runs_give_the_same(cast: Screencast) -> None:
    one, pictures = states_of(cast.path, cast.duration_ms)
    two, again = states_of(cast.path, cast.duration_ms)
    assert one == two
    assert [p.tobytes() for _, p in pictures] == [p.tobytes() for _, p in again]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("-vf", "mpdecimate", "-fps_mode", "vfr"), id="variable frame rate"),
        pytest.param(("-vf", "scale=480:360"), id="4:3"),
        pytest.param(("-g", "600", "-sc_threshold", "0"), id="a key frame every 40 s"),
        pytest.param(("-g", "1"), id="key frames only"),
    ],
)
def test_odd_encodings_have_the_same_states(
    cast: Screencast, tmp_path: Path, options: tuple[str, ...]
) -> None:
    path = remade(cast, tmp_path / "odd.mp4", *options, *QUICK)
    found, _ = states_of(path, cast.duration_ms)
    assert_same_states(cast, found)


def test_times_count_from_the_start_of_a_file_whose_clock_starts_at_7_s(
    cast: Screencast, tmp_path: Path
) -> None:
    path = remade(cast, tmp_path / "late.ts", "-c", "copy", "-output_ts_offset", "7")
    found, _ = states_of(path, cast.duration_ms)
    assert_same_states(cast, found)


def test_a_phone_video_is_taken_upright(cast: Screencast, tmp_path: Path) -> None:
    path = remade(cast, tmp_path / "phone.mp4", "-c", "copy", before=("-display_rotation", "90"))
    found, taken = states_of(path, cast.duration_ms)
    assert len(found) == len(cast.states)
    sideways = states_of(cast.path, cast.duration_ms)[1]
    assert taken[0][1].size == (360, 640)
    # A quarter turn against the clock, as the file says.
    assert taken[0][1].tobytes() == sideways[0][1].transpose(Image.Transpose.ROTATE_90).tobytes()


def test_a_picture_that_moves_all_over_is_one_state(tmp_path: Path) -> None:
    path = tmp_path / "camera.mp4"
    drift = "gradients=size=320x180:rate=10:speed=0.125:seed=7:duration=24"
    _generate(path, f"{drift},noise=alls=20:allf=t:all_seed=7", "-g", "40", "-preset", "ultrafast")
    found, _ = states_of(path, 24_000)
    assert len(found) == 1


def test_a_still_of_an_hour_is_one_frame(tmp_path: Path) -> None:
    path = tmp_path / "still.mp4"
    still = "color=c=0x336699:size=320x180:rate=1:duration=3600"
    _generate(path, still)
    found, _ = states_of(path, 3_600_000)
    assert [(state.start_ms, state.end_ms) for state in found] == [(0, 3_600_000)]


def test_a_black_video_is_one_whole_frame(tmp_path: Path) -> None:
    path = tmp_path / "black.mp4"
    _generate(path, "color=c=black:size=320x180:rate=10:duration=20")
    found, taken = states_of(path, 20_000)
    assert len(found) == 1
    assert taken[0][1].size == (320, 180)


def test_black_borders_are_cut_off(cast: Screencast, tmp_path: Path) -> None:
    path = remade(cast, tmp_path / "bars.mp4", "-vf", "pad=800:360:80:0:black", *QUICK)
    _, taken = states_of(path, cast.duration_ms)
    widths = {image.width for _, image in taken}
    assert all(abs(width - 640) <= 20 for width in widths), widths


def test_the_borders_of_a_phone_video_are_cut_where_they_stand(
    cast: Screencast, tmp_path: Path
) -> None:
    bars = remade(cast, tmp_path / "bars.mp4", "-vf", "pad=800:360:80:0:black", *QUICK)
    path = tmp_path / "phone.mp4"
    turned = Screencast(bars, cast.duration_ms, cast.states)
    remade(turned, path, "-c", "copy", before=("-display_rotation", "90"))
    _, taken = states_of(path, 20_000)
    assert {image.width for _, image in taken} == {360}
    assert all(abs(image.height - 640) <= 20 for _, image in taken)


def test_pictures_have_square_pixels(cast: Screencast, tmp_path: Path) -> None:
    path = remade(cast, tmp_path / "wide.mp4", "-vf", "scale=480:360,setsar=4/3", *QUICK)
    found, taken = states_of(path, 20_000)
    assert len(found) == 2
    assert {image.size for _, image in taken} == {SIZE}


def test_damage_in_the_middle_costs_a_warning_and_no_crash(
    cast: Screencast, tmp_path: Path
) -> None:
    data = bytearray(cast.path.read_bytes())
    rng = random.Random(1)
    middle = len(data) // 2
    for _ in range(400):
        data[middle + rng.randrange(len(data) // 8)] = rng.randrange(256)
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    warnings = Warnings()
    found, _ = states_of(path, cast.duration_ms, progress=warnings)
    assert found
    assert all(state.start_ms <= state.at_ms < state.end_ms for state in found)
    assert any("damaged" in line for line in warnings.lines)


def test_a_sound_recording_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "talk.wav"
    _generate(path, "sine=duration=1")
    with pytest.raises(MediaError, match=r"talk\.wav has no picture track"):
        states_of(path, 1_000)


def test_the_mini_lecture_shows_its_ten_screens() -> None:
    path = shared("media/bpe-mini-lecture/bpe-mini-lecture.mp4")
    found, _ = states_of(path, 202_775)
    starts = [0, 17_369, 44_489, 63_908, 82_762, 107_055, 125_000, 133_700, 151_500, 181_368]
    assert [round(s.start_ms / 1000) for s in found] == pytest.approx(
        [start / 1000 for start in starts], abs=1.5
    )
    # The three steps come back after the coding part; nothing else does.
    assert [state.same_as for state in found] == [None] * 6 + [2] + [None] * 3


def test_the_time_of_a_frame_is_exact() -> None:
    from pipeline.video.ocr.recognition import read_text

    path = shared("media/lectures/auto-editor-timecode-burnin.mp4")
    found, taken = states_of(path, 42_400)
    for at_ms, image in taken:
        # Burnt in as hours:minutes:seconds:frames at 30 per second, starting at one hour.
        frames = round(at_ms * 30 / 1000)
        corner = image.crop((image.width // 2, image.height * 3 // 4, image.width, image.height))
        assert f"01:00:{frames // 30:02d}:{frames % 30:02d}" in read_text(corner).text
    assert found


def _generate(path: Path, source: str, *options: str) -> None:
    command = [
        bundled_ffmpeg(),
        "-y",
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        source,
        *options,
        str(path),
    ]
    subprocess.run(command, check=True)

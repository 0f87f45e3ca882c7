"""Containers, clocks and shapes of pictures: what each file is, and what is heard of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.settings.download import DownloadSettings
from pipeline.sources.fetch import DownloadFolders, fetch
from pipeline.video.audio import pcm_blocks
from pipeline.video.probe import probe
from tests.conftest import make_media
from tests.recording import RecordingProgress

H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")


def drawn(
    target: Path, *codecs: str, size: str = "160x120", rate: str = "10", length_s: int = 4
) -> Path:
    """A test picture and a tone."""
    return make_media(
        target,
        *("-f", "lavfi", "-i", f"testsrc=size={size}:rate={rate}:duration={length_s}"),
        *("-f", "lavfi", "-i", f"sine=frequency=440:sample_rate=44100:duration={length_s}"),
        *(codecs or H264),
    )


@dataclass(frozen=True)
class Right:
    """What a file is, within 120 ms."""

    duration_ms: int = 4000
    size: tuple[int, int] = (160, 120)
    fps: float = 10.0
    fps_within: float = 0.01


def cover(folder: Path, first: bool) -> Path:
    picture = make_media(
        folder / "cover.png", "-f", "lavfi", "-i", "color=red:s=64x64:d=1", "-frames:v", "1"
    )
    video = drawn(folder / "talk.mp4")
    maps = ("-map", "1", "-map", "0") if first else ("-map", "0", "-map", "1")
    place = "0" if first else "1"
    return make_media(
        folder / "covered.mp4",
        *("-i", str(video), "-i", str(picture), *maps, "-c", "copy"),
        *(f"-disposition:v:{place}", "attached_pic"),
    )


def attached(folder: Path) -> Path:
    font = folder / "font.ttf"
    font.write_bytes(bytes(100))
    return make_media(
        folder / "attached.mkv",
        *("-i", str(drawn(folder / "talk.mp4")), "-c", "copy", "-attach", str(font)),
        *("-metadata:s:t", "mimetype=application/x-truetype-font"),
    )


def changing_rate(folder: Path) -> Path:
    return make_media(
        folder / "vfr.mp4",
        *("-f", "lavfi", "-i"),
        "testsrc=size=160x120:rate=30:duration=4,select='if(lt(t,2),not(mod(n,10)),1)'",
        *("-f", "lavfi", "-i", "sine=duration=4", "-fps_mode", "vfr", *H264),
    )


def half_a_day(folder: Path) -> Path:
    minute = drawn(folder / "minute.mkv", rate="1", length_s=60)
    return make_media(
        folder / "long.mkv", "-stream_loop", "719", "-i", str(minute), "-an", "-c", "copy"
    )


FILES: dict[str, tuple[Callable[[Path], Path], Right]] = {
    "avi": (lambda f: drawn(f / "a.avi", "-c:v", "mpeg4", "-c:a", "mp3"), Right()),
    "wmv": (lambda f: drawn(f / "a.wmv", "-c:v", "wmv2", "-c:a", "wmav2"), Right(fps_within=0.6)),
    "flv": (lambda f: drawn(f / "a.flv"), Right()),
    "webm": (lambda f: drawn(f / "a.webm", "-c:v", "libvpx", "-c:a", "libopus"), Right()),
    "mpeg": (
        lambda f: drawn(f / "a.mpg", "-c:v", "mpeg1video", "-c:a", "mp2", rate="25"),
        Right(fps=25.0),
    ),
    "mov with a track of timecode": (
        lambda f: drawn(f / "a.mov", *H264, "-timecode", "10:00:00:00"),
        Right(),
    ),
    "fragments with their beginning": (
        lambda f: drawn(f / "a.mp4", *H264, "-movflags", "frag_keyframe+empty_moov"),
        Right(fps_within=0.1),
    ),
    "a cover before the picture": (lambda f: cover(f, first=True), Right()),
    "a cover behind the picture": (lambda f: cover(f, first=False), Right()),
    "an attachment": (attached, Right()),
    "23.976": (lambda f: drawn(f / "a.mp4", rate="24000/1001"), Right(fps=23.976)),
    "29.97": (lambda f: drawn(f / "a.mp4", rate="30000/1001"), Right(fps=29.97)),
    "59.94": (lambda f: drawn(f / "a.mp4", rate="60000/1001"), Right(fps=59.94)),
    "a rate that changes": (changing_rate, Right(fps=16.5)),
    "640 x 360": (lambda f: drawn(f / "a.mp4", size="640x360"), Right(size=(640, 360))),
    "4K": (
        lambda f: drawn(f / "a.mp4", size="3840x2160", rate="2", length_s=2),
        Right(2000, (3840, 2160), 2.0),
    ),
    "vertical": (
        lambda f: drawn(f / "a.mp4", size="1080x1920", rate="2", length_s=2),
        Right(2000, (1080, 1920), 2.0),
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_picture_and_sound_are_found_and_on_one_clock(name: str, tmp_path: Path) -> None:
    make, right = FILES[name]
    path = make(tmp_path)
    found = probe(path)
    assert found.duration_ms == pytest.approx(right.duration_ms, abs=120)
    assert (found.width, found.height) == right.size
    assert found.fps == pytest.approx(right.fps, abs=right.fps_within)
    heard = sum(len(block) for block in pcm_blocks(path, 0, found.duration_ms)) / 16
    assert heard == pytest.approx(right.duration_ms, abs=120)


def test_a_recording_of_half_a_day_is_measured_from_its_end(tmp_path: Path) -> None:
    found = probe(half_a_day(tmp_path))
    assert found.duration_ms == pytest.approx(12 * 3_600_000, rel=0.002)


def test_pieces_of_a_stream_without_their_beginning_are_known_for_it(tmp_path: Path) -> None:
    drawn(
        tmp_path / "talk.mpd",
        *H264,
        *("-f", "dash", "-init_seg_name", "init$RepresentationID$.m4s"),
        *("-media_seg_name", "piece$RepresentationID$.m4s", "-seg_duration", "9"),
    )
    pieces = (tmp_path / "piece0.m4s").read_bytes()
    alone = tmp_path / "pieces.mp4"
    alone.write_bytes(pieces)
    with pytest.raises(SourceError, match=r"initialization segment.*is missing") as error:
        probe(alone)
    assert "manifest" in error.value.hint
    alone.write_bytes((tmp_path / "init0.m4s").read_bytes() + pieces)
    assert probe(alone).duration_ms == pytest.approx(4000, abs=120)


@pytest.mark.parametrize("starts_s", [(0, 0), (100, 0), (0, 100)], ids=["again", "back", "ahead"])
def test_a_transport_stream_whose_clock_jumps_is_put_on_one(
    starts_s: tuple[int, ...], tmp_path: Path
) -> None:
    pieces = [
        drawn(tmp_path / f"{number}.ts", *H264, "-output_ts_offset", str(start))
        for number, start in enumerate(starts_s)
    ]
    joined = tmp_path / "talk.ts"
    joined.write_bytes(b"".join(piece.read_bytes() for piece in pieces))
    progress = RecordingProgress()
    place = DownloadFolders(tmp_path / "out", tmp_path / "out" / "work")
    place.folder.mkdir()
    video = fetch(str(joined), "id", place, DownloadSettings(), progress)
    assert video.duration_ms == pytest.approx(8000, abs=200)
    heard = sum(len(block) for block in pcm_blocks(place.folder / video.path)) / 16
    assert heard == pytest.approx(8000, abs=200)
    assert any("continuous timestamps" in warning for warning in progress.warnings)
    assert joined.is_file()


def test_of_many_text_tracks_the_whole_ones_are_taken_once_a_language(tmp_path: Path) -> None:
    texts = []
    for number in range(5):
        text = tmp_path / f"{number}.srt"
        text.write_text(f"1\n00:00:00,500 --> 00:00:03,000\nTrack {number}.\n")
        texts.append(text)
    inputs = [word for text in texts for word in ("-i", str(text))]
    maps = [word for number in range(1, 6) for word in ("-map", str(number))]
    said = (
        ("0", "language=eng", "forced"),
        ("1", "language=eng", "hearing_impaired"),
        ("2", "language=eng", "0"),
        ("3", "language=ger", "0"),
        ("4", "language=ger", "comment"),
    )
    path = make_media(
        tmp_path / "many.mkv",
        *("-i", str(drawn(tmp_path / "talk.mp4")), *inputs, "-map", "0", *maps, "-c", "copy"),
        *("-c:s", "srt"),
        *(word for n, language, _ in said for word in (f"-metadata:s:s:{n}", language)),
        *(word for n, _, kind in said for word in (f"-disposition:s:{n}", kind)),
    )
    progress = RecordingProgress()
    place = DownloadFolders(tmp_path / "out", tmp_path / "out" / "work")
    place.folder.mkdir()
    video = fetch(str(path), "id", place, DownloadSettings(), progress)
    texts_of = {track.language: (place.folder / track.path).read_text() for track in video.captions}
    assert set(texts_of) == {"en", "de"}
    assert "Track 2." in texts_of["en"]
    assert "Track 3." in texts_of["de"]
    assert any("1 (partial), 5 (partial)" in note for note in progress.notes)

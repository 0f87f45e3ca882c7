"""What is in a media file, told from its packets where its header is silent or wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.video.container_tags import TextTrack
from pipeline.video.metadata import VideoMetadata
from pipeline.video.probe import probe
from tests.conftest import make_media
from tests.shared import shared


def remux(video: Path, target: Path, *arguments: str) -> Path:
    return make_media(target, "-i", str(video), "-c", "copy", *arguments)


def cut(file: Path, share: float) -> Path:
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])
    return file


def test_an_ordinary_video(tiny_video: Path) -> None:
    found = probe(tiny_video)
    assert (found.duration_ms, found.start_ms) == (8000, 0)
    assert (found.width, found.height, found.fps, found.rotation) == (160, 120, 10.0, 0)
    assert found.has_audio
    assert (found.details, found.subtitles) == (VideoMetadata(), ())


def test_a_recording_of_a_browser_has_no_duration_in_its_header(
    tiny_video: Path, tmp_path: Path
) -> None:
    video = make_media(
        tmp_path / "recorded.webm",
        *("-i", str(tiny_video), "-c:v", "libvpx", "-c:a", "libopus"),
        *("-f", "webm", "-live", "1"),
    )
    assert probe(video).duration_ms == pytest.approx(8000, abs=30)


@pytest.mark.parametrize("name", ["late.mkv", "late.mp4", "late.ts"])
def test_timestamps_that_begin_at_seven_seconds(
    name: str, tiny_video: Path, tmp_path: Path
) -> None:
    found = probe(remux(tiny_video, tmp_path / name, "-output_ts_offset", "7"))
    assert found.duration_ms == pytest.approx(8000, abs=70)
    assert found.start_ms >= 6900


def test_a_variable_frame_rate(tmp_path: Path) -> None:
    video = make_media(
        tmp_path / "vfr.mp4",
        *("-f", "lavfi", "-i", "testsrc=size=160x120:rate=10:duration=8"),
        *("-vf", "select='if(lt(t,4),1,not(mod(n,5)))'", "-fps_mode", "vfr", "-c:v", "libx264"),
    )
    found = probe(video)
    assert found.duration_ms == pytest.approx(8000, abs=500)
    assert 5 < found.fps < 8
    assert not found.has_audio


def test_sound_that_begins_later_than_the_picture(tiny_video: Path, tmp_path: Path) -> None:
    video = make_media(
        tmp_path / "late-sound.mp4",
        *("-i", str(tiny_video), "-itsoffset", "3", "-i", str(tiny_video)),
        *("-map", "0:v", "-map", "1:a", "-c", "copy"),
    )
    assert probe(video).duration_ms == pytest.approx(11_000, abs=10)


def test_a_picture_that_is_to_be_turned(tiny_video: Path, tmp_path: Path) -> None:
    video = make_media(
        tmp_path / "phone.mp4", "-display_rotation", "90", "-i", str(tiny_video), "-c", "copy"
    )
    found = probe(video)
    assert (found.width, found.height, found.rotation) == (120, 160, 270)


@pytest.mark.parametrize("title", ["output_final.MP4", "Untitled", "untitled 2"])
def test_the_name_of_a_file_is_no_title(tiny_video: Path, tmp_path: Path, title: str) -> None:
    named = remux(tiny_video, tmp_path / "named.mp4", "-metadata", f"title={title}")
    assert probe(named).details.title is None


def test_title_page_and_chapters_inside_the_file(tiny_video: Path, tmp_path: Path) -> None:
    marks = tmp_path / "marks.txt"
    marks.write_text(
        ";FFMETADATA1\ntitle=A talk\nartist=Somebody\ndate=20240220\n"
        "comment=https://vimeo.com/76979871\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=3000\ntitle=First\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=3000\nEND=8000\ntitle=Second\n"
    )
    video = remux(tiny_video, tmp_path / "marked.mp4", "-i", str(marks), "-map_metadata", "1")
    found = probe(video).details
    assert found.title == "A talk"
    assert found.url == "https://vimeo.com/76979871"
    assert (found.uploader, found.upload_date) == ("Somebody", "2024-02-20")
    assert [(c.start_ms, c.title) for c in found.chapters] == [(0, "First"), (3000, "Second")]


def test_a_remark_is_no_address(tiny_video: Path, tmp_path: Path) -> None:
    remark = "comment=see https://example.org/ for more"
    video = remux(tiny_video, tmp_path / "remark.mp4", "-metadata", remark)
    assert probe(video).details == VideoMetadata()


def test_a_sound_recording_has_no_picture_even_with_a_cover(
    tiny_video: Path, tmp_path: Path
) -> None:
    sound = make_media(tmp_path / "talk.mp3", "-i", str(tiny_video), "-vn")
    cover = make_media(tmp_path / "cover.png", "-i", str(tiny_video), "-frames:v", "1")
    both = make_media(
        tmp_path / "covered.mp3",
        *("-i", str(sound), "-i", str(cover), "-map", "0", "-map", "1", "-c", "copy"),
        *("-disposition:v", "attached_pic"),
    )
    for file in (sound, both):
        found = probe(file)
        assert (found.width, found.height, found.fps) == (0, 0, 0.0)
        assert found.has_audio
        assert found.duration_ms == pytest.approx(8000, abs=150)


@pytest.mark.parametrize("name", ["half.mp4", "half.mkv", "half.webm"])
def test_a_file_that_was_cut_off(name: str, tiny_video: Path, tmp_path: Path) -> None:
    if name.endswith("webm"):
        codecs = ["-c:v", "libvpx", "-c:a", "libopus"]
    else:
        codecs = ["-c", "copy", *(["-movflags", "+faststart"] if name.endswith("mp4") else [])]
    video = cut(make_media(tmp_path / name, "-i", str(tiny_video), *codecs), 0.55)
    with pytest.raises(SourceError, match=r"cut off: it should last 0:08 and ends at 0:0[3-5]"):
        probe(video)


def test_a_recording_that_was_never_ended(tiny_video: Path, tmp_path: Path) -> None:
    video = cut(remux(tiny_video, tmp_path / "crashed.mp4"), 0.55)
    with pytest.raises(SourceError, match="moov atom"):
        probe(video)


def test_a_text_track_that_outlasts_the_picture_is_no_damage(
    tiny_video: Path, tmp_path: Path
) -> None:
    captions = tmp_path / "long.vtt"
    captions.write_text("WEBVTT\n\n00:00.000 --> 00:30.000\nHello there.\n")
    for name, codec in (("a.mkv", "srt"), ("a.mp4", "mov_text")):
        video = make_media(
            tmp_path / name,
            *("-i", str(tiny_video), "-i", str(captions), "-map", "0", "-map", "1"),
            *("-c", "copy", "-c:s", codec, "-metadata:s:s:0", "language=ger"),
        )
        found = probe(video)
        assert found.duration_ms == pytest.approx(8000, abs=70)
        assert found.subtitles == (TextTrack("de"),)


def test_what_is_not_a_video_is_said(tiny_video: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.mp4"
    page.write_text("<html>Sorry, this video has moved</html>\n" * 50)
    with pytest.raises(SourceError, match="is not a video"):
        probe(page)
    picture = make_media(tmp_path / "a.png", "-i", str(tiny_video), "-frames:v", "1")
    with pytest.raises(SourceError, match="not a video but a picture"):
        probe(picture)
    captions = tmp_path / "a.vtt"
    captions.write_text("WEBVTT\n\n00:00.000 --> 00:30.000\nHello there.\n")
    with pytest.raises(SourceError, match="not a video but a text"):
        probe(captions)


@pytest.mark.parametrize(
    ("name", "duration_ms", "size"),
    [
        ("bpe-mini-lecture/bpe-mini-lecture.mp4", 202_776, (1280, 720)),
        ("karpathy-tokenizer/zduSFxRajkE.mp4", 8_015_000, (1280, 720)),
        ("lectures/boneh-crypto1-stream-ciphers.mp4", 145_536, (480, 270)),
        ("lectures/okayatay-ruby-gem-terminal-screencast.mp4", 111_640, (1920, 930)),
    ],
)
def test_real_lectures(name: str, duration_ms: int, size: tuple[int, int]) -> None:
    found = probe(shared(f"media/{name}"))
    assert found.duration_ms == pytest.approx(duration_ms, abs=20)
    assert (found.width, found.height) == size
    assert found.has_audio

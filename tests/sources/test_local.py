"""A local video: taken where it lies, with what lies beside it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.errors import SourceError, UsageError
from pipeline.models import ChapterMark, Video
from pipeline.settings.download import DownloadSettings
from pipeline.sources.fetch import DownloadFolders, fetch
from pipeline.sources.fetched import title_of_name
from pipeline.sources.local import caption_sidecars, sidecar_hashes, with_sidecars
from pipeline.sources.time_range import TimeRange
from tests.conftest import make_media
from tests.recording import RecordingProgress
from tests.shared import shared

CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\nHello, there.\n"

HUMAN = "WEBVTT\n\n" + "".join(
    f"00:{n:02d}.000 --> 00:{n + 1:02d}.000\nWell, this is sentence number {n}.\n\n"
    for n in range(30)
)
AUTO = HUMAN.replace("Well, this", "well this").replace(".\n\n", "\n\n")


@pytest.fixture
def talk(tiny_video: Path, tmp_path: Path) -> Path:
    """A copy of the tiny video with nothing beside it."""
    folder = tmp_path / "mine"
    folder.mkdir()
    return Path(shutil.copy(tiny_video, folder / "talk.mp4"))


def take(video: Path, tmp_path: Path, part: TimeRange | None = None, **settings: object) -> Video:
    place = DownloadFolders(tmp_path / "out", tmp_path / "out" / "work")
    chosen = DownloadSettings.model_validate(settings)
    return fetch(str(video), "id", place, chosen, RecordingProgress(), part or TimeRange())


def test_a_video_alone(talk: Path, tmp_path: Path) -> None:
    video = take(talk, tmp_path)
    assert (video.title, video.url, video.language) == ("Talk", None, None)
    assert (video.duration_ms, video.start_ms, video.end_ms) == (8000, 0, 8000)
    assert (video.chapters, video.captions) == ((), ())


def test_it_is_linked_copied_or_left_in_place(talk: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "video.mp4"
    assert take(talk, tmp_path).path == "video.mp4"
    assert out.samefile(talk)
    assert take(talk, tmp_path, local_file="copy").path == "video.mp4"
    assert not out.samefile(talk)
    assert out.read_bytes() == talk.read_bytes()
    assert take(talk, tmp_path, local_file="reference").path == str(talk)


def test_taking_it_again_changes_nothing(talk: Path, tmp_path: Path) -> None:
    assert take(talk, tmp_path) == take(talk, tmp_path)
    assert (tmp_path / "out" / "video.mp4").stat().st_nlink == 2


def test_its_description_in_the_form_of_yt_dlp(talk: Path, tmp_path: Path) -> None:
    info = {
        "title": "A talk",
        "webpage_url": "https://www.youtube.com/watch?v=zduSFxRajkE",
        "uploader": "Somebody",
        "upload_date": "20240220",
        "language": "en",
        "chapters": [{"start_time": 0, "title": "One"}, {"start_time": 99, "title": "Beyond"}],
    }
    talk.with_name("talk.info.json").write_text(json.dumps(info))
    video = take(talk, tmp_path)
    assert (video.title, video.uploader, video.upload_date) == ("A talk", "Somebody", "2024-02-20")
    assert video.url == "https://www.youtube.com/watch?v=zduSFxRajkE"
    assert video.chapters == (ChapterMark(start_ms=0, title="One"),)


def test_what_the_file_says_of_itself_fills_the_gaps(talk: Path, tmp_path: Path) -> None:
    tagged = make_media(
        talk.with_name("tagged.mp4"),
        *("-i", str(talk), "-c", "copy", "-metadata", "title=Inside", "-metadata", "artist=Me"),
    )
    tagged.with_name("tagged.info.json").write_text(json.dumps({"title": "Beside"}))
    video = take(tagged, tmp_path)
    assert (video.title, video.uploader) == ("Beside", "Me")


def test_its_own_chapter_list_goes_before_that_of_the_site(talk: Path, tmp_path: Path) -> None:
    site = {"title": "Site", "chapters": [{"start_time": 0, "title": "Site's"}]}
    own = {"title": "Own", "chapters": [{"start_ms": 1500, "title": "Own"}]}
    talk.with_name("talk.info.json").write_text(json.dumps(site))
    talk.with_name("talk.chapters.json").write_text(json.dumps(own))
    video = take(talk, tmp_path)
    assert video.title == "Site"
    assert video.chapters == (ChapterMark(start_ms=1500, title="Own"),)


def test_its_captions_are_copied_under_names_that_say_what_they_are(
    talk: Path, tmp_path: Path
) -> None:
    talk.with_name("talk.en.vtt").write_text(CAPTIONS)
    talk.with_name("talk.de-orig.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nhallo\n")
    video = take(talk, tmp_path)
    assert [(c.path, c.language, c.kind) for c in video.captions] == [
        ("captions.en.vtt", "en", "human"),
        ("captions.de.auto.srt", "de", "auto"),
    ]
    assert (tmp_path / "out" / "captions.en.vtt").read_text() == CAPTIONS
    assert video.language == "en"


def test_captions_inside_it_are_taken_out_when_none_lie_beside_it(
    talk: Path, tmp_path: Path
) -> None:
    captions = tmp_path / "captions.vtt"
    captions.write_text(CAPTIONS)
    video = make_media(
        tmp_path / "with.mkv",
        *("-i", str(talk), "-i", str(captions), "-map", "0", "-map", "1", "-c", "copy"),
        *("-c:s", "srt", "-metadata:s:s:0", "language=eng"),
    )
    found = take(video, tmp_path)
    assert [(c.path, c.language, c.kind) for c in found.captions] == [
        ("captions.en.vtt", "en", "human")
    ]
    assert "Hello, there." in (tmp_path / "out" / "captions.en.vtt").read_text()


def test_without_a_title_the_files_name_is_one() -> None:
    assert title_of_name("names-for-stuff") == "Names for stuff"
    assert title_of_name("week_3__part-2") == "Week 3 part 2"
    assert title_of_name("AST101 - names-for-stuff") == "AST101 - names-for-stuff"
    assert title_of_name("data301-talk") == "data301 talk"
    assert title_of_name("---") == "---"


def test_a_silent_video_needs_captions(talk: Path, tmp_path: Path) -> None:
    mute = make_media(talk.with_name("mute.mp4"), "-i", str(talk), "-an", "-c", "copy")
    with pytest.raises(SourceError, match="neither sound nor captions"):
        take(mute, tmp_path)
    mute.with_name("mute.vtt").write_text(CAPTIONS)
    assert not take(mute, tmp_path).has_audio


def test_a_sound_recording_is_accepted(talk: Path, tmp_path: Path) -> None:
    sound = make_media(talk.with_name("talk.m4a"), "-i", str(talk), "-vn", "-c", "copy")
    video = take(sound, tmp_path)
    assert (video.path, video.width, video.fps, video.has_audio) == ("video.m4a", 0, 0.0, True)


def test_a_part_is_checked_against_the_real_end(talk: Path, tmp_path: Path) -> None:
    video = take(talk, tmp_path, TimeRange(2000, 5000))
    assert (video.start_ms, video.end_ms, video.duration_ms) == (2000, 5000, 8000)
    with pytest.raises(UsageError, match="beyond the end of the video at 0:08"):
        take(talk, tmp_path, TimeRange(2000, 50_000))


def test_the_files_beside_it_are_watched(talk: Path) -> None:
    assert sidecar_hashes(str(talk)) == {}
    captions = talk.with_name("talk.en.vtt")
    captions.write_text(CAPTIONS)
    before = sidecar_hashes(str(talk))
    assert list(before) == ["file talk.en.vtt"]
    captions.write_text(CAPTIONS + "\n")
    assert sidecar_hashes(str(talk)) != before
    assert sidecar_hashes("https://example.org/talk.mp4") == {}
    assert sidecar_hashes(str(talk.with_name("gone.mp4"))) == {}


def test_every_shared_lecture(tmp_path: Path) -> None:
    lectures = sorted(shared("media").glob("*/*.mp4"))
    assert lectures
    for lecture in lectures:
        video = take(lecture, tmp_path)
        assert video.width and video.fps and video.has_audio
        assert len(video.captions) == len(list(lecture.parent.glob(f"{lecture.stem}.*.vtt")))
        assert all(chapter.start_ms < video.duration_ms for chapter in video.chapters)


def test_the_tokenizer_lecture_is_told_from_its_description() -> None:
    lecture = shared("media/karpathy-tokenizer/zduSFxRajkE.mp4")
    found = with_sidecars(lecture, DownloadSettings())
    assert found.details.url == "https://www.youtube.com/watch?v=zduSFxRajkE"
    assert found.details.upload_date == "2024-02-20"
    assert len(found.details.chapters) == 25
    assert [(c.language, c.kind) for c in found.captions] == [("en", "auto")]


def beside(folder: Path, *names: str) -> Path:
    video = folder / "talk.mp4"
    video.write_bytes(b"x")
    for name in names:
        (folder / name).write_text(HUMAN)
    return video


def found(video: Path, wanted: str | None = None) -> list[tuple[str, str | None, str]]:
    return [(s.path.name, s.language, s.kind) for s in caption_sidecars(video, wanted)]


def test_captions_with_and_without_a_language(tmp_path: Path) -> None:
    video = beside(tmp_path, "talk.vtt", "talk.en.srt", "talk.pt-BR.sbv", "talk.ger.vtt")
    assert found(video) == [
        ("talk.vtt", None, "human"),
        ("talk.ger.vtt", "de", "human"),
        ("talk.en.srt", "en", "human"),
        ("talk.pt-BR.sbv", "pt-BR", "human"),
    ]


def test_files_of_other_videos_and_chats_are_not_captions_of_this_one(tmp_path: Path) -> None:
    video = beside(tmp_path, "talk-2.en.vtt", "talk2.vtt", "talk.live_chat.vtt", "talk.txt")
    assert found(video) == []


def test_webvtt_is_taken_where_one_language_has_several_files(tmp_path: Path) -> None:
    video = beside(tmp_path, "talk.en.srt", "talk.en.sbv", "talk.en.vtt")
    assert found(video) == [("talk.en.vtt", "en", "human")]


def test_the_wanted_language_and_human_captions_come_first(tmp_path: Path) -> None:
    video = beside(tmp_path, "talk.de.vtt", "talk.en.vtt", "talk.fr.vtt")
    (tmp_path / "talk.fr.vtt").write_text(AUTO)
    assert [name for name, *_ in found(video, "en-US")] == [
        "talk.en.vtt",
        "talk.de.vtt",
        "talk.fr.vtt",
    ]
    assert found(video, "fr")[-1] == ("talk.fr.vtt", "fr", "auto")


def test_a_language_with_only_automatic_captions_is_automatic_whatever_it_looks_like(
    tmp_path: Path,
) -> None:
    video = beside(tmp_path, "talk.en.vtt", "talk.de-orig.vtt")
    kinds = {s.language: s.kind for s in caption_sidecars(video, auto_languages=("en",))}
    assert kinds == {"en": "auto", "de": "auto"}


def test_captions_in_utf16_are_judged_by_their_text(tmp_path: Path) -> None:
    video = beside(tmp_path)
    (tmp_path / "talk.en.srt").write_bytes(HUMAN.encode("utf-16-le"))
    (tmp_path / "talk.de.srt").write_bytes(AUTO.encode("utf-16"))
    assert found(video) == [("talk.en.srt", "en", "human"), ("talk.de.srt", "de", "auto")]


def test_hi_is_hindi_where_the_text_is_and_hearing_impaired_elsewhere(tmp_path: Path) -> None:
    video = beside(tmp_path, "talk.hi.srt")
    assert found(video) == [("talk.hi.srt", None, "human")]
    (tmp_path / "talk.hi.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nयह सरल है।\n")
    assert found(video) == [("talk.hi.srt", "hi", "human")]

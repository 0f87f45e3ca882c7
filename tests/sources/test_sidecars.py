"""Caption files beside a video: which belong to it, and who made them."""

from __future__ import annotations

from pathlib import Path

from pipeline.sources.sidecars import caption_sidecars

HUMAN = "WEBVTT\n\n" + "".join(
    f"00:{n:02d}.000 --> 00:{n + 1:02d}.000\nWell, this is sentence number {n}.\n\n"
    for n in range(30)
)
AUTO = HUMAN.replace("Well, this", "well this").replace(".\n\n", "\n\n")


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

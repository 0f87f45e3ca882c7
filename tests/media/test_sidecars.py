"""Caption files beside a video: which belong to it, and who made them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.media.sidecars import caption_sidecars, looks_automatic
from tests.shared import shared

HUMAN = "WEBVTT\n\n" + "".join(
    f"00:{n:02d}.000 --> 00:{n + 1:02d}.000\nWell, this is sentence number {n}.\n\n"
    for n in range(30)
)
AUTO = HUMAN.replace("Well, this", "well this").replace(".\n\n", "\n\n")
ROLLING = "WEBVTT\n\n00:00.000 --> 00:02.000\nhi<00:00:00.500><c> there.</c>\n"
CHINESE = "WEBVTT\n\n00:00.000 --> 00:02.000\n" + "今天 我们 来 讲 分词\n" * 40


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


@pytest.mark.parametrize(("text", "automatic"), [(HUMAN, False), (AUTO, True), (ROLLING, True)])
def test_punctuation_and_times_within_lines_tell_who_made_them(text: str, automatic: bool) -> None:
    assert looks_automatic(text) is automatic


def test_too_little_text_and_scripts_without_punctuation_are_not_judged() -> None:
    assert not looks_automatic("WEBVTT\n\n00:00.000 --> 00:01.000\nhello there\n")
    assert not looks_automatic(CHINESE)


def test_markup_numbers_and_times_are_no_punctuation() -> None:
    text = "".join(
        f"{n}\n00:00:{n:02d},000 --> 00:00:{n + 1:02d},500\n[Music] it is 3.5 or 1,024 >> words\n\n"
        for n in range(40)
    )
    assert looks_automatic(text)


@pytest.mark.parametrize(
    ("name", "automatic"),
    [
        ("karpathy-tokenizer/zduSFxRajkE.en.vtt", True),
        ("captions/lecture-four-youtube-auto-captions.full-lecture.srt", True),
        ("captions/missing-semester-2020-shell-tools.sbv", False),
        ("captions/boneh-crypto1-stream-ciphers.full-lecture.vtt", False),
        ("bpe-mini-lecture/bpe-mini-lecture.en.vtt", False),
    ],
)
def test_real_captions(name: str, automatic: bool) -> None:
    assert looks_automatic(shared(f"media/{name}").read_text("utf-8")) is automatic

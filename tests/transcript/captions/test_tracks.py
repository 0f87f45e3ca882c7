"""A caption track of a video: what is read of it, and what is said about the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.engine.progress import Remembering, Silent
from pipeline.models import CaptionTrack, Cue, Video, Word
from pipeline.transcript.captions.tracks import TrackText, looks_automatic, on_clock, read_track
from tests.shared import shared

TRACK = CaptionTrack(path="talk.srt", language=None, kind="human")

HOUR = 3_600_000


def video(duration_ms: int = 30_000, language: str | None = "en") -> Video:
    return Video(
        video_id="v", title="Talk", url=None, path="v.mp4", duration_ms=duration_ms, width=0,
        height=0, fps=0, has_audio=True, language=language, sha256="", start_ms=0,
        end_ms=duration_ms,
    )  # fmt: skip


def read(folder: Path, data: bytes, of: Video | None = None) -> tuple[TrackText | None, str]:
    path = folder / "talk.srt"
    path.write_bytes(data)
    progress = Remembering(Silent())
    return read_track(path, TRACK, of or video(), progress), "\n".join(progress.warnings)


def test_a_good_track_is_read_without_a_word(tmp_path: Path) -> None:
    text, warnings = read(tmp_path, b"1\n00:00:01,000 --> 00:00:04,000\nHello.\n")
    assert text is not None
    assert (text.cues[0].text, text.language, warnings) == ("Hello.", "en", "")


def test_captions_from_ten_hours_are_shifted_with_a_warning(tmp_path: Path) -> None:
    text, warnings = read(tmp_path, b"1\n10:00:01,000 --> 10:00:04,000\nHello.\n")
    assert text is not None
    assert text.cues[0].start_ms == 1000
    assert "talk.srt: its times begin at 10:00:01, after the video's end; 10:00:00 is" in warnings


@pytest.mark.parametrize(
    ("data", "warning"),
    [
        ("1\n00:00:01,000 --> 00:00:04,000\nA.\n\n2\n00:01:xx --> 00:02\nB.\n",
         "1 captions without a readable time are left out, the first on line 6"),
        ("1\n00:00:01,000 --> 00:00:04,000\nA.\n\n2\n00:01:05,000 --> 00:01:07,000\nB.\n",
         "1 captions lie after the video's end and are left out, the first at 1:05"),
        ("WEBVTT\n\n00:01.000 --> 00:04.000\nA.\n\nWEBVTT\n\n00:00.000 --> 00:03.000\nB.\n",
         "it is joined from 2 segments whose times begin again"),
        ("1\n00:00:01,000 --> 00:00:04,000\nA. [inaudible] B.\n",
         "1 passages are marked inaudible in it, the first at 0:01"),
        ("1\n00:00:01,000 --> 00:00:04,000\nCaf\xe9.\n", "its encoding is not sure"),
    ],
    ids=["unreadable", "outside", "joined", "inaudible", "encoding"],
)  # fmt: skip
def test_what_is_lost_or_doubtful_is_counted_in_one_warning(
    tmp_path: Path, data: str, warning: str
) -> None:
    text, warnings = read(tmp_path, data.encode("latin-1"))
    assert text is not None
    assert warning in warnings
    assert len(warnings.splitlines()) == 1


def test_captions_that_end_long_before_the_video_are_told(tmp_path: Path) -> None:
    data = b"1\n00:00:01,000 --> 00:00:04,000\nA.\n\n2\n00:10:00,000 --> 00:10:04,000\nB.\n"
    _, warnings = read(tmp_path, data, video(20 * 60_000))
    assert "no captions from 0:02 to 10:00 (and 1 more such stretches)" in warnings
    _, warnings = read(tmp_path, data, video(12 * 60_000))
    assert "more such" not in warnings


def test_the_language_of_the_video_helps_with_the_encoding(tmp_path: Path) -> None:
    data = "1\n00:00:01,000 --> 00:00:04,000\nĐây là một câu.\n".encode("cp1258", "ignore")
    text, _ = read(tmp_path, data, video(language="vi"))
    assert text is not None
    assert text.cues[0].text == data.decode("cp1258").splitlines()[2]


@pytest.mark.parametrize("data", [b"These are notes.\n", b"1\n00:00:01,000 --> 00:00:04,000\n\n"])
def test_a_track_without_speech_is_no_use_and_that_is_said(tmp_path: Path, data: bytes) -> None:
    text, warnings = read(tmp_path, data)
    assert text is None
    assert warnings


@pytest.mark.parametrize(("last_s", "told"), [(31.2, True), (33.0, False)])
def test_captions_of_a_slower_copy_are_told_for_such(
    tmp_path: Path, last_s: float, told: bool
) -> None:
    first = "00:00:01.000 --> 00:00:04.000\nA.\n\n"
    last = f"00:00:30.500 --> 00:00:{last_s}00\nB b b b b b.\n"
    _, warnings = read(tmp_path, (first + last).encode())
    assert ("times as long as the video, as captions of a copy at 24 frames" in warnings) is told


def cues(*starts_ms: int) -> list[Cue]:
    return [
        Cue(
            start_ms=start,
            end_ms=start + 2000,
            text="word",
            words=(Word(start_ms=start, end_ms=start + 2000, text="word"),),
        )
        for start in starts_ms
    ]


@pytest.mark.parametrize("hours", [1, 10, 23, 100])
def test_captions_from_a_full_hour_are_shifted_with_their_words(hours: int) -> None:
    first = hours * HOUR + 1500
    placed = on_clock(cues(first, first + 20_000), 30_000)
    assert placed.shift_ms == hours * HOUR
    assert [cue.start_ms for cue in placed.cues] == [1500, 21_500]
    assert [cue.words[0].end_ms for cue in placed.cues] == [3500, 23_500]
    assert not placed.outside


def test_a_video_longer_than_the_hour_is_known_by_most_captions_outside_it() -> None:
    placed = on_clock(cues(*range(HOUR, 2 * HOUR + 600_000, 60_000)), HOUR + 900_000)
    assert placed.shift_ms == HOUR


def test_captions_that_fit_are_left_as_they_are() -> None:
    given = cues(0, 5000)
    assert on_clock(given, 30_000).cues == tuple(given)
    assert on_clock(cues(HOUR), 0).cues == tuple(cues(HOUR))


def test_captions_that_would_not_fit_are_counted_outside() -> None:
    placed = on_clock(cues(1000, 10 * HOUR, 10 * HOUR + 60_000), 30_000)
    assert placed.shift_ms == 0
    assert [cue.start_ms for cue in placed.cues] == [1000]
    assert [cue.start_ms for cue in placed.outside] == [10 * HOUR, 10 * HOUR + 60_000]


def captions(*lines: str) -> str:
    return "WEBVTT\n\n" + "".join(
        f"00:{n:02d}.000 --> 00:{n + 1:02d}.000\n{line}\n\n" for n, line in enumerate(lines)
    )


HUMAN = captions(*(f"Well, this is sentence number {n}." for n in range(30)))
AUTO = HUMAN.replace("Well, this", "well this").replace(".\n\n", "\n\n")
ROLLING = captions("hi<00:00:00.500><c> there.</c>")
CHINESE = captions(*["今天 我们 来 讲 分词"] * 40)

# A sentence each, as a person would punctuate it.
SENTENCES = {
    "am": "ዛሬ ጽሑፍ እንዴት ቁጥር እንደሚሆን እናያለን።",
    "ar": "اليوم سنرى كيف يصبح النص أرقاما، أليس كذلك؟",
    "bn": "আজ আমরা দেখব কীভাবে লেখা সংখ্যা হয়।",
    "el": "Σήμερα βλέπουμε πώς γίνεται αυτό, έτσι;",
    "hi": "आज हम देखेंगे कि पाठ संख्याओं में कैसे बदलता है।",
    "hy": "Այսօր մենք տեսնում ենք, թե ինչպես է դա լինում։",
    "ka": "დღეს ვნახავთ, როგორ ხდება ტექსტი რიცხვები.",
    "my": "ဒီနေ့ စာသားကို ကြည့်မယ်။",
    "pa": "ਅੱਜ ਅਸੀਂ ਦੇਖਾਂਗੇ ਕਿ ਇਹ ਕਿਵੇਂ ਹੁੰਦਾ ਹੈ।",
    "ru": "Сегодня мы посмотрим, как текст становится числами.",
    "ta": "இன்று உரை எவ்வாறு எண்களாகிறது என்று பார்ப்போம்.",
    "ur": "آج ہم دیکھیں گے کہ متن کیسے اعداد بنتا ہے۔",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_captions_with_the_punctuation_of_their_script_are_human(language: str) -> None:
    assert not looks_automatic(captions(*[SENTENCES[language]] * 12))


@pytest.mark.parametrize("language", ["ar", "bn", "el", "hi", "ru", "ta", "ur"])
def test_captions_that_lack_it_are_automatic(language: str) -> None:
    bare = SENTENCES[language].rstrip("।۔؟;.").replace(",", "").replace("،", "")
    assert looks_automatic(captions(*[bare] * 12))


@pytest.mark.parametrize(("text", "automatic"), [(HUMAN, False), (AUTO, True), (ROLLING, True)])
def test_punctuation_and_times_within_lines_tell_who_made_them(text: str, automatic: bool) -> None:
    assert looks_automatic(text) is automatic


def test_too_little_text_and_scripts_without_punctuation_are_not_judged() -> None:
    assert not looks_automatic(captions("hello there"))
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

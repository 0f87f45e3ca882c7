"""Telling human captions from automatic ones."""

from __future__ import annotations

import pytest

from pipeline.transcript.captions.origin import looks_automatic
from tests.shared import shared


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

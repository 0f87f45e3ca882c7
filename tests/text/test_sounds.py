"""The names of sounds in many languages, and what only resembles them."""

from __future__ import annotations

import pytest

from pipeline.text.sounds import describes_sound, is_bracketed_sound, is_inaudible


@pytest.mark.parametrize(
    "text",
    [
        "Music", "soft piano music", "APPLAUSE", "students laughing", "Beifall", "Gelächter",
        "Rires", "applaudissements", "aplausos", "risata", "gelach", "oklaski", "smích", "alkışlar",
        "смеётся", "аплодисменты", "сміх", "γέλια", "موسيقى", "تصفيق", "خنده", "צחוק", "तालियां",
        "हंसी", "เสียงหัวเราะ", "박수", "笑い", "拍手", "掌声", "笑聲", "音樂",
        "__", "♪♪", "inaudible",
    ],
)  # fmt: skip
def test_sounds_are_known_by_their_words(text: str) -> None:
    assert describes_sound(text)


@pytest.mark.parametrize(
    "text",
    ["the noise is Gaussian", "CLS", "MASK", "or bytes", "x", "0, 1", "Zipf's", "musician", "网址"],
)
def test_remarks_code_and_tokens_are_no_sounds(text: str) -> None:
    assert not describes_sound(text)


def test_what_nobody_made_out_is_told_from_noise() -> None:
    assert is_inaudible("INAUDIBLE")
    assert is_inaudible("неразборчиво")
    assert not is_inaudible("laughter")


@pytest.mark.parametrize(("word", "sound"), [("[Music],", True), ("(x)", False), ("Music", False)])
def test_a_single_word_is_a_sound_with_its_brackets_only(word: str, sound: bool) -> None:
    assert is_bracketed_sound(word) is sound

"""Names of files and folders, made of titles."""

from __future__ import annotations

from pipeline.text.slugs import slug


def test_a_character_that_unicode_does_not_assign_is_in_no_name() -> None:
    assert slug("\U0003d000 pairs") == "pairs"
    assert slug("\U0003d000") == ""


def test_thai_and_lao_vowels_stay_whole() -> None:
    assert slug("กำลัง") == "กำลัง"
    assert slug("ນ້ຳ") == "ນ້ຳ"

"""The English names of Whisper's languages."""

from __future__ import annotations

import pytest

from pipeline.transcript.asr.language_names import language_code


def test_every_name_of_whispers_is_known() -> None:
    pytest.importorskip("whisper", reason="openai-whisper is not installed (extra whisper)")
    from whisper.tokenizer import TO_LANGUAGE_CODE

    assert {name: language_code(name) for name in TO_LANGUAGE_CODE} == TO_LANGUAGE_CODE


def test_names_are_known_without_whisper() -> None:
    assert [language_code(name) for name in ("English", "mandarin", "burmese", "yue")] == [
        "en",
        "zh",
        "my",
        "yue",
    ]

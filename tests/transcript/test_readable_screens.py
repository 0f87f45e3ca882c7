"""What the reader of pictures makes of scripts that it does not know is used nowhere."""

from __future__ import annotations

import pytest

from pipeline.models import Box, Frame, ScreenLine, Screens
from pipeline.transcript.readable_screens import readable

NONSENSE = "nasuwsauru oiwainwii\nfaata afiaat"  # as Thai and Hindi are read
CODE = "def area(width, height):\n    return width * height"
ENGLISH = "Byte pair encoding"


def frame(text: str) -> Frame:
    lines = tuple(
        ScreenLine(text=line, box=Box(x=0, y=0, width=1, height=1), confidence=1)
        for line in text.splitlines()
    )
    base = Frame(id="f1", at_ms=0, start_ms=0, end_ms=1, path="f1.webp", width=1, height=1)
    return base.model_copy(update={"text": text, "lines": lines})


def screens(text: str) -> Screens:
    return Screens(frames=(frame(text),))


@pytest.mark.parametrize("language", ["th", "hi", "ar", "fa", "ko", "ru", "el", "he", "ar-EG"])
def test_nonsense_goes_and_english_and_code_stay(language: str) -> None:
    (one,) = readable(screens(f"{NONSENSE}\n{ENGLISH}\n{CODE}"), language)
    assert one.text == f"{ENGLISH}\n{CODE}"
    assert [line.text for line in one.lines] == one.text.splitlines()
    assert one.path == "f1.webp"


@pytest.mark.parametrize("language", ["en", "de", "zh", "ja", "vi", "tr", None, "xx"])
def test_scripts_that_are_read_stay_whole(language: str | None) -> None:
    shown = screens(f"{NONSENSE}\n{ENGLISH}")
    assert readable(shown, language) == shown.frames


def test_what_another_engine_knows_stays_whole() -> None:
    shown = screens("ภาษาไทย").model_copy(update={"scripts": ("Thai", "Latn")})
    assert readable(shown, "th") == shown.frames
    (one,) = readable(shown, "hi")
    assert one.text == ""

"""Reading with tesseract, where it is named and installed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from pydantic import ValidationError

from pipeline.errors import MissingDependencyError, ScreenError
from pipeline.settings.screens import ScreensSettings
from pipeline.video.ocr import tesseract
from pipeline.video.ocr.isolated import read_apart
from pipeline.video.ocr.recognition import read_text
from pipeline.video.ocr.tesseract import TesseractEngine

THAI = Path("/usr/share/fonts/truetype/noto/NotoSansThai-Regular.ttf")
HEADER = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


def row(line: int, left: int, width: int, confidence: float, text: str) -> str:
    return f"5\t1\t1\t1\t{line}\t1\t{left}\t{20 * line}\t{width}\t20\t{confidence}\t{text}"


def engine(monkeypatch: pytest.MonkeyPatch, languages: str, *rows: str) -> TesseractEngine:
    monkeypatch.setattr(tesseract, "installed_languages", lambda: frozenset({"tha", "eng", "rus"}))
    table = "\n".join([HEADER, "1\t1\t0\t0\t0\t0\t0\t0\t640\t360\t-1\t", *rows])
    monkeypatch.setattr(TesseractEngine, "_table", lambda self, picture: table)
    return TesseractEngine(languages)


def test_words_are_lines_with_spaces_where_the_script_has_some(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader = engine(
        monkeypatch,
        "tha+eng",
        row(1, 10, 40, 90, "ภา"),
        row(1, 52, 40, 80, "ษา"),
        row(1, 130, 40, 100, "ไทย"),
        row(2, 10, 40, 96, '"Byte'),
        row(2, 52, 40, 98, "pair"),
        row(3, 10, 40, 20, "smudge"),
    )
    text = read_text(Image.new("RGB", (640, 360)), reader)
    assert [line.text for line in text.lines] == ["ภาษา ไทย", '"Byte pair']
    assert [line.confidence for line in text.lines] == [0.9, 0.97]
    assert (text.lines[0].box.x, text.lines[0].box.width) == (10, 160)


def test_the_languages_say_which_scripts_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert engine(monkeypatch, "tha+eng").scripts == ("Thai", "Latn")
    assert engine(monkeypatch, "rus").scripts == ("Cyrl",)
    monkeypatch.setattr(tesseract, "installed_languages", lambda: frozenset({"jpn", "chi_tra"}))
    assert TesseractEngine("jpn").scripts == ("Jpan", "Hani")
    assert TesseractEngine("chi_tra").scripts == ("Hani",)


def test_a_language_that_is_not_installed_is_named_with_its_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(MissingDependencyError) as caught:
        engine(monkeypatch, "hin+eng")
    assert "hin" in caught.value.message
    assert "tesseract-ocr-hin" in caught.value.hint


def test_a_process_of_its_own_reads_with_the_engine_that_is_named() -> None:
    with pytest.raises(ScreenError, match="names tesseract:xxx"):
        read_apart(b"", "tesseract:xxx")


@pytest.mark.parametrize(
    "value", ["tesseract:", "tesseract:tha -c x", "model.onnx", "tesseract:a;b"]
)
def test_other_names_of_a_model_are_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        ScreensSettings(ocr_model=value)


@pytest.mark.skipif(
    not {"tha", "eng"} <= tesseract.installed_languages() or not THAI.is_file(),
    reason="needs tesseract-ocr-tha, tesseract-ocr-eng and the Noto fonts",
)
def test_a_thai_slide_is_read() -> None:
    image = Image.new("RGB", (900, 200), "white")
    font = ImageFont.truetype(THAI, 44)
    ImageDraw.Draw(image).text((60, 60), "ภาษาไทย", font=font, fill="black")
    assert read_text(image, TesseractEngine("tha+eng")).text == "ภาษาไทย"

"""The OCR engines by the names that ``screens.ocr_model`` gives them."""

from __future__ import annotations

from pipeline.video.ocr.rapid import RapidEngine
from pipeline.video.ocr.tesseract import TesseractEngine


def engine_named(model: str) -> TesseractEngine | RapidEngine:
    """The engine of ``tesseract:tha+eng``; rapidocr for an empty name.

    Raises:
        MissingDependencyError: tesseract, or its data of a language, is not installed.
    """
    if model:
        return TesseractEngine(model.removeprefix("tesseract:"))
    return RapidEngine()

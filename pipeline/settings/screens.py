"""Settings of the screens stage."""

from __future__ import annotations

from pydantic import Field

from pipeline.settings.base import Settings, run_only


class ScreensSettings(Settings):
    """``screens:`` in config.yaml."""

    ocr: bool = Field(True, description="read the text on the frames")
    ocr_model: str = Field(
        "",
        pattern=r"^(tesseract:[A-Za-z_]+(\+[A-Za-z_]+)*)?$",
        description="what reads the text; empty: rapidocr, which knows Latin, Chinese and "
        "Japanese; tesseract:tha+eng: the program tesseract with the data of these languages, both "
        "installed by you (apt install tesseract-ocr tesseract-ocr-tha); nothing is downloaded",
    )
    names: bool = Field(
        True,
        description="spell names and numbers in the transcript as the screen shows them, or title, "
        "chapters and description; captions written by a person are never changed",
    )
    quality: int = Field(85, ge=30, le=100, description="quality of the pictures, as of a JPEG")
    crops: bool = Field(
        True,
        description="figures show the content of a screen, without the window's bars and empty "
        "margins; the page enlarges the whole",
    )
    workers: int = run_only(0, "threads that read text; 0: one per core", ge=0, le=64)

"""Settings of a book of many lectures: how much of it is worked on at once on one machine."""

from __future__ import annotations

from pydantic import Field

from pipeline.settings.base import Settings, run_only


class BookSettings(Settings):
    """``book:`` in config.yaml."""

    in_flight: int = run_only(8, "lectures that are worked on at once", ge=1, le=1000)
    downloads: int = run_only(2, "lectures downloaded at once", ge=1, le=64)
    transcriptions: int = run_only(1, "lectures transcribed at once", ge=1, le=64)
    screens: int = run_only(1, "lectures whose screen is read at once", ge=1, le=64)
    writings: int = run_only(4, "lectures for which the model is asked at once", ge=1, le=256)
    checks: int = run_only(1, "lectures checked and rendered at once", ge=1, le=64)
    attempts: int = run_only(
        2, "how often a step is started whose process was killed from outside", ge=1, le=10
    )
    lock_wait_s: float = run_only(
        20.0, "wait for another run to let go of a lecture before it is listed as failed, s", ge=0
    )
    terms: int = Field(
        30, ge=0, le=500, description="terms taken from a chapter without a glossary, at most"
    )

"""Settings of a book of many lectures: how much is worked on at once, on one machine or on Ray."""

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


class RaySettings(Settings):
    """``ray:`` in config.yaml. A share greater than the largest node has is cut to that node."""

    address: str | None = run_only(
        None, "address of the cluster's head; null: RAY_ADDRESS, else Ray is started here"
    )
    in_flight: int = run_only(256, "lectures handed to the cluster at once", ge=1, le=100_000)
    retries: int = run_only(3, "new tries of a step whose node or process was lost", ge=0, le=100)
    download_cpus: float = run_only(0.25, "processors of a download", ge=0, le=256)
    transcribe_gpus: float = run_only(
        1.0, "GPUs of a transcription where the cluster has any", ge=0, le=16
    )
    transcribe_cpus: float = run_only(2.0, "processors of a transcription", ge=0, le=256)
    segment_cpus: float = run_only(2.0, "processors for reading a screen", ge=0, le=256)
    write_cpus: float = run_only(0.1, "processors of a step that waits for the model", ge=0, le=256)
    check_cpus: float = run_only(1.0, "processors for checking and rendering", ge=0, le=256)

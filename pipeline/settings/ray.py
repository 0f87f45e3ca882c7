"""Settings of the Ray engine: where the cluster is, and what each kind of step takes of it."""

from __future__ import annotations

from pipeline.settings.base import Settings, run_only


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

"""yt-dlp's messages as a person should see them."""

from __future__ import annotations

import pytest

from pipeline.sources.ytdlp.options import Megabytes, ToProgress
from tests.recording import RecordingProgress


def test_a_warning_is_passed_on_once_and_on_one_line() -> None:
    progress = RecordingProgress()
    logger = ToProgress(progress)
    for _ in range(2):
        logger.warning("WARNING: [x] Got error: broken.\n  Retrying (1/5)...")
    logger.warning("[generic] Falling back on generic information extractor")
    logger.debug("[download] 3%")
    assert progress.warnings == ["[x] Got error: broken. Retrying (1/5)..."]


def test_a_missing_javascript_runtime_says_what_to_install() -> None:
    progress = RecordingProgress()
    ToProgress(progress).warning(
        "[youtube] No supported JavaScript runtime could be found. See ..."
    )
    assert "pip install deno" in progress.warnings[0]


def test_picture_and_sound_are_counted_together() -> None:
    progress = RecordingProgress()
    count = Megabytes(progress, 12_000_000)
    count({"filename": "picture", "downloaded_bytes": 10_000_000, "total_bytes": 10_000_000})
    count({"filename": "sound", "downloaded_bytes": 1_000_000, "total_bytes": 2_000_000})
    assert progress.updates == [(10.0, 12.0, "MB"), (11.0, 12.0, "MB")]


def test_a_length_that_is_not_known_yet_is_not_invented() -> None:
    progress = RecordingProgress()
    Megabytes(progress, None)({"filename": "a", "downloaded_bytes": 500_000})
    assert progress.updates == [(0.5, None, "MB")]


def test_after_ctrl_c_no_connection_is_tried_again() -> None:
    progress = RecordingProgress()
    logger = ToProgress(progress)
    assert [logger.pause_s(n) for n in (0, 1, 9)] == [0.25, 0.5, 10.0]
    logger.error("ERROR: Interrupted by user. Waiting for all threads to shutdown...")
    with pytest.raises(ConnectionAbortedError):
        logger.pause_s(0)
    assert progress.notes == ["waiting for open connections to end"]

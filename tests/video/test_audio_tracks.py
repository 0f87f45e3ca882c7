"""Which audio track is the lecture's, and how the others are named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import UsageError
from pipeline.video.audio import SAMPLE_RATE, pcm_blocks
from pipeline.video.audio_tracks import AudioTrack, audio_tracks, lecture_track
from tests.conftest import make_media

SILENT, TONE = "anullsrc=r=16000:cl=mono", "sine=frequency=440:sample_rate=16000"


def two_tracks(path: Path, *options: str) -> Path:
    """A file whose first audio track is silent and whose second is a tone of 440 Hz."""
    return make_media(
        path,
        *("-f", "lavfi", "-t", "2", "-i", SILENT, "-f", "lavfi", "-t", "2", "-i", TONE),
        *("-map", "0:a", "-map", "1:a", "-c:a", "flac"),
        *options,
    )


def loudness(path: Path, track: AudioTrack | None = None) -> float:
    return float(np.abs(np.concatenate(list(pcm_blocks(path, track=track)))).max())


def test_the_default_track_is_heard_wherever_it_stands(tmp_path: Path) -> None:
    path = two_tracks(tmp_path / "a.mkv", "-disposition:a:0", "0", "-disposition:a:1", "default")
    assert lecture_track(audio_tracks(path), None, "a.mkv").number == 2
    assert loudness(path) > 0.1


def test_a_track_can_be_chosen_by_its_number(tmp_path: Path) -> None:
    path = two_tracks(tmp_path / "a.mkv", "-disposition:a:0", "default", "-disposition:a:1", "0")
    assert loudness(path) == 0
    second = lecture_track(audio_tracks(path), 2, "a.mkv")
    assert loudness(path, second) > 0.1
    assert len(np.concatenate(list(pcm_blocks(path, 500, 1500, track=second)))) == SAMPLE_RATE


def test_without_a_default_commentary_and_description_come_last() -> None:
    tracks = (AudioTrack(1, 2, aside=True), AudioTrack(2, 2), AudioTrack(3, 2))
    assert lecture_track(tracks, None, "a.mkv").number == 2
    assert lecture_track(tracks[:1], None, "a.mkv").number == 1


def test_a_track_that_is_not_there_is_refused_with_a_list_of_those_that_are(
    tmp_path: Path,
) -> None:
    path = two_tracks(
        tmp_path / "a.mkv",
        *("-metadata:s:a:1", "language=ger", "-metadata:s:a:1", "title=Dubbed"),
    )
    with pytest.raises(UsageError, match=r"a\.mkv has no audio track 3") as refused:
        lecture_track(audio_tracks(path), 3, "a.mkv")
    assert refused.value.hint == 'its audio tracks: 1 (mono), 2 (de, "Dubbed", mono)'

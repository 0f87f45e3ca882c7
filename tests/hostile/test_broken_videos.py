"""Videos cut off at every piece of their structure, and with bytes changed at random."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.hostile.conftest import Convert, small_video, well_behaved
from tests.hostile.structure import cut_points, ebml_elements, mp4_boxes, ts_packets
from tests.tally import Tally

LONG = os.environ.get("FAULTS") == "long"
CUTS, FLIPS = (10_000, 60) if LONG else (4, 4)
WEB = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus")
OLD = ("-c:v", "mpeg4", "-c:a", "libmp3lame")

Walk = Callable[[bytes], Iterator[tuple[int, int]]]


@pytest.mark.parametrize(
    ("name", "options", "walk"),
    [
        ("index-first.mp4", ("-movflags", "+faststart"), mp4_boxes),
        ("index-last.mp4", (), mp4_boxes),
        ("in-fragments.mp4", ("-movflags", "frag_keyframe+empty_moov"), mp4_boxes),
        ("matroska.mkv", (), ebml_elements),
        ("web.webm", WEB, ebml_elements),
        ("stream.ts", (), ts_packets),
    ],
)
def test_a_video_cut_off_anywhere(
    name: str,
    options: tuple[str, ...],
    walk: Walk,
    tmp_path: Path,
    convert: Convert,
    tally: Tally,
) -> None:
    data = small_video(tmp_path / name, *options).read_bytes()
    points = cut_points(data, walk(data))
    assert len(points) > 40
    chosen = random.Random(3).sample(points, min(CUTS, len(points)))
    for length in chosen:
        path = tmp_path / f"cut-{name}"
        path.write_bytes(data[:length])
        outcome = convert(path)
        assert well_behaved(outcome), (name, length, outcome)
        if outcome.kind == "done":
            assert outcome.facts["duration_ms"] <= 4_200
    tally.survived("video cut off", len(chosen))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("flip.mp4", ()),
        ("flip.mkv", ()),
        ("flip.webm", WEB),
        ("flip.ts", ()),
        ("flip.avi", OLD),
        ("flip.flv", ()),
    ],
)
def test_a_video_with_changed_bytes(
    name: str, options: tuple[str, ...], tmp_path: Path, convert: Convert, tally: Tally
) -> None:
    data = small_video(tmp_path / name, *options).read_bytes()
    for seed in range(FLIPS):
        chance = random.Random(f"{name} {seed}")
        changed = bytearray(data)
        # Half of the time in the headers, where a byte decides about all that follows.
        reach = len(data) if seed % 2 else 5_000
        for _ in range(chance.choice([1, 3, 20, 200])):
            changed[chance.randrange(reach)] = chance.randrange(256)
        path = tmp_path / f"changed-{name}"
        path.write_bytes(changed)
        outcome = convert(path)
        assert well_behaved(outcome), (name, seed, outcome)
    tally.survived("changed bytes", FLIPS)

"""Whatever range a browser asks for, a video is served in part or whole, or it is refused."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from pipeline.artifacts import VIDEO
from pipeline.server.app import create_app
from pipeline.settings.serve import ServeSettings
from tests.render.sample import sample_workspace
from tests.tally import Tally

_RANGES = (
    *("bytes=0-1", "bytes=-1", "bytes=", "bytes", "bytes=a-b", "bytes=5-1", "bytes=0-0,2-3"),
    *("bytes=99999999999-", "bytes=-0", "bytes=--1", "bytes=1-2-3", "lines=0-1", "\0", ",,,,"),
    *("bytes=" + "0-," * 5_000, "bytes=" + "9" * 5_000 + "-", "bytes=0-" + "9" * 5_000),
    *("bytes=" + ",".join(f"{at}-{at}" for at in range(0, 16_000, 2)), "bytes=\xb2-", "bytes=1_0-"),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> tuple[TestClient, str, int]:
    """A client, the path of a video on the server, and the video's size."""
    output = tmp_path_factory.mktemp("ranges") / "output"
    workspace = sample_workspace(output / "sample")
    video = workspace.video_path(workspace.read(VIDEO))
    client = TestClient(create_app(output, ServeSettings()), base_url="http://127.0.0.1")
    return client, f"/sample/download/{quote(video.name)}", video.stat().st_size


@pytest.mark.parametrize("asked", _RANGES, ids=lambda asked: repr(asked[:24]))
def test_a_hostile_range_is_answered(
    served: tuple[TestClient, str, int], asked: str, tally: Tally
) -> None:
    client, path, size = served
    answer = client.get(path, headers=[(b"range", asked.encode("latin-1"))])
    assert answer.status_code in (200, 206, 400, 416)
    assert len(answer.content) <= size
    tally.survived("hostile requests")


def test_files_outside_of_the_folder_are_not_found(served: tuple[TestClient, str, int]) -> None:
    client, _, _ = served
    for path in ("..%2f..%2fetc%2fpasswd", "%00", "a" * 5_000, "..\\..\\x", "%ff", "~root", "."):
        assert client.get(f"/sample/render/{path}").status_code in (200, 307, 404)
        assert "root:" not in client.get(f"/sample/render/{path}").text

"""Sources with strange names, and things with a name that are no files."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.sources.ids import local_path, video_id_of
from tests.hostile.conftest import Convert, well_behaved
from tests.tally import Tally

NAMES = (
    "CON.mp4",
    "nul.mp4",
    "aux..mp4",
    "COM1.mp4",
    "ends with a space .mp4",
    "😀🎓.mp4",
    "-rf.mp4",
    "--output.mp4",
    "two\nlines.mp4",
    "a\ttab and \x1b[31mred.mp4",
    "\u202egnp.exe.mp4",
    "percent%03d.mp4",
    "http:x.mp4",
    "concat:a|b.mp4",
    "; rm -rf $HOME `id`.mp4",
    '"><script>alert(1)</script>.mp4'.replace("/", "∕"),
    "..mp4.mp4",
    "no-ending",
    "é" * 120 + ".mp4",
    "x" * 251 + ".mp4",
)
SAFE = set("abcdefghijklmnopqrstuvwxyz0123456789-_")
DEVICES = {"con", "nul", "aux", "prn", "com1", "lpt1"}


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:30])
def test_a_strange_name_is_converted_into_a_safe_folder(
    name: str, tmp_path: Path, good: Path, convert: Convert, tally: Tally
) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    path = folder / name
    shutil.copy(good, path)
    found = video_id_of(str(path))
    assert set(found) <= SAFE and found not in DEVICES and not found.startswith("-")
    outcome = convert(path)
    if len(name.encode()) > 250:  # no room for ".vtt": then nothing can be written down
        return
    assert outcome.kind == "done" and well_behaved(outcome), outcome
    title = outcome.facts["title"]
    assert title and title.isprintable()
    tally.survived("strange name")


def test_the_longest_name_is_only_missing_what_would_lie_beside_it(
    tmp_path: Path, good: Path
) -> None:
    from pipeline.settings.download import DownloadSettings
    from pipeline.sources.local import sidecar_hashes, with_sidecars

    path = tmp_path / ("x" * 251 + ".mp4")
    shutil.copy(good, path)
    assert with_sidecars(path, DownloadSettings()).captions == ()
    assert sidecar_hashes(str(path)) == {}


def test_what_is_no_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "loop.mp4").symlink_to(tmp_path / "loop.mp4")
    (tmp_path / "dangling.mp4").symlink_to(tmp_path / "gone.mp4")
    server = socket.socket(socket.AF_UNIX)
    monkeypatch.chdir(tmp_path)  # the address of a socket is short
    server.bind("socket.mp4")
    refused = {
        str(tmp_path / "pipe.mp4"): "not a regular file",
        str(tmp_path / "folder.mp4"): "is a folder",
        str(tmp_path / "loop.mp4"): "cannot be read",
        str(tmp_path / "dangling.mp4"): "neither a file nor a URL",
        str(tmp_path / "socket.mp4"): "not a regular file",
        "/dev/zero": "not a regular file",
        "/dev/null": "not a regular file",
        "nul\0byte.mp4": "not a path",
        "~nobody-of-this-name/a.mp4": "not a path",
        "file://[broken/a.mp4": "not a path",
        os.fsdecode(b"caf\xe9.mp4"): "not a path",
    }
    for source, said in refused.items():
        with pytest.raises(SourceError, match=said):
            local_path(source)
    server.close()
    tally.survived("no file", len(refused))


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="needs the users of POSIX")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, good: Path) -> None:
    path = tmp_path / "secret.mp4"
    shutil.copy(good, path)
    path.chmod(0)
    user = os.geteuid()
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)
    if user == 0:
        os.seteuid(65534)
    try:
        with pytest.raises(SourceError, match="cannot be read"):
            video_id_of(str(path))
    finally:
        os.seteuid(user)

import errno
import os
from pathlib import Path

import pytest

from pipeline.engine.files import (
    decode_line,
    encode_line,
    load_checkpoint,
    save_checkpoint,
    sha256_of,
    unwritable,
    write_atomic,
)
from pipeline.errors import WorkspaceError


def test_a_written_file_holds_the_bytes_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    write_atomic(tmp_path / "deep" / "file.json", b"{}\n")
    assert (tmp_path / "deep" / "file.json").read_bytes() == b"{}\n"
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["file.json"]


def test_a_failed_write_keeps_the_old_file_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "file.json"
    write_atomic(target, b"old")

    def full_disk(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(WorkspaceError, match=r"file\.json cannot be written: No space left"):
        write_atomic(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file.json"]


def test_ctrl_c_in_the_middle_of_a_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(tmp_path / "file.json", b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EROFS, "make it writable"),
        (errno.EISDIR, "move away what is in its place"),
        (errno.ENOENT, "moved or deleted"),
    ],
)
def test_the_hint_fits_the_trouble(tmp_path: Path, number: int, advice: str) -> None:
    assert advice in unwritable(tmp_path, OSError(number, os.strerror(number))).hint


def test_a_path_below_a_file_is_an_error_and_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WorkspaceError, match="cannot be written"):
        write_atomic(tmp_path / "file" / "below", b"")


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    assert sha256_of(tmp_path / "abc").startswith("ba7816bf8f01cfea")
    with pytest.raises(WorkspaceError, match="cannot be read"):
        sha256_of(tmp_path / "absent")


def test_a_checkpoint_comes_back(tmp_path: Path) -> None:
    some: list[object] = ["텍스트\ud800 \n", {"a": [1, 2.5, None]}, []]
    for data in some:
        assert decode_line(encode_line(data)) == data
        save_checkpoint(tmp_path / "kept", data)
        assert load_checkpoint(tmp_path / "kept") == data
    assert "\n" not in encode_line("two\nlines")


def test_no_changed_bit_is_taken_for_the_data(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    save_checkpoint(path, {"text": "merge the pair"})
    whole = path.read_bytes()
    for place in range(len(whole) - 1):
        for bit in range(8):
            path.write_bytes(
                whole[:place] + bytes([whole[place] ^ (1 << bit)]) + whole[place + 1 :]
            )
            assert load_checkpoint(path) is None
    path.write_bytes(whole[: len(whole) // 2])
    assert load_checkpoint(path) is None
    assert load_checkpoint(tmp_path / "absent") is None
    assert load_checkpoint(tmp_path) is None


@pytest.mark.parametrize("line", ["", "x", "{}", "0123456789abcdef {}"])
def test_a_line_without_its_checksum_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="checksum"):
        decode_line(line)

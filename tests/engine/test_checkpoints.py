from pathlib import Path

import pytest

from pipeline.engine.checkpoints import decode_line, encode_line, load_checkpoint, save_checkpoint


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

"""`python -m minbpe.train`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from minbpe import BasicTokenizer, RegexTokenizer
from minbpe.train import main


@pytest.fixture
def text_file(tmp_path: Path) -> Path:
    (tmp_path / "text.txt").write_bytes(b"aaabdaaabac aaab\r\n" * 3)
    return tmp_path / "text.txt"


def test_it_writes_a_model_and_says_where(
    text_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "models" / "v1.0"
    assert main([str(text_file), "--vocab-size", "260", "--out", str(out)]) == 0
    shown = capsys.readouterr()
    assert shown.out == f"{out}.model\n"
    assert shown.err.splitlines()[-1].startswith("merge 4 of 4: ")
    loaded, trained = RegexTokenizer(), RegexTokenizer()
    loaded.load(f"{out}.model")
    trained.train(text_file.read_bytes().decode(), 260)
    assert loaded.merges == trained.merges
    assert Path(f"{out}.vocab").exists()


def test_basic_is_the_other_kind(text_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "basic"
    arguments = [str(text_file), "--vocab-size=280", "--kind=basic", f"--out={out}"]
    subprocess.run([sys.executable, "-m", "minbpe.train", *arguments], check=True)
    tokenizer = BasicTokenizer()
    tokenizer.load(f"{out}.model")
    assert b"\r\naaab" in b"".join(tokenizer.vocab.values())


def test_a_short_text_gives_a_warning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "short.txt").write_text("ab", encoding="utf-8")
    out = tmp_path / "short"
    assert main([str(tmp_path / "short.txt"), "--vocab-size", "300", "--out", str(out)]) == 0
    assert "warning: no pair is left" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "size", "message"),
    [(None, 300, "No such file"), (b"\xff", 300, "utf-8"), (b"text", 255, "255")],
)
def test_what_cannot_be_done_is_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes | None,
    size: int,
    message: str,
) -> None:
    if content is not None:
        (tmp_path / "text.txt").write_bytes(content)
    out = tmp_path / "out"
    assert main([str(tmp_path / "text.txt"), f"--vocab-size={size}", f"--out={out}"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert error.count("\n") == 1
    assert message in error


def test_wrong_usage_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["text.txt"])
    assert caught.value.code == 2
    assert "--vocab-size" in capsys.readouterr().err

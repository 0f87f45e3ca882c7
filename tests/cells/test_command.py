"""``python -m pipeline check FILE.md``, as a person or a program calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cells.markdown_check import check_file
from pipeline.errors import SourceError
from pipeline.settings.check import CheckSettings
from tests.cells.conftest import cells, sandboxed


def command(file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    sandboxed()  # skips where there is no bubblewrap
    return subprocess.run(
        [sys.executable, "-m", "pipeline", "check", str(file), *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_an_article_whose_cells_are_good_ends_with_status_0(tmp_path: Path) -> None:
    file = tmp_path / "good.md"
    file.write_text(cells("x = 1", "print(x)  # 1"))
    done = command(file)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        *("cell 1: passed", "cell 2: passed", "2 passed", "2 of 2 cells ran")
    ]


def test_an_article_with_a_false_output_ends_with_status_1_and_says_where(tmp_path: Path) -> None:
    file = tmp_path / "bad.md"
    file.write_text(cells("x = 1", "print(x)  # 2"))
    done = command(file)
    assert done.returncode == 1
    assert "cell 2: mismatch: claims '2', prints '1'" in done.stdout


def test_as_json_it_is_the_report(tmp_path: Path) -> None:
    file = tmp_path / "good.md"
    file.write_text(cells("print(1)") + "```bash\nls\n```\n")
    report = json.loads(command(file, "--json").stdout)
    assert {"cells", "oracles", "summary"} <= set(report)
    assert [cell["status"] for cell in report["cells"]] == ["passed", "skipped"]
    assert report["cells"][0]["at_ms"] is None


def test_a_file_that_is_not_there_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.md cannot be read"):
        check_file(tmp_path / "nowhere.md", CheckSettings())


def test_a_file_that_is_no_text_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "binary.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceError, match=r"binary\.md is no UTF-8 text"):
        check_file(tmp_path / "binary.md", CheckSettings())

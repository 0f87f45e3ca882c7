"""epubcheck, the standard's own checker, finds nothing wrong with our EPUBs."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.artifacts import CHECKED, OUTLINE, TRANSCRIPT
from pipeline.engine.workspace import Workspace, to_json
from pipeline.render.formats.export import export
from tests.render.sample import sample_workspace

TEXT = (
    "分词器把文字变成数字,公式是 $\\sum_{i=1}^{n} \\log p_i$。[[s0001]]\n\n"
    "![一张幻灯片](frame:f0001)\n\n- 第一步:数一数\n- 第二步:合并\n\n"
    "$$\\begin{aligned} a &= b \\\\ &= -c \\end{aligned}$$\n"
)


@pytest.fixture(scope="module")
def epubcheck() -> list[str]:
    """The command; Debian's program is an archive that only some kernels start by themselves."""
    program, java = shutil.which("epubcheck"), shutil.which("java")
    if program is None or java is None:
        pytest.skip("epubcheck is not installed, or java")
    with Path(program).open("rb") as file:
        return [java, "-jar", program] if file.read(2) == b"PK" else [program]


def chinese(root: Path) -> Workspace:
    """The sample with a Chinese title, language and first section."""
    work = sample_workspace(root)
    article, outline, transcript = work.read(CHECKED), work.read(OUTLINE), work.read(TRANSCRIPT)
    first = article.sections[0].model_copy(update={"title": "分词器做什么"}).with_markdown(TEXT)
    changed = {
        CHECKED.name: article.model_copy(
            update={"title": "字节对编码", "sections": (first, *article.sections[1:])}
        ),
        OUTLINE.name: outline.model_copy(update={"title": "字节对编码", "language": "zh"}),
        TRANSCRIPT.name: transcript.model_copy(update={"language": "zh"}),
    }
    for name, model in changed.items():
        (work.root / name).write_bytes(to_json(model))
    return work


@pytest.mark.parametrize("make", [sample_workspace, chinese])
def test_nothing_is_wrong_with_an_epub(
    epubcheck: list[str], tmp_path: Path, make: Callable[[Path], Workspace]
) -> None:
    book = export(make(tmp_path / "sample"), "epub")
    done = subprocess.run(
        [*epubcheck, "--failonwarnings", str(book)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr

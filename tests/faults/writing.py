"""One made-up lecture being written, in this process or in one that can be killed.

``python -m tests.faults.writing FOLDER ADDRESS`` writes it and prints the most memory it took, KiB.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from pipeline.document.article import Article, FidelityReport
from pipeline.llm.client import Client
from pipeline.settings.llm import LLMSettings
from pipeline.settings.write import WriteSettings
from pipeline.writing.writer import write_chapter
from tests.llm.remembering_progress import Heard
from tests.shared import ROOT
from tests.writing import lecture

COUNT = 24


def write(folder: Path, address: str, **llm: object) -> tuple[Article, FidelityReport]:
    """The chapter in three sections of two parts each; replies are kept in ``folder/replies``."""
    settings = LLMSettings.model_validate(
        {
            "base_url": address,
            "model": "scripted",
            "backoff_s": 0.01,
            "retries": 50,
            "paid_retries": 50,
            "timeout_s": 60.0,
            "vision": False,
            **llm,
        }
    )
    heard = Heard()
    return write_chapter(
        Client(settings, folder / "replies", heard),
        lecture.video(COUNT),
        lecture.segments(COUNT),
        lecture.transcript(COUNT),
        lecture.outline(COUNT, size=8),
        WriteSettings(chunk_words=300),
        settings,
        folder,
        heard,
    )


def start(folder: Path, address: str) -> subprocess.Popen[str]:
    """The same as a process of its own."""
    command = [sys.executable, "-m", "tests.faults.writing", str(folder), address]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


if __name__ == "__main__":
    write(Path(sys.argv[1]), sys.argv[2])
    sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}\n")

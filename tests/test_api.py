"""The library makes, opens and exports chapters, and importing it does nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import pipeline
from pipeline import Chapter, Event, Lecture, PipelineError, convert
from pipeline.errors import ArtifactError, ConfigError, RenderError, UsageError
from tests.cells.conftest import sandboxed
from tests.shared import ROOT


@pytest.fixture(scope="module")
def converted(
    narrated_video: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Chapter, list[Event]]:
    """A chapter without the text of its screens, and what was told of it."""
    told: list[Event] = []
    output = tmp_path_factory.mktemp("api") / "output"
    settings = {"screens.ocr": False, "segment.max_s": 40.0}
    chapter = convert(narrated_video, output, settings=settings, on_event=told.append)
    return chapter, told


def test_convert_makes_a_chapter_of_typed_blocks(
    converted: tuple[Chapter, list[Event]],
) -> None:
    chapter, _ = converted
    assert chapter.edition == "transcript"
    assert chapter.sections and chapter.title
    assert chapter.blocks[0] == chapter.sections[0].blocks[0]
    assert sum(len(section.blocks) for section in chapter.sections) == len(chapter.blocks)
    assert chapter.page.is_file() and chapter.page.is_absolute()
    assert chapter.report.is_good()


def test_all_code_of_the_bundled_lecture_runs_and_is_right(tmp_path: Path) -> None:
    sandboxed()  # skips where there is no bubblewrap
    report = convert("demo", tmp_path, settings={"write.edition": "transcript"}).report
    assert [cell.status for cell in report.cells] == ["passed"] * 4, report.describe()
    found = {one.name: one.status for one in report.oracles}
    assert found == {"get_stats": "passed", "merge": "passed"}


def test_events_tell_of_every_stage_in_order(converted: tuple[Chapter, list[Event]]) -> None:
    _, told = converted
    done = [event.stage for event in told if event.kind == "done"]
    assert done == [
        *("download", "screens", "transcribe", "segment", "outline", "write", "check", "render")
    ]
    assert str(next(event for event in told if event.kind == "begins")).startswith("download: ")


def test_a_missing_model_is_told_before_the_first_stage(
    converted: tuple[Chapter, list[Event]],
    narrated_video: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    told: list[Event] = []
    for settings in ({}, {"llm.model": "small"}):
        with pytest.raises(ConfigError, match=r"write\.edition is llm, but"):
            convert(
                narrated_video,
                tmp_path,
                settings=settings | {"write.edition": "llm"},
                on_event=told.append,
            )
    assert [event for event in told if event.stage] == []


def test_a_second_call_does_nothing_again(
    converted: tuple[Chapter, list[Event]], narrated_video: Path
) -> None:
    chapter, _ = converted
    told: list[Event] = []
    convert(narrated_video, chapter.page.parents[2], on_event=told.append)
    assert {event.kind for event in told if event.stage} == {"fresh"}


def test_a_lecture_keeps_its_settings_and_tells_its_state(
    converted: tuple[Chapter, list[Event]],
) -> None:
    lecture = Lecture(converted[0].page.parent.parent)
    assert {stage.state for stage in lecture.status()} == {"fresh"}
    assert lecture.video.duration_ms > 0 and lecture.transcript.words and lecture.outline.sections
    told: list[Event] = []
    lecture.run("segment", force="segment", on_event=told.append)
    assert [event.stage for event in told if event.kind == "done"] == ["segment"]
    assert lecture.chapter.title == converted[0].title


def test_a_chapter_is_exported_where_one_wants_it(
    converted: tuple[Chapter, list[Event]], tmp_path: Path
) -> None:
    path = converted[0].export("md", to=tmp_path / "mine.md")
    assert path == tmp_path / "mine.md"
    assert converted[0].title in path.read_text(encoding="utf-8")
    with pytest.raises(RenderError, match="no export format 'doc'"):
        converted[0].export("doc")


def test_what_is_not_there_is_an_error_of_the_one_tree(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no chapter 'none'"):
        Lecture(tmp_path / "none")
    with pytest.raises(ArtifactError):
        Chapter(tmp_path)
    with pytest.raises(ConfigError, match="no such setting"):
        convert("demo", tmp_path, settings={"segment.max": 3})
    assert issubclass(ConfigError, PipelineError) and list(tmp_path.iterdir()) == []


def test_importing_the_library_loads_nothing_and_changes_no_environment() -> None:
    script = (
        "import os, sys; before = dict(os.environ); known = set(sys.modules)\n"
        "import pipeline; assert dict(os.environ) == before\n"
        "print(sorted(name for name in set(sys.modules) - known if name.startswith('pipeline')))\n"
        "pipeline.convert; assert dict(os.environ) == before"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['pipeline']"


def test_every_public_name_can_be_had_and_no_other() -> None:
    assert all(getattr(pipeline, name) is not None for name in pipeline.__all__)
    assert set(pipeline.__all__) <= set(dir(pipeline))
    with pytest.raises(AttributeError, match="no attribute 'transform'"):
        pipeline.transform  # noqa: B018


def test_usage_reports_of_libraries_are_off_before_one_is_loaded() -> None:
    script = (
        "import os\n"
        "for name in [name for name in os.environ if 'TELEMETRY' in name]: del os.environ[name]\n"
        "from pipeline.transcript.asr.vad import best_detector; best_detector()\n"
        "print(os.environ['ORT_DISABLE_TELEMETRY'], os.environ['HF_HUB_DISABLE_TELEMETRY'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1", "1"]


def test_the_script_of_the_documentation_runs(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "reference" / "library.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len([line for line in script.splitlines() if line.strip()]) <= 10
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{script}"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "sections" in done.stdout and "render is fresh" in done.stdout
    assert "passed" in done.stdout and (tmp_path / "output").is_dir()

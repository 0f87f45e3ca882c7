from pathlib import Path

import pytest

from pipeline.artifacts import SEGMENTS, TRANSCRIPT
from pipeline.engine.workspace import Manifest, StageFolder, Workspace, fingerprint
from pipeline.errors import ArtifactError, LockedError, WorkspaceError
from pipeline.models import ChapterMark, Segment, Segments


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "talk-1")


def test_an_artifact_reads_back_as_it_was_written(workspace: Workspace) -> None:
    segments = Segments(
        segments=(
            Segment(
                id="s0001",
                start_ms=0,
                end_ms=9000,
                text="안녕 <|endoftext|>",
                first_word=0,
                last_word=1,
            ),
        ),
        frames=(),
    )
    workspace.folder("segment").write_json("segments.json", segments)
    assert workspace.read(SEGMENTS) == segments
    text = (workspace.root / "segment/segments.json").read_text(encoding="utf-8")
    assert text.startswith('{\n  "segments": [') and text.endswith("}\n") and "안녕" in text


def test_a_missing_artifact_names_the_stage_that_makes_it(workspace: Workspace) -> None:
    with pytest.raises(ArtifactError, match=r"transcript\.json is missing \(run stage transcribe"):
        workspace.read(TRANSCRIPT)


@pytest.mark.parametrize("damage", ["", "{", '{"language": "en"}', '{"cues": 3}', "\x00\x01"])
def test_a_damaged_artifact_is_an_error_and_no_crash(workspace: Workspace, damage: str) -> None:
    workspace.folder("transcribe").write_text("transcript.json", damage)
    with pytest.raises(ArtifactError, match=r"transcript\.json is damaged"):
        workspace.read(TRANSCRIPT)


def test_a_kept_file_is_not_overwritten(workspace: Workspace) -> None:
    workspace.folder("write").write_text("sections/01-start.md", "mine")
    folder = workspace.folder("write", kept=["sections/01-start.md"])
    folder.write_text("sections/01-start.md", "the machine's")
    assert (folder.path / "sections/01-start.md").read_text() == "mine"
    assert folder.written == {}


def test_every_write_is_announced_until_the_stage_is_finished(workspace: Workspace) -> None:
    folder = workspace.folder("outline")
    folder.write_json("chapter.json", ChapterMark(start_ms=0, title="Start"))
    print_of = fingerprint(folder.path / "chapter.json")
    assert folder.announced() == {("chapter.json", print_of)}
    manifest = Manifest(
        stage="outline", inputs={}, outputs=folder.written, finished_at="now", duration_ms=1
    )
    folder.finish(manifest)
    assert folder.announced() == set()
    assert folder.manifest() == manifest


def test_a_file_that_was_not_written_cannot_be_counted_as_an_output(workspace: Workspace) -> None:
    with pytest.raises(ArtifactError, match="was not written"):
        workspace.folder("download").adopt("video.mp4")


def test_a_large_file_is_recognised_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    with path.open("wb") as file:
        file.truncate(64 << 20)
    assert (fingerprint(path) or "").startswith(f"size {64 << 20} time ")
    assert fingerprint(tmp_path / "absent") is None


def test_a_torn_line_in_the_journal_costs_no_other_one(workspace: Workspace) -> None:
    folder = workspace.folder("write")
    folder.write_text("sections/01-start.md", "one")
    journal = folder.path / ".journal"
    journal.write_bytes(journal.read_bytes() + b"sections/02-\xed\xa0")  # killed while it wrote
    folder.write_text("sections/02-end.md", "two")
    for name in ("sections/01-start.md", "sections/02-end.md"):
        assert (name, fingerprint(folder.path / name)) in folder.announced()


def finished(folder: StageFolder) -> None:
    """Finish the stage with what was written."""
    folder.finish(
        Manifest(
            stage=folder.stage, inputs={}, outputs=folder.written, finished_at="", duration_ms=0
        )
    )


def test_what_a_killed_run_made_and_the_next_did_not_is_removed(workspace: Workspace) -> None:
    workspace.folder("segment").write_text("frames/00001000.webp", "of other settings")
    folder = workspace.folder("segment")
    folder.write_text("frames/00002000.webp", "of these")
    finished(folder)
    assert [path.name for path in (folder.path / "frames").iterdir()] == ["00002000.webp"]


def test_an_output_that_vanishes_while_the_stage_runs_is_an_error(workspace: Workspace) -> None:
    folder = workspace.folder("render")
    folder.write_text("index.html", "page")
    (folder.path / "index.html").unlink()
    with pytest.raises(ArtifactError, match=r"index\.html was removed while stage render ran"):
        finished(folder)
    assert folder.manifest() is None


def test_a_finished_stage_is_done_wherever_its_last_steps_were_cut_off(
    workspace: Workspace,
) -> None:
    folder = workspace.folder("render")
    folder.write_text("index.html", "page")
    finished(folder)
    # As if killed between writing the manifest and putting the journal away.
    (folder.path / ".written").replace(folder.path / ".journal")
    manifest = folder.manifest()
    assert manifest and not folder.announced() - set(manifest.outputs.items())
    assert ("index.html", fingerprint(folder.path / "index.html")) in folder.own()


def test_nothing_is_written_once_the_folder_is_anothers(workspace: Workspace) -> None:
    def taken() -> None:
        raise LockedError("taken over")

    workspace.folder("render").write_text("index.html", "theirs")
    folder = workspace.guarded(taken).folder("render")
    with pytest.raises(LockedError):
        folder.write_text("index.html", "mine")
    with pytest.raises(LockedError):
        finished(folder)
    assert (folder.path / "index.html").read_text() == "theirs"
    assert folder.manifest() is None


def test_what_is_no_file_is_named(workspace: Workspace) -> None:
    (workspace.root / "render" / "index.html").mkdir(parents=True)
    with pytest.raises(WorkspaceError, match=r"index\.html is not a file .*move away"):
        fingerprint(workspace.root / "render" / "index.html")

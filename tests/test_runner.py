"""The runner, with stages small enough to see through: upper-casing a text and counting it."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.engine.stage import Context, Request, Stage, pick
from pipeline.engine.staleness import state_of
from pipeline.engine.workspace import Workspace
from pipeline.errors import ArtifactError, MediaError, PipelineError, WorkspaceError
from pipeline.runner import run_stages
from pipeline.settings.config import Config, load_config
from tests.recording import RecordingProgress

REQUEST = Request("talk.mp4")


def fetch(context: Context, config: Config) -> None:
    context.folder.write_text("talk.txt", "hello")


def plan(context: Context, config: Config) -> None:
    talk = (context.workspace.root / "download/talk.txt").read_text()
    context.folder.write_text("plan.txt", f"{talk.upper()} {config.outline.min_section_s:.0f}")


def render(context: Context, config: Config) -> None:
    planned = (context.workspace.root / "outline/plan.txt").read_text()
    context.folder.write_text("index.html", f"<p>{planned}</p>")


STAGES = (
    Stage("download", 1, (), lambda config: {}, fetch),
    Stage(
        "outline",
        1,
        ("download/talk.txt",),
        lambda config: pick(config, "outline"),
        plan,
        editable=("plan.txt",),
    ),
    Stage("render", 1, ("outline/plan.txt",), lambda config: {}, render),
)


class Runs:
    """A workspace and its runs, told by the stages that worked."""

    def __init__(self, root: Path) -> None:
        self.workspace = Workspace(root)
        self.progress = RecordingProgress()

    def go(
        self, *overrides: str, stages: tuple[Stage, ...] = STAGES, **options: object
    ) -> list[str]:
        config = load_config(None, overrides, {})
        finished = run_stages(
            self.workspace,
            config,
            REQUEST,
            self.progress,
            stages=stages,
            **options,  # type: ignore[arg-type]
        )
        return [ran.name for ran in finished if ran.seconds is not None]

    def state(self, stage: Stage, *overrides: str) -> tuple[str, tuple[str, ...]]:
        state = state_of(stage, self.workspace, load_config(None, overrides, {}), REQUEST)
        return state.state, state.reasons

    def page(self) -> str:
        return (self.workspace.root / "render/index.html").read_text()


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path / "lecture")


def test_the_first_run_does_every_stage_and_the_second_none(runs: Runs) -> None:
    assert runs.go() == ["download", "outline", "render"]
    assert runs.page() == "<p>HELLO 60</p>"
    assert runs.go() == []


def test_after_each_stage_that_ran_freed_memory_is_given_back(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []
    monkeypatch.setattr("pipeline.runner.release_memory", lambda: given.append(True))
    runs.go()
    runs.go()
    assert len(given) == 3


def test_a_changed_setting_reruns_only_the_stages_that_depend_on_it(runs: Runs) -> None:
    runs.go()
    assert runs.state(STAGES[1], "outline.min_section_s=90") == (
        "stale",
        ("setting outline.min_section_s changed from 60.0 to 90.0",),
    )
    assert runs.go("screens.ocr=false") == []
    assert runs.go("outline.min_section_s=90") == ["outline", "render"]
    assert runs.page() == "<p>HELLO 90</p>"


def test_a_stage_whose_input_came_out_the_same_is_not_run_again(runs: Runs) -> None:
    runs.go()
    assert runs.go(force=["download"]) == ["download"]


def test_a_damaged_or_lost_artifact_is_made_again(runs: Runs) -> None:
    runs.go()
    (runs.workspace.root / "download/talk.txt").write_text("hellO")
    assert runs.state(STAGES[0]) == ("stale", ("talk.txt was changed or damaged",))
    assert runs.go() == ["download"]
    (runs.workspace.root / "render/index.html").unlink()
    assert runs.state(STAGES[2]) == ("stale", ("index.html is gone",))
    assert runs.go() == ["render"]


def test_a_damaged_manifest_means_the_stage_is_not_done(runs: Runs) -> None:
    runs.go()
    (runs.workspace.root / "render/manifest.json").write_text("{")
    assert runs.state(STAGES[2]) == ("missing", ("its manifest is damaged",))
    assert runs.go() == ["render"]


def test_an_edited_artifact_is_kept_used_and_mentioned_until_it_is_forced(runs: Runs) -> None:
    runs.go()
    (runs.workspace.root / "outline/plan.txt").write_text("my plan")
    assert runs.go("outline.min_section_s=90") == ["outline", "render"]
    assert runs.page() == "<p>my plan</p>"
    assert any("outline/plan.txt was edited by hand" in note for note in runs.progress.notes)
    assert runs.go("outline.min_section_s=90") == []
    assert runs.go("outline.min_section_s=120") == ["outline"]
    assert runs.page() == "<p>my plan</p>"
    assert runs.go(force=["outline"]) == ["outline", "render"]
    assert runs.page() == "<p>HELLO 60</p>"
    assert runs.go() == []


def test_a_forced_run_overwrites_only_the_edits_that_its_stage_gives_up(runs: Runs) -> None:
    runs.go()
    keeping = replace(STAGES[1], overwrites=lambda request, name: name != "plan.txt")
    (runs.workspace.root / "outline/plan.txt").write_text("my plan")
    stages = (STAGES[0], keeping, STAGES[2])
    assert runs.go(stages=stages, force=["outline"]) == ["outline", "render"]
    assert runs.page() == "<p>my plan</p>"


def test_a_second_edit_of_an_edited_artifact_is_taken_too(runs: Runs) -> None:
    runs.go()
    plan_file = runs.workspace.root / "outline/plan.txt"
    plan_file.write_text("my plan")
    runs.go()
    plan_file.write_text("my better plan")
    assert runs.go() == ["outline", "render"]
    assert runs.page() == "<p>my better plan</p>"


def test_a_stage_that_fails_is_not_done_and_the_ones_before_it_are(runs: Runs) -> None:
    def fail(context: Context, config: Config) -> None:
        context.folder.write_text("index.html", "half")
        raise MediaError("the picture is broken")

    broken = (*STAGES[:2], Stage("render", 1, ("outline/plan.txt",), lambda config: {}, fail))
    with pytest.raises(MediaError, match="the picture is broken"):
        runs.go(stages=broken)
    assert runs.state(STAGES[2])[0] == "missing"
    assert runs.go() == ["render"]
    assert runs.page() == "<p>HELLO 60</p>"


def test_what_an_interrupted_stage_wrote_is_not_taken_for_an_edit(runs: Runs) -> None:
    def killed(context: Context, config: Config) -> None:
        context.folder.write_text("plan.txt", "half a plan")
        raise KeyboardInterrupt

    runs.go()
    outline = Stage(
        "outline", 2, STAGES[1].reads, STAGES[1].depends, killed, editable=("plan.txt",)
    )
    with pytest.raises(KeyboardInterrupt):
        runs.go(stages=(STAGES[0], outline, STAGES[2]))
    assert runs.state(STAGES[1])[0] == "stale"
    assert runs.go() == ["outline"]
    assert runs.page() == "<p>HELLO 60</p>"
    assert runs.progress.notes == []


def test_outputs_of_an_earlier_run_that_are_not_made_again_are_removed(runs: Runs) -> None:
    def fetch_two(context: Context, config: Config) -> None:
        fetch(context, config)
        context.folder.write_text("extra.txt", "more")

    runs.go(stages=(Stage("download", 0, (), lambda config: {}, fetch_two), *STAGES[1:]))
    assert (runs.workspace.root / "download/extra.txt").exists()
    runs.go()
    assert not (runs.workspace.root / "download/extra.txt").exists()


def test_inputs_are_taken_before_the_stage_runs(runs: Runs) -> None:
    def plan_while_the_talk_changes(context: Context, config: Config) -> None:
        plan(context, config)
        (context.workspace.root / "download/talk.txt").write_text("changed meanwhile")

    meddling = Stage("outline", 1, STAGES[1].reads, STAGES[1].depends, plan_while_the_talk_changes)
    runs.go(stages=(STAGES[0], meddling, STAGES[2]))
    assert runs.state(STAGES[1]) == ("stale", ("artifact download/talk.txt changed",))


def test_a_run_stops_after_the_stage_it_was_asked_for(runs: Runs) -> None:
    assert runs.go(until="outline") == ["download", "outline"]
    with pytest.raises(PipelineError, match=r"no stage 'outlien'.*download, outline"):
        runs.go(until="outlien")


def test_trouble_with_the_disk_is_named_with_its_stage(runs: Runs) -> None:
    def fill_the_disk(context: Context, config: Config) -> None:
        raise OSError(28, "No space left on device", "/some/file")

    stages = (Stage("download", 1, (), lambda config: {}, fill_the_disk),)
    with pytest.raises(WorkspaceError, match=r"stage download failed at /some/file.*free some"):
        runs.go(stages=stages, until="download")


def test_an_edited_file_that_is_no_text_is_an_error_and_stays(runs: Runs) -> None:
    runs.go()
    plan_file = runs.workspace.root / "outline/plan.txt"
    plan_file.write_bytes(b"\xff\xfe\x00plan")
    with pytest.raises(ArtifactError, match=r"plan\.txt was edited and is not UTF-8"):
        runs.go()
    assert plan_file.read_bytes() == b"\xff\xfe\x00plan"


def test_a_stage_that_had_to_do_without_something_is_tried_again_by_the_next_run(
    runs: Runs,
) -> None:
    def fetch_without_sound(context: Context, config: Config) -> None:
        fetch(context, config)
        context.folder.lacking = "a speech model"

    poor = (Stage("download", 1, (), lambda config: {}, fetch_without_sound), *STAGES[1:])
    assert runs.go(stages=poor) == ["download", "outline", "render"]
    assert runs.state(STAGES[0]) == ("stale", ("it had to do without: a speech model",))
    assert runs.go() == ["download"]
    assert runs.go() == []

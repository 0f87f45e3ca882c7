"""What each command does: options in, text for stdout and an exit status out."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pipeline import runner
from pipeline.artifacts import TRANSCRIPT, VIDEO
from pipeline.cli import terminal
from pipeline.cli.options import (
    config_of,
    config_path_of,
    existing_lecture,
    options_for_jobs,
    overrides_of,
    progress_of,
    request_of,
)
from pipeline.cli.process import end_soon_when_interrupted, end_with_input
from pipeline.cli.terminal import Style, reporter
from pipeline.conversion import RunOptions, convert_lecture, own_config
from pipeline.engine.lock import hold
from pipeline.engine.staleness import StageState
from pipeline.engine.workspace import Workspace
from pipeline.errors import PipelineError, SpeechError, UsageError
from pipeline.own_settings import as_overrides, keep_own, read_own
from pipeline.runner import RunProgress
from pipeline.sources import resolve


@dataclass(frozen=True)
class CommandResult:
    """``text`` for stdout (none when empty), the exit status, and what is wrong all the same."""

    text: str = ""
    status: int = 0
    error: PipelineError | None = None


def run(options: Namespace) -> CommandResult:
    """Make the chapter; the text is the path of its ``index.html``.

    Status 1 where the lecture turned out to have no spoken word and nobody said that it may.
    """
    request = request_of(options)
    wish = RunOptions(
        config_path_of(options),
        [*options.set, *overrides_of(options)],
        options.until,
        options.force,
        options.reset,
    )
    end_soon_when_interrupted()
    if options.end_with_input:
        end_with_input()
    with closing(progress_of(options)) as progress:
        workspace, finished = convert_lecture(Path(options.output), request, wish, progress)
    _summarise(finished, progress)
    target = (workspace.root / options.until).absolute()
    text = str(target / "index.html" if options.until == "render" else target)
    ran = {stage.name for stage in finished}
    if options.until == "render" and not options.quiet:
        terminal.tell_how_to_open(target / "index.html")
    silent = None if options.allow_silent or "transcribe" not in ran else _silent(workspace)
    return CommandResult(text, 1 if silent else 0, silent)


def _silent(workspace: Workspace) -> SpeechError | None:
    """What to say of a transcript without a word; None where there are words."""
    if workspace.read(TRANSCRIPT).cues:
        return None
    manifest = workspace.folder("transcribe").manifest()
    why = manifest.warnings[-1] if manifest and manifest.warnings else "nobody speaks in it"
    title = workspace.read(VIDEO).title
    return SpeechError(
        f"the chapter of {title!r} has no spoken word: {why}",
        "try --track or --language, put captions beside the video, or accept it: --allow-silent",
    )


def stage(options: Namespace) -> CommandResult:
    """Run one stage again; hand-edited files are kept unless ``--force``."""
    config_of(options)
    end_soon_when_interrupted()
    chosen = runner.named(options.name)
    progress = progress_of(options)
    workspace, request = existing_lecture(options)
    with closing(progress), hold(workspace.root, tell=progress.warn) as lease:
        workspace = workspace.guarded(lease.check)
        settings = own_config(workspace, config_path_of(options), options.set, progress)
        progress.stage_begins(chosen.name, "asked for")
        overwrite = options.force is not None
        seconds = runner.run_stage(
            chosen,
            workspace,
            settings,
            replace(request, stage_alone=True),
            progress,
            overwrite=overwrite,
        )
        keep_own(workspace, options.set, settings)
        progress.stage_ends(chosen.name, seconds)
    return CommandResult(str((workspace.root / chosen.name).absolute()))


def book(options: Namespace) -> CommandResult:
    """Make a book of many lectures; status 1 when some of them failed."""
    from pipeline.book.filters import filters
    from pipeline.book.make import BookRequest, make_book
    from pipeline.cli.book_terminal import view

    style: Style = "quiet" if options.quiet else options.progress
    progress = progress_of(options)
    wish = BookRequest(
        tuple(options.sources),
        Path(options.output),
        options.title,
        options.engine,
        filters(options.limit, options.match, options.after, options.before),
        options.trust_code,
        options.replay,
    )
    made = make_book(wish, config_of(options), progress, lambda titles: view(style, titles))
    done = sum(entry.state == "done" for entry in made.record.entries)
    progress.note(f"{done} of {len(made.record.entries)} lectures are in the book")
    for entry in made.failed:
        what = f"{entry.failed_step}: " if entry.failed_step else ""
        progress.warn(f"not in the book: {entry.title or entry.source}: {what}{entry.reason}")
    return CommandResult(str(made.index), 1 if made.failed else 0)


def status(options: Namespace) -> CommandResult:
    """The state of every stage of one lecture, or of all, under the settings of each."""
    config_of(options)
    output = Path(options.output)
    names = [options.id] if options.id else resolve.known_ids(output)
    found = {}
    own = {}
    for name in names:
        workspace, request = resolve.open_existing(output, name)
        own[workspace.video_id] = read_own(workspace.root)
        settings = own_config(workspace, config_path_of(options), options.set)
        found[workspace.video_id] = runner.states(workspace, settings, request)
    if options.json:
        plain = {name: [asdict(state) for state in states] for name, states in found.items()}
        return CommandResult(json.dumps(plain, ensure_ascii=False, indent=2))
    lines = []
    for name, states in found.items():
        lines.append(name)
        if own[name]:
            lines.append(f"  settings of its own: {', '.join(as_overrides(own[name]))}")
        lines += [_state_line(state) for state in states]
    return CommandResult("\n".join(lines) or f"no chapters in {output}")


def _state_line(state: StageState) -> str:
    why = f"  {'; '.join(state.reasons)}" if state.reasons else ""
    kept = f"  [edited by hand: {', '.join(state.edited)}]" if state.edited else ""
    also = f"  ({state.remark})" if state.remark else ""
    return f"  {state.name:<11} {state.state:<8}{why}{kept}{also}".rstrip()


def estimate(options: Namespace) -> CommandResult:
    """Calls, tokens and cost of what the language model would still be asked."""
    from pipeline.writing.estimate import estimate as estimate_calls

    config_of(options)
    output = Path(options.output)
    try:
        workspace, request = existing_lecture(options)
    except UsageError:
        workspace, request = resolve.open_source(output, request_of(options)), request_of(options)
    progress = progress_of(options)
    with closing(progress), hold(workspace.root, tell=progress.warn) as lease:
        workspace = workspace.guarded(lease.check)
        settings = own_config(workspace, config_path_of(options), options.set, progress)
        runner.run_stages(workspace, settings, request, progress, until="segment")
    result = estimate_calls(workspace, settings, request, before_paying=True)
    return CommandResult(
        json.dumps(result.model_dump(mode="json"), indent=2) if options.json else result.describe()
    )


def check(options: Namespace) -> CommandResult:
    """Judge the cells of any Markdown file: status 0 when all are good."""
    from pipeline.cells.markdown_check import check_file

    settings = config_of(options)
    report = check_file(Path(options.file), settings.check, trust_code=options.trust_code)
    text = (
        json.dumps(report.model_dump(mode="json"), ensure_ascii=False, indent=2)
        if options.json
        else report.describe()
    )
    return CommandResult(text, 0 if report.is_good() else 1)


def export(options: Namespace) -> CommandResult:
    """Write the chapter as one file; the text is its path."""
    from pipeline.render.formats.export import export as export_chapter

    workspace, _ = resolve.open_existing(Path(options.output), options.id)
    target = Path(options.to) if options.to else None
    return CommandResult(str(export_chapter(workspace, options.format, target)))


def ask(options: Namespace) -> CommandResult:
    """Answer a question from what a chapter or a book says."""
    from pipeline.answering import chapters
    from pipeline.cli import ask as asking

    output = Path(options.output)
    workspaces = asking.workspaces_of_book(output, options.id)
    if not workspaces:
        workspaces = (resolve.open_existing(output, options.id)[0],)
    progress = reporter("plain")
    settings = own_config(workspaces[0], config_path_of(options), options.set, progress)
    found = chapters.ask(workspaces, " ".join(options.question), settings.llm, progress)
    progress.note(asking.cost_line(found))
    if found.dropped:
        progress.warn(f"{found.dropped} sentences were supported by no passage: left out")
    if options.json:
        return CommandResult(json.dumps(chapters.as_data(found), ensure_ascii=False, indent=2))
    return CommandResult(asking.as_text(found, workspaces))


def serve(options: Namespace) -> CommandResult:
    """Serve the output folder until interrupted."""
    from pipeline.server.app import serve as serve_chapters
    from pipeline.server.job_process import guarded_command
    from pipeline.server.jobs import JobQueue

    overrides = [f"serve.port={options.port}"] if options.port is not None else []
    overrides += [f"serve.pyodide={json.dumps(options.pyodide)}"] if options.pyodide else []
    whole = config_of(options, overrides)
    settings = whole.serve
    output = Path(options.output).absolute()
    name = resolve.open_existing(output, options.id)[0].video_id if options.id else None
    command = guarded_command(settings, options_for_jobs(options))
    queue = JobQueue(output, settings.jobs, command, settings.waiting)
    serve_chapters(output, settings, name, terminal.announce, queue, whole.llm)
    return CommandResult()


def config(options: Namespace) -> CommandResult:
    """The default ``config.yaml``."""
    from pipeline.cli.config_file import default_config_text

    return CommandResult(default_config_text().rstrip("\n"))


def doctor(options: Namespace) -> CommandResult:
    """What is installed, what is missing, and what to do about it."""
    from pipeline.cli.doctor import examine, examine_model

    settings = config_of(options)
    findings = examine(settings, Path(options.output))
    if options.model:
        findings += examine_model(settings, reporter("quiet"))
    if options.json:
        text = json.dumps([asdict(finding) for finding in findings], indent=2)
    else:
        text = "\n".join(finding.describe() for finding in findings)
    return CommandResult(text, 1 if any(finding.state == "missing" for finding in findings) else 0)


def completion(options: Namespace) -> CommandResult:
    """The script that completes words in a shell: ``eval "$(lecture-chapter completion bash)"``."""
    import shtab

    from pipeline.cli.parser import build_parser

    return CommandResult(shtab.complete(build_parser("lecture-chapter"), options.shell))


COMMANDS: Mapping[str, Callable[[Namespace], CommandResult]] = {
    "run": run,
    "stage": stage,
    "book": book,
    "status": status,
    "estimate": estimate,
    "check": check,
    "export": export,
    "ask": ask,
    "serve": serve,
    "config": config,
    "doctor": doctor,
    "completion": completion,
}


def _summarise(finished: list[runner.Ran], progress: RunProgress) -> None:
    ran = [stage for stage in finished if stage.seconds is not None]
    if not ran:
        progress.note("everything is up to date")
        return
    parts = ", ".join(f"{stage.name} {terminal.seconds_text(stage.seconds or 0)}" for stage in ran)
    total = terminal.seconds_text(sum(stage.seconds or 0 for stage in ran))
    progress.note(f"done in {total}: {parts}")

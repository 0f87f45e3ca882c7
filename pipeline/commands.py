"""What each command does: options in, text for stdout and an exit status out."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline import demo, origin, runner, terminal
from pipeline.config import Config, load_config
from pipeline.errors import UsageError
from pipeline.lock import hold
from pipeline.runner import RunProgress
from pipeline.stages.base import Request
from pipeline.timecode import parse_ms
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Outcome:
    """``text`` for stdout (none when empty) and the exit status."""

    text: str = ""
    status: int = 0


def run(options: Namespace) -> Outcome:
    """Make the chapter; the text is the path of its ``index.html``."""
    settings = _config(options)
    request = _request(options)
    progress = _progress(options)
    workspace = origin.open_source(Path(options.output), request)
    force = {None: (), "all": tuple(stage.name for stage in runner.STAGES)}.get(
        options.force, (options.force,)
    )
    _tell_cost(workspace, settings, request, progress)
    with closing(progress), hold(workspace.root, tell=progress.warn) as lease:
        workspace = workspace.guarded(lease.check)
        finished = runner.run_stages(
            workspace, settings, request, progress, until=options.until, force=force
        )
    _summarise(finished, progress)
    target = workspace.root / options.until
    return Outcome(str(target / "index.html" if options.until == "render" else target))


def stage(options: Namespace) -> Outcome:
    """Run one stage again; hand-edited files are kept unless ``--force``."""
    settings = _config(options)
    chosen = runner.named(options.name)
    progress = _progress(options)
    workspace, request = _existing(options)
    with closing(progress), hold(workspace.root, tell=progress.warn) as lease:
        workspace = workspace.guarded(lease.check)
        progress.stage_begins(chosen.name, "asked for")
        overwrite = options.force is not None
        seconds = runner.run_stage(
            chosen, workspace, settings, request, progress, overwrite=overwrite
        )
        progress.stage_ends(chosen.name, seconds)
    return Outcome(str(workspace.root / chosen.name))


def book(options: Namespace) -> Outcome:
    """Make a book of many lectures; status 1 when some of them failed."""
    from pipeline.book.filters import filters
    from pipeline.book.make import Wish, make_book
    from pipeline.book.view import view

    style: terminal.Style = "quiet" if options.quiet else options.progress
    progress = _progress(options)
    wish = Wish(
        tuple(options.sources),
        Path(options.output),
        options.title,
        options.engine,
        filters(options.limit, options.match, options.after, options.before),
        options.trust_code,
        options.replay,
    )
    made = make_book(wish, _config(options), progress, lambda titles: view(style, titles))
    done = sum(entry.state == "done" for entry in made.record.entries)
    progress.note(f"{done} of {len(made.record.entries)} lectures are in the book")
    for entry in made.failed:
        what = f"{entry.failed_step}: " if entry.failed_step else ""
        progress.warn(f"not in the book: {entry.title or entry.source}: {what}{entry.reason}")
    return Outcome(str(made.index), 1 if made.failed else 0)


def status(options: Namespace) -> Outcome:
    """The state of every stage of one lecture, or of all."""
    settings = _config(options)
    output = Path(options.output)
    names = [options.id] if options.id else origin.known_ids(output)
    found = {}
    for name in names:
        workspace, request = origin.open_existing(output, name)
        found[workspace.video_id] = runner.states(workspace, settings, request)
    if options.json:
        plain = {name: [asdict(state) for state in states] for name, states in found.items()}
        return Outcome(json.dumps(plain, ensure_ascii=False, indent=2))
    lines = []
    for name, states in found.items():
        lines.append(name)
        for state in states:
            why = f"  {'; '.join(state.reasons)}" if state.reasons else ""
            kept = f"  [edited by hand: {', '.join(state.edited)}]" if state.edited else ""
            also = f"  ({state.remark})" if state.remark else ""
            lines.append(f"  {state.name:<11} {state.state:<8}{why}{kept}{also}".rstrip())
    return Outcome("\n".join(lines) or f"no chapters in {output}")


def estimate(options: Namespace) -> Outcome:
    """Calls, tokens and cost of what the language model would still be asked."""
    from pipeline.llm.estimate import estimate as estimate_calls

    settings = _config(options)
    output = Path(options.output)
    try:
        workspace, request = _existing(options)
    except UsageError:
        workspace, request = origin.open_source(output, _request(options)), _request(options)
    progress = _progress(options)
    with closing(progress), hold(workspace.root, tell=progress.warn) as lease:
        workspace = workspace.guarded(lease.check)
        runner.run_stages(workspace, settings, request, progress, until="segment")
    result = estimate_calls(workspace, settings, request)
    return Outcome(
        json.dumps(result.model_dump(mode="json"), indent=2) if options.json else result.describe()
    )


def check(options: Namespace) -> Outcome:
    """Judge the cells of any Markdown file: status 0 when all are good."""
    from pipeline.cells.markdown_check import check_file

    settings = _config(options)
    report = check_file(Path(options.file), settings.check, trust_code=options.trust_code)
    text = (
        json.dumps(report.model_dump(mode="json"), ensure_ascii=False, indent=2)
        if options.json
        else report.describe()
    )
    return Outcome(text, 0 if report.is_good() else 1)


def export(options: Namespace) -> Outcome:
    """Write the chapter as one file; the text is its path."""
    from pipeline.site.export import export as export_chapter

    workspace, _ = origin.open_existing(Path(options.output), options.id)
    target = Path(options.to) if options.to else None
    return Outcome(str(export_chapter(workspace, options.format, target)))


def serve(options: Namespace) -> Outcome:
    """Serve the output folder until interrupted."""
    from pipeline.site.jobs import JobQueue, guarded_command
    from pipeline.site.server import serve as serve_chapters

    overrides = [f"serve.port={options.port}"] if options.port is not None else []
    settings = _config(options, overrides).serve
    output = Path(options.output).absolute()
    name = origin.open_existing(output, options.id)[0].video_id if options.id else None
    command = guarded_command(settings, options_for_jobs(options))
    queue = JobQueue(output, settings.jobs, command, settings.waiting)
    serve_chapters(output, settings, name, terminal.announce, queue)
    return Outcome()


def options_for_jobs(options: Namespace) -> list[str]:
    """What was said to ``serve`` and holds for the lectures that it converts, too.

    The settings of the server itself are left out: its token must not stand in a list of processes.
    """
    config = ["--config", str(Path(options.config).absolute())] if options.config else []
    own = [given for given in options.set if not given.strip().startswith("serve.")]
    return [*config, *(word for given in own for word in ("--set", given))]


def config(options: Namespace) -> Outcome:
    """The default ``config.yaml``."""
    from pipeline.config_file import default_config_text

    return Outcome(default_config_text().rstrip("\n"))


def doctor(options: Namespace) -> Outcome:
    """What is installed, what is missing, and what to do about it."""
    from pipeline.doctor import examine

    findings = examine(_config(options), Path(options.output))
    if options.json:
        text = json.dumps([asdict(finding) for finding in findings], indent=2)
    else:
        text = "\n".join(finding.describe() for finding in findings)
    return Outcome(text, 1 if any(finding.state == "missing" for finding in findings) else 0)


COMMANDS: Mapping[str, Callable[[Namespace], Outcome]] = {
    "run": run,
    "stage": stage,
    "book": book,
    "status": status,
    "estimate": estimate,
    "check": check,
    "export": export,
    "serve": serve,
    "config": config,
    "doctor": doctor,
}


def _config(options: Namespace, more: list[str] | None = None) -> Config:
    path = Path(options.config) if options.config else None
    return load_config(path, [*options.set, *(more or [])])


def _progress(options: Namespace) -> terminal.QuietReporter:
    return terminal.reporter("quiet" if options.quiet else options.progress)


def _source(options: Namespace) -> str:
    """SOURCE; ``-`` stands for the first line of standard input, which no other user can read."""
    if options.source != "-":
        return str(options.source)
    source = sys.stdin.readline().strip()
    if not source:
        raise UsageError("SOURCE is -, and standard input is empty", "echo ADDRESS | ... run -")
    return source


def _request(options: Namespace) -> Request:
    source = demo.video() if options.source == "demo" else _source(options)
    start_ms = _time(getattr(options, "start", None)) or 0
    end_ms = _time(getattr(options, "end", None))
    if end_ms is not None and end_ms <= start_ms:
        raise UsageError(f"--to {options.end} is not after --from {options.start or 0}")
    return Request(
        str(source), start_ms, end_ms, trust_code=options.trust_code, replay=options.replay
    )


def _existing(options: Namespace) -> tuple[Workspace, Request]:
    source = str(demo.video()) if options.source == "demo" else options.source
    workspace, known = origin.open_existing(Path(options.output), source)
    request = Request(
        known.source,
        known.start_ms,
        known.end_ms,
        only_section=getattr(options, "section", None),
        instructions=getattr(options, "instructions", ""),
        trust_code=options.trust_code,
        replay=options.replay,
    )
    return workspace, request


def _time(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return parse_ms(text)
    except ValueError as error:
        raise UsageError(str(error), "write times as 1:02:03, 02:03 or 95 (seconds)") from error


def _tell_cost(
    workspace: Workspace, settings: Config, request: Request, progress: RunProgress
) -> None:
    """What the language model will cost, before anything is asked; nothing when nothing is."""
    from pipeline.llm.estimate import estimate as estimate_calls

    expected = estimate_calls(workspace, settings, request)
    if expected.edition == "llm" and not request.replay and expected.open_calls:
        progress.note(expected.describe())


def _summarise(finished: list[runner.Ran], progress: RunProgress) -> None:
    ran = [stage for stage in finished if stage.seconds is not None]
    if not ran:
        progress.note("everything is up to date")
        return
    parts = ", ".join(f"{stage.name} {terminal.seconds_text(stage.seconds or 0)}" for stage in ran)
    total = terminal.seconds_text(sum(stage.seconds or 0 for stage in ran))
    progress.note(f"done in {total}: {parts}")

"""What the options of the commands stand for: settings, a request, a lecture, a reporter."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path

from pipeline import demo
from pipeline.cli.terminal import QuietReporter, Style, reporter
from pipeline.engine.stage import Request
from pipeline.engine.workspace import Workspace
from pipeline.errors import UsageError
from pipeline.settings.config import Config, load_config
from pipeline.sources import resolve
from pipeline.timecode import parse_ms


def config_of(options: Namespace, more: list[str] | None = None) -> Config:
    """The settings of ``--config``, those of ``--set`` over them, and ``more`` over both.

    Raises:
        ConfigError: a file or a setting that is wrong.
    """
    return load_config(config_path_of(options), [*options.set, *(more or [])])


def overrides_of(options: Namespace) -> list[str]:
    """The options of ``run`` that are short for a setting, as ``section.key=value``."""
    given = []
    if options.language is not None:
        given.append(f"transcribe.language={json.dumps(options.language)}")
    if options.track is not None:
        given.append(f"transcribe.track={options.track}")
    return given


def config_path_of(options: Namespace) -> Path | None:
    """The file of ``--config``; None where none is named."""
    return Path(options.config) if options.config else None


def progress_of(options: Namespace) -> QuietReporter:
    """The reporter of ``--quiet``, ``--verbose`` and ``--progress``."""
    style: Style = "quiet" if options.quiet else options.progress
    return reporter("log" if options.verbose and style == "auto" else style)


def options_for_jobs(options: Namespace) -> list[str]:
    """What was said to ``serve`` and holds for the lectures that it converts, too.

    The settings of the server itself are left out: its token must not stand in a list of processes.
    """
    config = ["--config", str(Path(options.config).absolute())] if options.config else []
    own = [given for given in options.set if not given.strip().startswith("serve.")]
    return [*config, *(word for given in own for word in ("--set", given))]


def _source(options: Namespace) -> str:
    """SOURCE; ``-`` stands for the first line of standard input, which no other user can read."""
    if options.source != "-":
        return str(options.source)
    source = sys.stdin.readline().strip()
    if not source:
        raise UsageError("SOURCE is -, and standard input is empty", "echo ADDRESS | ... run -")
    return source


def request_of(options: Namespace) -> Request:
    """What ``run`` and ``estimate`` are to convert.

    Raises:
        UsageError: no source, a time that is none, an empty range, or no folder of replies.
    """
    _check_replay(options)
    source = demo.video() if options.source == "demo" else _source(options)
    start_ms = _time(getattr(options, "start", None)) or 0
    end_ms = _time(getattr(options, "end", None))
    if end_ms is not None and end_ms <= start_ms:
        raise UsageError(f"--to {options.end} is not after --from {options.start or 0}")
    return Request(
        str(source), start_ms, end_ms, trust_code=options.trust_code, replay=options.replay
    )


def _check_replay(options: Namespace) -> None:
    if options.replay and not Path(options.replay).is_dir():
        raise UsageError(f"--replay {options.replay}: there is no such folder")


def existing_lecture(options: Namespace) -> tuple[Workspace, Request]:
    """A lecture that was converted before, by its source or its id, and the request for it.

    Raises:
        UsageError: there is none of that name, or no folder of replies.
    """
    _check_replay(options)
    source = str(demo.video()) if options.source == "demo" else options.source
    workspace, known = resolve.open_existing(Path(options.output), source)
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

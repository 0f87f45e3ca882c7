"""The command line: the only place that prints or exits.

``python -m pipeline run SOURCE`` and its fellows; its words are in
``parser.py``, what each command does is in ``commands.py``. Modules
that take long to import are imported only where a command needs them: ``--help`` is instant.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from pipeline.cli import process
from pipeline.cli.parser import build_parser, name_bare_force


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status (0 done, 1 failed, 2 usage, 130 interrupted).

    Args:
        arguments: the words of the command; None: those this process was started with, and then
            its signals and streams are set up too.
    """
    if arguments is None:
        process.set_up()
    try:
        return _run(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        if arguments is None:
            process.leave_interrupted()
        print(process.GO_ON, file=sys.stderr)
        return process.INTERRUPTED


def _run(words: list[str]) -> int:
    options = build_parser().parse_args(name_bare_force(words))
    from pipeline.cli import logs
    from pipeline.errors import PipelineError

    logs.set_up(options.verbose, sys.stderr)
    try:
        from pipeline.cli import commands

        outcome = commands.COMMANDS[options.command](options)
    except PipelineError as error:
        return _failed(error, error.exit_status, options.debug)
    except Exception as error:
        unexpected = f"unexpected {type(error).__name__}: {error} (--debug shows where)"
        return _failed(Exception(unexpected) if not options.debug else error, 1, options.debug)
    try:
        if outcome.text:
            print(outcome.text, flush=True)
    except OSError as error:
        process.discard_output(1)
        if isinstance(error, BrokenPipeError):
            return 1  # the reader has gone (`| head`), and knows it
        return _failed(
            OSError(f"standard output cannot be written: {error.strerror}"), 1, options.debug
        )
    if outcome.error:
        return _failed(outcome.error, outcome.status, debug=False)
    return outcome.status


def _failed(error: BaseException, status: int, debug: bool) -> int:
    from pipeline.redaction import redact

    if debug:
        import traceback

        print(redact("".join(traceback.format_exception(error))), end="", file=sys.stderr)
    message = redact(" ".join(str(error).split()))
    print(f"error: {message}", file=sys.stderr)
    return status

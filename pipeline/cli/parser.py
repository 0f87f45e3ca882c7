"""The words of the command line: commands and their options.

Imported for ``--help`` too, so nothing here takes long to import.
"""

from __future__ import annotations

import argparse
import re
from typing import NoReturn, TypeAlias

from pipeline.engine.stage_names import STAGE_NAMES
from pipeline.program import program_name
from pipeline.render.formats.names import FORMATS

_ALL = "all"

_Commands: TypeAlias = "argparse._SubParsersAction[_Parser]"


def build_parser(program: str | None = None) -> argparse.ArgumentParser:
    """The whole command line; ``program`` is what it calls itself, None: as it was started."""
    parser = _Parser(
        prog=program or program_name(),
        description="Turn a lecture video into a book chapter: text, figures and checked code, "
        "every passage linked to its second of the video.",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (
        _run,
        _stage,
        _book,
        _status,
        _estimate,
        _check,
        _export,
        _ask,
        _serve,
        _config,
        _doctor,
        _completion,
    ):
        add(commands)
    return parser


def name_bare_force(words: list[str]) -> list[str]:
    """``--force`` without a stage means all; argparse alone would take SOURCE for the stage."""
    named = []
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        bare = word == "--force" and following not in STAGE_NAMES
        named.append(f"--force={_ALL}" if bare else word)
    return named


def _run(commands: _Commands) -> None:
    parser = commands.add_parser(
        "run", help="make the chapter, doing only what is missing or stale"
    )
    parser.add_argument(
        "source",
        metavar="SOURCE",
        help="URL or local video; 'demo' is the bundled one; '-' reads it from standard input",
    )
    parser.add_argument(
        "--from", dest="start", metavar="T", help="convert from this time (1:02:03, 95)"
    )
    parser.add_argument("--to", dest="end", metavar="T", help="convert up to this time")
    # For programs that start runs, such as the server of ours: a run does not outlive them.
    parser.add_argument("--end-with-input", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--until", choices=STAGE_NAMES, default="render", help="last stage to run")
    parser.add_argument("--language", metavar="CODE", help="language spoken, e.g. en, de, zh")
    parser.add_argument("--track", type=int, metavar="N", help="audio track to listen to, from 1")
    parser.add_argument(
        "--reset",
        action="store_true",
        help="drop the settings that earlier commands gave this lecture by --set",
    )
    parser.add_argument(
        "--allow-silent",
        action="store_true",
        help="a chapter without a spoken word is what is wanted: exit status 0",
    )
    _add_force(parser, "run even what is fresh, overwriting hand edits: one stage, or all")
    _add_run_options(parser)


def _stage(commands: _Commands) -> None:
    parser = commands.add_parser("stage", help="run exactly one stage again")
    parser.add_argument("name", metavar="NAME", help=", ".join(STAGE_NAMES))
    parser.add_argument("source", metavar="SOURCE_OR_ID")
    parser.add_argument("--section", type=int, metavar="N", help="write: only the Nth section")
    parser.add_argument("--instructions", default="", metavar="TEXT", help="write: wishes for it")
    parser.add_argument("--force", nargs="?", const=_ALL, metavar="", help="overwrite hand edits")
    _add_run_options(parser)


def _book(commands: _Commands) -> None:
    parser = commands.add_parser("book", help="make a book of many lectures: a playlist, a folder")
    parser.add_argument(
        "sources",
        nargs="+",
        metavar="SOURCE",
        help="playlist or channel URL, text file with a source a line, folder of videos, video",
    )
    parser.add_argument("--title", metavar="T", help="default: the playlist's or the folder's")
    parser.add_argument(
        "--engine", choices=("local", "ray"), default="local", help="this machine, or a Ray cluster"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N lectures")
    parser.add_argument("--match", metavar="REGEX", help="only lectures whose title matches")
    parser.add_argument("--after", metavar="DATE", help="only those published on this day or later")
    parser.add_argument(
        "--before", metavar="DATE", help="only those published on this day or sooner"
    )
    _add_run_options(parser)


def _status(commands: _Commands) -> None:
    parser = commands.add_parser("status", help="which stages are fresh, stale (why) or missing")
    parser.add_argument("id", nargs="?", metavar="ID", help="one lecture; all without it")
    _add_json(parser)
    _add_common(parser)


def _estimate(commands: _Commands) -> None:
    parser = commands.add_parser("estimate", help="calls, tokens and cost before paying")
    parser.add_argument("source", metavar="SOURCE_OR_ID")
    _add_json(parser)
    _add_run_options(parser)


def _check(commands: _Commands) -> None:
    parser = commands.add_parser("check", help="run and judge the code cells of a Markdown file")
    parser.add_argument("file", metavar="FILE.md")
    parser.add_argument("--trust-code", action="store_true", help="run cells without a sandbox")
    _add_json(parser)
    _add_common(parser)


def _export(commands: _Commands) -> None:
    parser = commands.add_parser("export", help="write the chapter as one file")
    parser.add_argument("id", metavar="ID")
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="html",
        help="default: html",
    )
    parser.add_argument("--to", metavar="FILE", help="where to; default: in the chapter's folder")
    _add_common(parser)


def _ask(commands: _Commands) -> None:
    parser = commands.add_parser("ask", help="ask a chapter, or a book, a question")
    parser.add_argument("id", metavar="ID", help="of a chapter, or the name of a book")
    parser.add_argument("question", metavar="QUESTION", nargs="+")
    _add_json(parser)
    _add_common(parser)


def _serve(commands: _Commands) -> None:
    parser = commands.add_parser("serve", help="browse the chapters, with their videos")
    parser.add_argument("id", nargs="?", metavar="ID", help="open at this chapter")
    parser.add_argument("--port", type=int, metavar="N", help="0: any free port")
    parser.add_argument(
        "--pyodide", metavar="FOLDER", help="run cells in the page, with the Pyodide of this folder"
    )
    _add_common(parser)


def _config(commands: _Commands) -> None:
    parser = commands.add_parser("config", help="print config.yaml with every setting's default")
    _add_common(parser)


def _doctor(commands: _Commands) -> None:
    parser = commands.add_parser("doctor", help="what is installed, what is missing, what to do")
    parser.add_argument(
        "--model",
        action="store_true",
        help="ask the configured model three small questions: can it plan, cite, write JSON?",
    )
    _add_json(parser)
    _add_common(parser)


def _completion(commands: _Commands) -> None:
    parser = commands.add_parser("completion", help="print what completes words in your shell")
    parser.add_argument("shell", choices=("bash", "zsh", "fish", "tcsh", "powershell"))
    parser.add_argument("-v", "--verbose", action="count", default=0, help=argparse.SUPPRESS)
    parser.add_argument("--debug", action="store_true", help=argparse.SUPPRESS)


def _add_force(parser: argparse.ArgumentParser, help_text: str) -> None:
    parser.add_argument(
        "--force",
        nargs="?",
        const=_ALL,
        choices=(*STAGE_NAMES, _ALL),
        metavar="STAGE",
        help=help_text,
    )


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs")


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", default="output", metavar="DIR", help="default: output")
    parser.add_argument("--config", metavar="FILE", help="default: config.yaml, if there is one")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="section.key=value",
        help="one setting; may be repeated",
    )
    parser.add_argument(
        "-v",
        "--verbose",
        action="count",
        default=0,
        help="log to stderr, with times; -vv: in detail",
    )
    parser.add_argument("--debug", action="store_true", help="tracebacks")


def _add_run_options(parser: argparse.ArgumentParser) -> None:
    _add_common(parser)
    parser.add_argument("--quiet", action="store_true", help="only warnings and errors")
    parser.add_argument(
        "--progress",
        choices=("auto", "rich", "plain", "json"),
        default="auto",
        help="default: auto",
    )
    parser.add_argument("--replay", metavar="FOLDER", help="recorded replies instead of a server")
    parser.add_argument("--trust-code", action="store_true", help="run cells without a sandbox")


def _version() -> str:
    from pipeline import __version__

    return f"lecture-chapter {__version__}"


class _Parser(argparse.ArgumentParser):
    """A parser that says what a misspelt word was meant to be."""

    def error(self, message: str) -> NoReturn:
        """End with status 2, as usual, after one line more to the point."""
        from pipeline.errors import did_you_mean

        if wrong := re.search(r"invalid choice: '([^']*)' \(choose from (.*)\)", message):
            known = [word.strip(" '") for word in wrong[2].split(",")]
            message += did_you_mean(wrong[1], known)
        elif wrong := re.search(r"unrecognized arguments: (--[\w-]+)", message):
            message += did_you_mean(wrong[1], self._options())
        super().error(message)

    def _options(self) -> list[str]:
        """The options of this parser and of its commands."""
        commands = [
            command
            for action in self._actions
            if isinstance(action, argparse._SubParsersAction)
            for command in action.choices.values()
        ]
        return [*self._option_string_actions] + [
            option for command in commands for option in command._option_string_actions
        ]

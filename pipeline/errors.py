"""Every error the pipeline raises on purpose, as one tree.

A message says what failed, on which input, and why; the hint says what to do next. The command line
prints both on one ``error:`` line and exits with the class's ``exit_status``. Neither ever holds a
secret: passwords and tokens in addresses, and keys, are blotted out when the error is made.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.redaction import redact

# difflib's own default; `max_hight` and `max_height` have 0.95, `rn` and `run` 0.8.
_LIKE = 0.6


class PipelineError(Exception):
    """Base of all deliberate errors.

    Args:
        message: what failed, on which input, and why; one sentence, no trailing full stop needed.
        hint: what to do next; empty when there is nothing the user can do.
    """

    exit_status = 1

    def __init__(self, message: str, hint: str = "") -> None:
        # Here, since errors end in many places: logs, job files, a book's list, a page.
        self.message = redact(message)
        self.hint = redact(hint)
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UsageError(PipelineError):
    """The command was called in a way that cannot work: exit status 2."""

    exit_status = 2


class ConfigError(UsageError):
    """The configuration has problems; all of them are listed at once.

    Args:
        problems: one line for each problem, naming the setting (``section.key``).
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("configuration: " + "; ".join(problems))
        self.problems = [redact(problem) for problem in problems]


class MissingDependencyError(PipelineError):
    """An optional package or program is needed and not installed; the hint names the extra."""


class WorkspaceError(PipelineError):
    """The output folder cannot be read or written (disk full, read-only, not a folder)."""


class ArtifactError(WorkspaceError):
    """An artifact is missing, damaged or from another version."""


class LockedError(WorkspaceError):
    """Another run is working on the same video; the message says who."""


class SourceError(PipelineError):
    """The source cannot be turned into a video: unreachable, private, live, not a video, empty."""


class MissingFileError(SourceError):
    """A file that was named is not there, or is a folder: exit status 2."""

    exit_status = 2


class MediaError(PipelineError):
    """A media file could not be probed or decoded."""


class CaptionError(PipelineError):
    """A caption file could not be parsed; the message names the file and the line."""


class SpeechError(PipelineError):
    """Transcription failed: no engine, no model, a damaged model, no audio."""


class ScreenError(PipelineError):
    """Frames could not be found, taken or read."""


class LLMError(PipelineError):
    """The language model could not be asked or its reply cannot be used."""


class BudgetError(LLMError):
    """The next call would pass ``llm.max_cost`` or ``llm.max_tokens``; work so far is kept."""


class OutlineError(PipelineError):
    """The outline does not cover the segments in order (after a hand edit, usually)."""


class PromptError(PipelineError):
    """A prompt template is missing or names an unknown variable."""


class SandboxError(PipelineError):
    """The sandbox for cells could not be started."""


class RenderError(PipelineError):
    """The chapter could not be rendered or exported."""


class ServeError(PipelineError):
    """The web server could not be started."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`` (did you mean segment.min_s?)``, or nothing where no known name is like it.

    >>> did_you_mean("rnu", ["run", "stage"])
    ' (did you mean run?)'
    >>> did_you_mean("rnu", ["stage"])
    ''
    """
    import difflib  # slow to import, and rarely wanted

    found = difflib.get_close_matches(name, list(known), n=1, cutoff=_LIKE)
    return f" (did you mean {found[0]}?)" if found else ""

"""Checking any Markdown text or file, outside the pipeline."""

from __future__ import annotations

from pathlib import Path

from pipeline.cells.checker import Text, check_texts
from pipeline.cells.environment import prepare_environment
from pipeline.cells.report import Report
from pipeline.document.parse import parse
from pipeline.errors import MissingFileError, SourceError
from pipeline.settings.check import CheckSettings


def check_markdown(text: str, settings: CheckSettings, trust_code: bool = False) -> Report:
    """The report on the cells of a Markdown text.

    Raises:
        SandboxError: the sandbox was found to work and then did not start.
    """
    return check_texts(
        [Text("", parse(text))], prepare_environment(settings, trust_code, text), settings
    ).report


def check_file(path: Path, settings: CheckSettings, trust_code: bool = False) -> Report:
    """The report on the cells of a Markdown file.

    Raises:
        SourceError: the file cannot be read or is no UTF-8 text.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, IsADirectoryError) as error:
        raise MissingFileError(f"{path} cannot be read: {error.strerror}", "name a file") from error
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is no UTF-8 text", "save it as UTF-8") from error
    return check_markdown(text, settings, trust_code)

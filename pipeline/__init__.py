"""Lecture video in, book chapter out. The command line is ``python -m pipeline``.

As a library: ``convert``, ``Lecture``, ``Chapter``, ``Event`` (see ``api.py``), and
``PipelineError``, the base of all errors. Importing this loads none of it and changes nothing in
the process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.api import Chapter, Event, Lecture, convert
    from pipeline.errors import PipelineError

__version__ = "0.2.0"
__all__ = ["Chapter", "Event", "Lecture", "PipelineError", "__version__", "convert"]

_HOME = {
    "Chapter": "pipeline.api",
    "Event": "pipeline.api",
    "Lecture": "pipeline.api",
    "PipelineError": "pipeline.errors",
    "convert": "pipeline.api",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})

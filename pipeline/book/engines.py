"""The engine that was asked for, set up as the settings say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.book.local import LocalEngine
from pipeline.book.plan import Engine
from pipeline.config import Config
from pipeline.errors import UsageError
from pipeline.settings.book import BookSettings


def engine_named(name: str, config: Config, output: Path) -> tuple[Engine, Callable[[], None]]:
    """The engine ``local`` or ``ray``, and what to call when it is done with.

    Raises:
        UsageError: there is no such engine.
        PipelineError: it cannot be started.
    """
    if name == "ray":
        from pipeline.book.ray_engine import RayEngine

        engine = RayEngine(config.ray, shared=output)
        return engine, engine.close
    if name != "local":
        raise UsageError(f"there is no engine {name!r}", "the engines are local, ray")
    return local_engine(config.book), lambda: None


def local_engine(settings: BookSettings) -> Engine:
    """The local engine as the settings say."""
    return LocalEngine(
        {
            "network": settings.downloads,
            "speech": settings.transcriptions,
            "screen": settings.screens,
            "model": settings.writings,
            "checks": settings.checks,
        },
        settings.in_flight,
        settings.attempts,
    )

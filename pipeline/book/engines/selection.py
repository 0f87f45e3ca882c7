"""The engine that was asked for, set up as the settings say."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from pipeline.book.engines.local import LocalEngine
from pipeline.book.engines.plan import Engine
from pipeline.errors import UsageError
from pipeline.settings.book import BookSettings
from pipeline.settings.config import Config


@contextlib.contextmanager
def engine_named(name: str, config: Config, output: Path) -> Iterator[Engine]:
    """The engine ``local`` or ``ray``, until the block ends.

    Raises:
        UsageError: there is no such engine.
        PipelineError: it cannot be started.
    """
    if name == "ray":
        from pipeline.book.engines.ray_engine import RayEngine

        with contextlib.closing(RayEngine(config.ray, shared=output)) as engine:
            yield engine
    elif name == "local":
        yield local_engine(config.book)
    else:
        raise UsageError(f"there is no engine {name!r}", "the engines are local, ray")


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

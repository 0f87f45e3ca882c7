"""The check stage: run the article's cells, and put their real outputs in place."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from pipeline.cells.bench import furnish, minbpe_folder
from pipeline.cells.checker import check_article
from pipeline.cells.moments import Moments
from pipeline.cells.sandbox import describe
from pipeline.config import Config
from pipeline.files import sha256_of
from pipeline.model import Article, Segments
from pipeline.settings.check import CheckSettings
from pipeline.stages.base import Context, Request, Stage, pick


def depends(config: Config) -> Mapping[str, str]:
    """The settings, the data files, the interpreter, minbpe and the sandbox."""
    found = {"python": ".".join(map(str, sys.version_info[:3])), "minbpe": _print_of_minbpe()}
    for name in config.check.files:
        path = Path(name).expanduser()
        found[f"file {name}"] = sha256_of(path) if path.is_file() else "missing"
    if config.check.execute:
        found["sandbox"] = describe(config.check.sandbox, config.check.image).kind
    return found | pick(config, "check")


def observes(request: Request) -> Mapping[str, str]:
    """Whether the code is trusted."""
    return {"trust code": str(request.trust_code)}


def _print_of_minbpe() -> str:
    prints = [sha256_of(path) for path in sorted(minbpe_folder().glob("*.py"))]
    return str(sum(int(one[:8], 16) for one in prints))


def run(context: Context, settings: CheckSettings) -> None:
    """Write ``article.json``, ``report.json``, ``cells/`` and ``pictures/``.

    Raises:
        SourceError: a file of ``check.files`` is not there.
        SandboxError: the sandbox was found to work and then did not start.
    """
    article = context.workspace.read("write/article.json", Article)
    segments = context.workspace.read("segment/segments.json", Segments)
    bench = furnish(settings, context.request.trust_code)
    checked = check_article(article, bench, settings, Moments(segments).of, context.progress)
    for name, text in checked.sources.items():
        context.folder.write_text(name, text)
    for name, data in checked.pictures.items():
        context.folder.write_bytes(name, data)
    context.folder.write_json("article.json", checked.article)
    context.folder.write_json("report.json", checked.report)
    if checked.report.cells and not bench.sandbox.usable and settings.execute:
        context.progress.warn(
            f"the cells were not executed: {bench.sandbox.detail}; "
            "install bubblewrap, or pass --trust-code"
        )
    elif checked.report.headline:
        context.progress.note(checked.report.headline)


STAGE = Stage(
    name="check",
    version=1,
    reads=("write/article.json", "segment/segments.json"),
    sections=("check",),
    depends=depends,
    run=run,
    observes=observes,
)

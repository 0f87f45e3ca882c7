"""The check stage: run the article's cells, and put their real outputs in place."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from pipeline.artifacts import SEGMENTS, WRITTEN
from pipeline.cells.cell_times import CellTimes
from pipeline.cells.checker import check_article
from pipeline.cells.environment import minbpe_folder, prepare_environment
from pipeline.cells.model_repairer import PROMPT, ModelRepairer
from pipeline.cells.sandbox.selection import describe
from pipeline.document.article import Article
from pipeline.engine.files import sha256_of
from pipeline.engine.stage import Context, Request, Stage, pick
from pipeline.llm.prompts import prompt_hashes
from pipeline.llm.reply_store import recording_hash
from pipeline.llm.stage_client import open_client
from pipeline.settings.config import Config
from pipeline.writing.edition import wanted_edition


def depends(config: Config) -> Mapping[str, str]:
    """The settings, the data files, the interpreter, minbpe, the sandbox, and who repairs."""
    found = {"python": ".".join(map(str, sys.version_info[:3])), "minbpe": _print_of_minbpe()}
    for name in config.check.files:
        path = Path(name).expanduser()
        found[f"file {name}"] = sha256_of(path) if path.is_file() else "missing"
    if config.check.execute:
        found["sandbox"] = describe(config.check.sandbox, config.check.image).kind
    if config.check.repairs and wanted_edition(config.write, config.llm, os.environ) == "llm":
        found |= pick(config, "llm") | prompt_hashes(PROMPT)
    return found | pick(config, "check")


def observes(request: Request) -> Mapping[str, str]:
    """Whether the code is trusted, and the recorded replies that stand in for a server."""
    seen = {"trust code": str(request.trust_code)}
    if request.replay:
        seen["recorded replies"] = recording_hash(request.replay)
    return seen


def _print_of_minbpe() -> str:
    prints = [sha256_of(path) for path in sorted(minbpe_folder().glob("*.py"))]
    return str(sum(int(one[:8], 16) for one in prints))


def run(context: Context, config: Config) -> None:
    """Write ``article.json``, ``report.json``, ``cells/`` and ``pictures/``.

    Raises:
        SourceError: a file of ``check.files`` is not there.
        SandboxError: the sandbox was found to work and then did not start.
    """
    settings, llm = config.check, config.llm
    article = context.workspace.read(WRITTEN)
    segments = context.workspace.read(SEGMENTS)
    environment = prepare_environment(settings, context.request.trust_code, _text_of(article))
    repairer = None
    replay = context.request.replay
    edition = wanted_edition(config.write, llm, os.environ, replay)
    if article.edition == edition == "llm" and environment.sandbox.usable:
        client = open_client(context.workspace, "check", llm, context.progress, replay)
        repairer = ModelRepairer(client, segments, context.workspace.root, context.progress)
    checked = check_article(
        article, environment, settings, CellTimes(segments).of, context.progress, repairer
    )
    for name, text in checked.sources.items():
        context.folder.write_text(name, text)
    for name, data in checked.pictures.items():
        context.folder.write_bytes(name, data)
    context.folder.write_json("article.json", checked.article)
    context.folder.write_json("report.json", checked.report)
    if checked.report.cells and not environment.sandbox.usable and settings.execute:
        context.progress.warn(
            f"the cells were not executed: {environment.sandbox.detail} "
            f"({environment.sandbox.remedy})"
        )
    elif checked.report.headline:
        context.progress.note(checked.report.headline)


def _text_of(article: Article) -> str:
    return "\n".join(section.markdown for section in article.sections)


STAGE = Stage(
    name="check",
    version=4,
    reads=(WRITTEN.name, SEGMENTS.name),
    depends=depends,
    run=run,
    observes=observes,
)

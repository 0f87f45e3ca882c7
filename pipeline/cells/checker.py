"""Checking an article: run its cells, compare, judge, and put the real outputs in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.cells.bench import Bench
from pipeline.cells.extract import Cell, defined_names, extract, has_magic
from pipeline.cells.interpreter import Interpreter
from pipeline.cells.oracle_verdicts import OracleVerdicts
from pipeline.cells.oracles import Scope
from pipeline.cells.outcome import Outcome
from pipeline.cells.report import CellReport, Report, summary_of
from pipeline.cells.rewrite import Shown, corrected, rewrite
from pipeline.cells.verdict import Verdict, judge
from pipeline.model import Article, Section
from pipeline.progress import Progress, Silent
from pipeline.settings.check import CheckSettings

_KEPT = 64 * 1024
TimeOf = Callable[[Section, int], int | None]


@dataclass(frozen=True)
class Text:
    """A Markdown text to check; ``time_at`` gives the moment that its line n stands for."""

    id: str
    markdown: str
    time_at: Callable[[int], int | None] = lambda line: None


@dataclass(frozen=True)
class CheckedTexts:
    """The texts with real outputs in place, the report, the pictures by path, the cells' code."""

    markdown: tuple[str, ...]
    report: Report
    pictures: dict[str, bytes]
    sources: dict[str, str]


@dataclass(frozen=True)
class CheckedArticle:
    """The article with real outputs in place, and all that belongs to it."""

    article: Article
    report: Report
    pictures: dict[str, bytes]
    sources: dict[str, str]


def check_texts(
    texts: Sequence[Text],
    bench: Bench,
    settings: CheckSettings,
    progress: Progress | None = None,
) -> CheckedTexts:
    """Check texts whose cells share one namespace, in order.

    Raises:
        SandboxError: the sandbox was found to work and then did not start.
    """
    extracted: list[list[Cell]] = []
    for text in texts:
        extracted.append(extract(text.markdown, text.id, 1 + sum(map(len, extracted))))
    total = sum(map(len, extracted))
    with _Check(bench, settings) as check:
        written = []
        for text, cells in zip(texts, extracted, strict=True):
            shown = []
            for cell in cells:
                shown.append(check.cell(cell, text.time_at(cell.fence.start)))
                (progress or Silent()).update(cell.index, total, "cells")
            written.append(rewrite(text.markdown, shown))
            check.prose(text.markdown)
    return CheckedTexts(tuple(written), check.report(), check.pictures, check.sources)


def check_article(
    article: Article,
    bench: Bench,
    settings: CheckSettings,
    time_of: TimeOf | None = None,
    progress: Progress | None = None,
) -> CheckedArticle:
    """Check an article's cells, in order through all sections.

    Args:
        time_of: the moment of the lecture that a line (from 0) of a section stands for.

    Raises:
        SandboxError: the sandbox was found to work and then did not start.
    """
    texts = [Text(one.id, one.markdown, _bound(time_of, one)) for one in article.sections]
    checked = check_texts(texts, bench, settings, progress)
    sections = tuple(
        section.model_copy(update={"markdown": markdown})
        for section, markdown in zip(article.sections, checked.markdown, strict=True)
    )
    return CheckedArticle(
        article.model_copy(update={"sections": sections}),
        checked.report,
        checked.pictures,
        checked.sources,
    )


def _bound(time_of: TimeOf | None, section: Section) -> Callable[[int], int | None]:
    return lambda line: time_of(section, line) if time_of else None


class _Check:
    """One pass over the cells: what ran so far, and what came of it."""

    def __init__(self, bench: Bench, settings: CheckSettings) -> None:
        self._bench = bench
        self._why_not = _why_not(bench, settings)
        self._interpreter: Interpreter | None = None
        if bench.sandbox.sandbox and not self._why_not:
            self._interpreter = Interpreter(bench.sandbox.sandbox, bench.room, bench.limits)
        self._missing: dict[str, int] = {}
        self._cells: list[CellReport] = []
        self._verdicts = OracleVerdicts()
        self.pictures: dict[str, bytes] = {}
        self.sources: dict[str, str] = {}

    def __enter__(self) -> _Check:
        return self

    def __exit__(self, *_: object) -> None:
        if self._interpreter:
            self._interpreter.close()

    def report(self) -> Report:
        cells = tuple(self._cells)
        return Report(
            cells=cells,
            oracles=self._verdicts.reports(),
            summary=summary_of(cells),
            sandbox=self._bench.sandbox.line,
        )

    def cell(self, cell: Cell, at_ms: int | None) -> Shown:
        """Check one cell; returns what is to stand in the text for it."""
        early = _without_running(cell, self._why_not)
        if early or self._interpreter is None:
            verdict = early or Verdict("skipped", self._why_not)
            shown = Shown(cell, cell.fence.body, None)
            self._record(shown, verdict, None, at_ms)
            return shown
        marks = tuple(sorted({c.statement for c in cell.claims if c.statement is not None}))
        outcome = self._interpreter.run(cell.source, f"<cell {cell.index}>", marks, cell.prompts)
        verdict = judge(cell, outcome, self._bench.limits, self._missing)
        if verdict.status in ("skipped", "blocked"):
            shown = Shown(cell, cell.fence.body, None)
        else:
            paths = self._keep_pictures(cell, outcome)
            shown = Shown(cell, corrected(cell, verdict), outcome.stdout, paths)
        self._record(shown, verdict, outcome, at_ms)
        if verdict.status in ("passed", "mismatch"):
            self._consult(cell, self._interpreter)
        return shown

    def prose(self, markdown: str) -> None:
        """Hold the claims of a text against the oracles."""
        for oracle in self._bench.oracles:
            for finding in oracle.read(markdown, self._bench.ranks):
                self._verdicts.add(finding, None)

    def _consult(self, cell: Cell, interpreter: Interpreter) -> None:
        defined = defined_names(cell.source)
        scope = Scope(defined, interpreter.names, interpreter, self._bench.ranks)
        for oracle in self._bench.oracles if defined else ():
            for finding in oracle.examine(scope):
                self._verdicts.add(finding, cell.index)

    def _keep_pictures(self, cell: Cell, outcome: Outcome) -> tuple[str, ...]:
        paths: list[str] = []
        for picture in outcome.done.pictures if outcome.done else ():
            if content := picture.content:
                path = f"pictures/cell-{cell.index:03d}-{len(paths) + 1}.{picture.kind}"
                self.pictures[path] = content
                paths.append(path)
        return tuple(paths)

    def _record(
        self, shown: Shown, verdict: Verdict, outcome: Outcome | None, at_ms: int | None
    ) -> None:
        cell = shown.cell
        names = defined_names(cell.source) if cell.is_python else frozenset()
        if verdict.status in ("passed", "mismatch"):
            for name in names:
                self._missing.pop(name, None)
        else:
            self._missing |= dict.fromkeys(names, cell.index)
        done = outcome.done if outcome else None
        self.sources[f"cells/{cell.index:03d}.{_extension(cell)}"] = cell.source
        self._cells.append(
            CellReport(
                index=cell.index,
                section=cell.section,
                language=cell.language,
                source=shown.body,
                status=verdict.status,
                reason=verdict.reason,
                claimed=cell.claimed,
                stdout=_kept(outcome.stdout) if outcome else "",
                stderr=_kept(outcome.stderr) if outcome else "",
                error=done.error.trace if done and done.error else None,
                # What is below a tenth of a second is the machine's noise, not a result.
                duration_ms=100 * round(done.seconds * 10) if done else 0,
                at_ms=at_ms,
                result=done.result if done else None,
                pictures=shown.pictures,
                tags=cell.tags,
            )
        )


def _why_not(bench: Bench, settings: CheckSettings) -> str:
    if not settings.execute:
        return "not executed: check.execute is off"
    if not bench.sandbox.usable:
        return f"not executed: no sandbox works here ({bench.sandbox.detail})"
    return ""


def _without_running(cell: Cell, why_not: str) -> Verdict | None:
    """The verdict on a cell that is not to be run; None when it is."""
    if not cell.is_python:
        return Verdict("skipped", f"not Python ({cell.language})")
    for tag in ("skip-execution", "excerpt"):
        if tag in cell.tags:
            return Verdict("skipped", f"marked {tag}")
    if cell.problem:
        if has_magic(cell.source):
            return Verdict("skipped", "not Python (a command of a notebook)")
        return Verdict("failed", cell.problem)
    return Verdict("skipped", why_not) if why_not else None


def _extension(cell: Cell) -> str:
    if cell.is_python:
        return "py"
    return cell.language if cell.language.isalnum() and len(cell.language) < 12 else "txt"


def _kept(text: str) -> str:
    if len(text) <= _KEPT:
        return text
    return f"{text[:_KEPT]}\n... ({len(text) - _KEPT} more characters)\n"

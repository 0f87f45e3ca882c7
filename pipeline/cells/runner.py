"""Running and judging cells one after the other, and having the wrong ones repaired."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.cells.environment import CellEnvironment
from pipeline.cells.fresh_caller import FreshCaller
from pipeline.cells.interpreter import Interpreter
from pipeline.cells.judge import Judge
from pipeline.cells.oracles.findings import OracleFinding, OracleVerdicts, unsure
from pipeline.cells.other_data import OtherData
from pipeline.cells.program import Program, defined_names, prepared, rewritten
from pipeline.cells.repair import BrokenCell, Repairer
from pipeline.cells.report import RAN, CellReport, Report, summary_of
from pipeline.cells.sandbox.outcome import CellOutcome
from pipeline.cells.sandbox.session import SandboxSession
from pipeline.cells.verdict import Verdict, judge, without_running
from pipeline.document.blocks import Cell
from pipeline.settings.check import CheckSettings

log = logging.getLogger(__name__)

_KEPT = 64 * 1024  # letters of an output that are kept: a thousand lines
_REPAIRABLE = ("failed", "timeout", "blocked")


@dataclass(frozen=True)
class _Tried:
    """One version of a cell and what came of it; ``problem`` is empty when nothing is wrong."""

    program: Program
    verdict: Verdict
    outcome: CellOutcome | None = None
    findings: list[OracleFinding] = field(default_factory=list)
    problem: str = ""

    @property
    def raised_nothing(self) -> bool:
        done = self.outcome.done if self.outcome else None
        return done is not None and not done.error


class CellRunner:
    """One pass over the cells of an article; a context manager, because it holds the sandbox.

    Args:
        repairer: is asked for better versions of cells that are wrong, if there is one.
        from_screen: the code and its outputs were read from the screen. A function that differs
            from a trusted one may then have been cut off or misread, so that is no verdict; and
            outputs were seen in the lecture. Likewise its prose was heard.
    """

    def __init__(
        self,
        environment: CellEnvironment,
        settings: CheckSettings,
        repairer: Repairer | None,
        from_screen: bool = False,
    ) -> None:
        self._from_screen = from_screen
        self._environment = environment
        self._repairer = repairer
        self._repairs = settings.repairs
        self._why_not = _why_not(environment, settings)
        self._interpreter: Interpreter | None = None
        self._caller: FreshCaller | None = None
        if (sandbox := environment.sandbox.sandbox) and not self._why_not:
            self._interpreter = Interpreter(sandbox, environment.contents, environment.limits)
            self._caller = FreshCaller(
                self._interpreter,
                lambda: SandboxSession(sandbox, environment.contents, environment.limits),
            )
        self._judge = Judge(environment.oracles, environment.ranks)
        self._missing: dict[str, int] = {}
        self._other_data = OtherData()
        self._cells: list[CellReport] = []
        self._verdicts = OracleVerdicts()
        self.pictures: dict[str, bytes] = {}
        self.sources: dict[str, str] = {}

    def __enter__(self) -> CellRunner:
        self._judge.begin()
        return self

    def __exit__(self, *_: object) -> None:
        if self._interpreter and self._caller:
            self._interpreter.close()
            self._caller.close()
        self._judge.close()

    def report(self) -> Report:
        """The report on the cells so far."""
        cells = tuple(self._cells)
        return Report(
            cells=cells,
            oracles=self._verdicts.reports(),
            summary=summary_of(cells),
            sandbox=self._environment.sandbox.line,
        )

    def text(self, prose: str, codes: Sequence[str]) -> None:
        """Hold the claims of a text against the oracles, see ``Oracle.read``."""
        for finding in self._judge.read(prose, codes):
            self._verdicts.add(unsure(finding) if self._from_screen else finding, None)

    def cell(self, program: Program, at_ms: int | None, later: frozenset[str]) -> Cell:
        """Check one cell; returns what is to stand in the document for it.

        Args:
            later: names that later cells define again: such a function may be wrong on purpose.
        """
        tried = self._as_seen(self._try(program, later))
        repairs = lost = 0
        if tried.problem and self._repairer and self._interpreter:
            tried, repairs = self._repair(tried, at_ms, later, self._repairer, self._interpreter)
        for finding in tried.findings:
            self._verdicts.add(finding, program.index)
        if tried.outcome is None or tried.verdict.status in ("skipped", "shown", "blocked"):
            shown = tried.program.cell
        else:
            paths = self._keep_pictures(program, tried.outcome)
            lost = len(tried.outcome.pictures) - len(paths)
            shown = rewritten(tried.program, tried.verdict.wrong, tried.outcome.stdout, paths)
        if lost:
            why = f"{lost} of its pictures cannot be shown (not drawn, damaged or too large)"
            reason = f"{tried.verdict.reason}; {why}" if tried.verdict.reason else why
            tried = replace(tried, verdict=replace(tried.verdict, reason=reason))
        self._record(program, shown, tried, at_ms, repairs)
        return shown

    def _try(self, program: Program, later: frozenset[str]) -> _Tried:
        early = without_running(program, self._why_not)
        if early or self._interpreter is None:
            verdict = early or Verdict("skipped", self._why_not)
            problem = verdict.reason if verdict.status in _REPAIRABLE else ""
            return _Tried(program, verdict, problem=problem)
        marks = tuple(sorted({c.statement for c in program.claims if c.statement is not None}))
        outcome = self._interpreter.run(
            program.source, f"<cell {program.index}>", marks, program.prompts
        )
        verdict = judge(program, outcome, self._environment.limits, self._missing, self._judge)
        verdict = self._other_data.judged(verdict, program, outcome)
        if verdict.status in _REPAIRABLE:
            raised = outcome.done.error if outcome.done else None
            problem = raised.trace if raised else verdict.reason
            return _Tried(program, verdict, outcome, problem=problem)
        if verdict.status == "skipped":
            return _Tried(program, verdict, outcome)
        findings = self._consult(program, self._interpreter)
        differing = [
            finding.detail
            for finding in findings
            if finding.status == "failed" and finding.name.split(".")[0] not in later
        ]
        return _Tried(program, verdict, outcome, findings, "\n".join(differing))

    def _as_seen(self, tried: _Tried) -> _Tried:
        """Without a verdict where the lecture shows an output, and what the cell needs is not to
        be had: an excerpt, a package, a file, a cell before it."""
        if not self._from_screen or tried.program.cell.output is None:
            return tried
        if tried.verdict.status != "skipped" and not tried.verdict.lacks_file:
            return tried
        return replace(tried, verdict=replace(tried.verdict, status="shown"), problem="")

    def _consult(self, program: Program, interpreter: Interpreter) -> list[OracleFinding]:
        defined = defined_names(program.source)
        if not defined:
            return []
        assert self._caller
        found = self._judge.examine(defined, interpreter.names, self._caller)
        return [unsure(one) for one in found] if self._from_screen else list(found)

    def _repair(
        self,
        first: _Tried,
        at_ms: int | None,
        later: frozenset[str],
        repairer: Repairer,
        interpreter: Interpreter,
    ) -> tuple[_Tried, int]:
        """The first version that is right, else the one there was; and how many were asked for."""
        tried, asked = first, 0
        while tried.problem and asked < self._repairs:
            asked += 1
            self._undo(tried, interpreter)
            source = repairer.repair(
                BrokenCell(
                    first.program.index,
                    tried.program.cell.source,
                    tried.problem,
                    interpreter.names,
                    at_ms,
                    asked,
                    first.program.cell.is_reconstructed,
                )
            )
            if source is None:
                return self._try(first.program, later), asked
            tried = self._try(_with_source(first.program, source), later)
        if tried.problem:
            self._undo(tried, interpreter)
            tried = self._try(first.program, later)
        return tried, asked

    def _undo(self, tried: _Tried, interpreter: Interpreter) -> None:
        """Go back to before a version ran; one that killed its process has left nothing behind."""
        if tried.outcome and tried.outcome.end is None:
            interpreter.forget_last()

    def _keep_pictures(self, program: Program, outcome: CellOutcome) -> tuple[str, ...]:
        paths: list[str] = []
        for picture in outcome.pictures:
            if self._judge.is_picture(picture.content):
                path = f"pictures/cell-{program.index:03d}-{len(paths) + 1}.{picture.kind}"
                self.pictures[path] = picture.content
                paths.append(path)
        return tuple(paths)

    def _record(
        self, first: Program, shown: Cell, tried: _Tried, at_ms: int | None, repairs: int
    ) -> None:
        program, outcome = tried.program, tried.outcome
        names = defined_names(program.source) if shown.is_python else frozenset()
        other_data = tried.verdict.status == "shown" and tried.raised_nothing
        ran = tried.verdict.status in RAN or tried.raised_nothing
        if tried.verdict.status in RAN or other_data:
            for name in names:
                self._missing.pop(name, None)
        else:
            self._missing |= dict.fromkeys(names, program.index)
        self._other_data.record(program, ran)
        done = outcome.done if outcome else None
        log.info(
            "cell %d: %s%s%s",
            program.index,
            tried.verdict.status,
            f" in {done.seconds:.2f} s" if done else "",
            f" ({tried.verdict.reason})" if tried.verdict.reason else "",
        )
        self.sources[f"cells/{program.index:03d}.{_extension(shown)}"] = program.source
        self._cells.append(
            CellReport(
                id=shown.id,
                index=program.index,
                section=program.section,
                language=shown.language,
                source=shown.source,
                status=tried.verdict.status,
                reason=tried.verdict.reason,
                claimed=program.claimed,
                stdout=_kept(outcome.stdout) if outcome else "",
                stderr=_kept(outcome.stderr) if outcome else "",
                error=done.error.trace if done and done.error else None,
                # Less is the machine's noise: the same chapter must give the same report.
                duration_ms=1000 * int(done.seconds) if done else 0,
                at_ms=at_ms,
                result=done.result if done else None,
                pictures=shown.pictures,
                tags=shown.tags,
                repairs=repairs,
                written=None if program is first else first.cell.source,
                other_data=other_data,
            )
        )


def _with_source(program: Program, source: str) -> Program:
    """The same cell in another version."""
    cell = Cell(**(dict(program.cell) | {"source": source}))
    return prepared(cell, program.section, program.index)


def _why_not(environment: CellEnvironment, settings: CheckSettings) -> str:
    if not settings.execute:
        return "not executed: check.execute is off"
    if not environment.sandbox.usable:
        return f"not executed: no sandbox works here ({environment.sandbox.detail})"
    return ""


def _extension(cell: Cell) -> str:
    if cell.is_python:
        return "py"
    return cell.language if cell.language.isalnum() and len(cell.language) < 12 else "txt"


def _kept(text: str) -> str:
    if len(text) <= _KEPT:
        return text
    return f"{text[:_KEPT]}\n... ({len(text) - _KEPT} more characters)\n"

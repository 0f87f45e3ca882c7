"""From what a cell did to its status and the reason in words."""

from __future__ import annotations

import importlib.util
import signal
from dataclasses import dataclass
from typing import Protocol

from pipeline.cells.claims import Claim
from pipeline.cells.judge import NoVerdictError
from pipeline.cells.program import Program, as_written, has_magic
from pipeline.cells.report import CellStatus
from pipeline.cells.sandbox.launch import CellLimits
from pipeline.cells.sandbox.outcome import CellOutcome, Raised

_KILLED = 9  # its name is not known on every system
_OWN = ("/tmp/", "/home/reader/", "/dev/shm/")


@dataclass(frozen=True)
class Verdict:
    """A cell's status, and why.

    Args:
        wrong: the false claims, each with the real output.
        lacks_file: whether it failed for a file that is not there.
    """

    status: CellStatus
    reason: str = ""
    wrong: tuple[tuple[Claim, str], ...] = ()
    lacks_file: bool = False


class Comparer(Protocol):
    """What compares outputs (``Judge``, or a fake)."""

    def agree(self, claimed: str, real: str) -> bool:
        """Whether both say the same.

        Raises:
            NoVerdictError: that could not be found out.
        """


def without_running(program: Program, why_not: str) -> Verdict | None:
    """The verdict on a cell that is not to be run; None when it is."""
    cell = program.cell
    if not cell.is_python:
        return Verdict("skipped", f"not Python ({cell.language})")
    for tag in ("skip-execution", "excerpt"):
        if tag in cell.tags:
            return Verdict("skipped", f"marked {tag}")
    if program.problem:
        if has_magic(program.source):
            return Verdict("skipped", "not Python (a command of a notebook)")
        return Verdict("failed", program.problem)
    return Verdict("skipped", why_not) if why_not else None


def judge(
    program: Program,
    outcome: CellOutcome,
    limits: CellLimits,
    missing: dict[str, int],
    comparer: Comparer,
) -> Verdict:
    """The verdict on a cell that was run.

    Args:
        missing: names that earlier cells would have defined, had they passed, to those cells.
    """
    if outcome.end or outcome.done is None:
        return _ended(outcome, limits)
    raised = outcome.done.error
    if raised:
        return _raised(program, raised, outcome.done.attempts, limits, missing)
    for kind, what in outcome.done.attempts:
        if kind == "shell":
            # os.system tells nobody that nothing was started.
            return Verdict("blocked", f"tried to {what}: cells may not start programs")
    if "raises-exception" in program.cell.tags:
        return Verdict("failed", "is marked raises-exception, but raised none")
    wrong = _wrong_claims(program, outcome, comparer)
    if wrong:
        claim, real = wrong[0]
        return Verdict("mismatch", f"claims {_short(claim.text)}, prints {_short(real)}", wrong)
    return Verdict("passed")


def _ended(outcome: CellOutcome, limits: CellLimits) -> Verdict:
    if outcome.end == "timeout":
        return Verdict("timeout", f"ran longer than {limits.seconds:g} s")
    if outcome.end == "flood":
        return Verdict("blocked", f"printed more than {limits.output_bytes >> 20} MiB")
    if outcome.end == "memory":
        return Verdict("blocked", f"needs more than {limits.memory_of_all >> 20} MiB in all")
    if outcome.end == "garbled":
        return Verdict("blocked", "interfered with the program that runs the cells")
    if outcome.end == "broken":
        return Verdict("blocked", "breaks the program that runs the cells: none would run after it")
    status = outcome.exit_status or 0
    # The worker's own death by signal n reaches us as -n, or as 128 + n through the sandbox.
    number = -status if status < 0 else status - 128
    if number == _KILLED:
        return Verdict("blocked", "was killed (out of memory, or it killed itself)")
    if 0 < number < 65:
        return Verdict("failed", f"crashed the interpreter ({_signal_name(number)})")
    return Verdict("failed", f"ended the interpreter (exit status {status})")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _raised(
    program: Program,
    raised: Raised,
    attempts: tuple[tuple[str, str], ...],
    limits: CellLimits,
    missing: dict[str, int],
) -> Verdict:
    if "raises-exception" in program.cell.tags:
        return Verdict("passed")
    if package := _missing_package(raised):
        return Verdict("skipped", f"needs the package {package}, which is not installed")
    first = raised.chain[0] if raised.chain else None
    if first and first.type == "NameError" and first.name in missing:
        return Verdict(
            "skipped", f"needs {first.name} from cell {missing[first.name]}, which did not pass"
        )
    if first and first.type == "NameError" and first.name == "get_ipython":
        return Verdict("skipped", "not Python (a command of a notebook)")
    if first and first.type == "MemoryError":
        return Verdict("blocked", f"needs more than {limits.memory_mb} MiB of memory")
    if refused := _refused(raised, attempts):
        return Verdict("blocked", refused)
    if first and first.type == "FileNotFoundError" and first.file:
        why = f"{raised.line} (files the lecture uses go into check.files)"
        return Verdict("failed", why, lacks_file=True)
    if first and first.type == "SystemExit":
        return Verdict("failed", "ended the program (SystemExit)")
    return Verdict("failed", raised.line)


def _missing_package(raised: Raised) -> str | None:
    for link in raised.chain[:1]:
        if link.type == "ModuleNotFoundError" and link.name:
            top = link.name.split(".")[0]
            return None if _importable(top) and "." in link.name else top
    return None


def _importable(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except Exception:  # finders of other packages raise what they like for names that are none
        return False


def _refused(raised: Raised, attempts: tuple[tuple[str, str], ...]) -> str | None:
    """What the sandbox refused, when that is why the cell raised."""
    system = [link for link in raised.chain if link.system]
    if not system:
        return None
    for kind, what in attempts:
        if kind == "network":
            return f"tried to {what}: cells have no network"
    for link in system:
        if link.file and link.file.startswith("/") and not link.file.startswith(_OWN):
            return f"tried to open {link.file}, which is outside the sandbox"
    for kind, what in attempts:
        if kind in ("program", "shell", "process"):
            return f"tried to {what}: cells may not start programs"
        if kind in ("signal", "memory"):
            return f"tried to {what}"
    return None


def _wrong_claims(
    program: Program, outcome: CellOutcome, comparer: Comparer
) -> tuple[tuple[Claim, str], ...]:
    shown = {item.statement: item for item in outcome.shown}
    wrong = []
    for claim in program.claims:
        if claim.statement is None:
            real = outcome.stdout.removesuffix("\n")
            written = (as_written(outcome.stdout) or "").removesuffix("\n")
            if claim.text != written and not _agree(comparer, claim.text, real):
                wrong.append((claim, real))
            continue
        item = shown.get(claim.statement)
        if item is None:
            continue
        printed = item.printed.removesuffix("\n")
        options = [text for text in (printed, item.value) if text]
        if not any(_agree(comparer, claim.text, text) for text in options):
            wrong.append((claim, options[0] if options else ""))
    return tuple(wrong)


def _agree(comparer: Comparer, claimed: str, real: str) -> bool:
    """What cannot be compared within the limits does not agree."""
    try:
        return comparer.agree(claimed, real)
    except NoVerdictError:
        return False


def _short(text: str) -> str:
    line = text[:500].strip().replace("\n", " ⏎ ")
    return repr(line if len(line) <= 60 else line[:57] + "...")

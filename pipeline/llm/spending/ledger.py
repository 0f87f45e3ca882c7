"""What calls cost, on disk: written before a call is sent and again when its cost is known.

``.calls.jsonl`` lies beside the replies, one JSON object a line, only ever appended to. A call that
has a beginning and no end is under way while its process lives, or was when that was killed: it
counts at its worst case, as does one for which the server gave no account. So the next run knows
what was paid for and lost, and one at the same time knows what is being spent.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.engine.files import is_alive, unwritable
from pipeline.engine.lease import this_process
from pipeline.llm.chat import Tokens
from pipeline.llm.reply_store import read_all

NAME = ".calls.jsonl"


@dataclass(frozen=True)
class Charge:
    """What one call cost. ``is_known`` is false where it is the worst case, for want of the
    server's own figures; ``is_over`` is true where those show more written than was allowed.
    ``most`` is what it may cost at most, if it is still under way in a process of this machine;
    None when it has ended."""

    model: str
    server: str
    tokens: Tokens
    is_known: bool
    call: str = ""
    most: Tokens | None = None
    is_over: bool = False


class Ledger:
    """The calls of one stage to one model.

    Args:
        folder: where the stage's replies are kept; made with the first call.
        server: its address, without secrets.
    """

    def __init__(self, folder: Path, server: str, model: str) -> None:
        self._path = folder / NAME
        self._server = server
        self._model = model
        self.begun: set[str] = set()

    def begin(self, key: str, label: str, worst: Tokens, most: Tokens | None = None) -> str:
        """Note a call that is about to be sent; it is on disk when this returns its id.

        Args:
            most: what it may cost if the server heeds no limit (``worst``).

        Raises:
            WorkspaceError: it cannot be written; then the call must not be sent.
        """
        call = secrets.token_hex(8)
        record = {
            "call": call,
            "key": key,
            "label": label,
            "model": self._model,
            "server": self._server,
            "worst": _counts(worst),
            "most": _counts(most or worst),
            "machine": this_process().machine,
            "pid": os.getpid(),
        }
        self.begun.add(call)
        self._append(record)
        return call

    def end(self, call: str, paid: Tokens | None, is_over: bool = False) -> None:
        """Note what a call did cost, by the server's account; None where it gave none.

        Args:
            is_over: by that account more was written than was allowed.

        Raises:
            WorkspaceError: it cannot be written; the call then counts at its worst case.
        """
        record = {"call": call, "paid": None if paid is None else _counts(paid)}
        self._append(record | ({"over": True} if is_over else {}))

    def _append(self, record: dict[str, Any]) -> None:
        line = json.dumps(record, ensure_ascii=True).encode() + b"\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a+b") as file:
                size = file.seek(0, os.SEEK_END)
                if size and not _ends_in_newline(file.fileno(), size):
                    line = b"\n" + line  # a kill or a full disk cut the line before
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise unwritable(self._path, error) from error


def charges(folder: Path) -> list[Charge]:
    """What all calls whose replies (or failures) are in ``folder`` have cost, in no order."""
    return [*noted(folder), *unnoted(folder)]


def noted(folder: Path) -> list[Charge]:
    """What the calls in the ledger of ``folder`` have cost, in the order of their beginning.

    A call without an account counts at its worst case; where the server is known to have written
    more than it was allowed, at the most it can have cost.
    """
    begun: dict[str, dict[str, Any]] = {}
    ended: dict[str, Tokens | None] = {}
    over: set[str] = set()
    for record in _records(folder / NAME):
        call = str(record.get("call"))
        if "paid" in record:
            ended[call] = _tokens(record["paid"])
            over |= {call} if record.get("over") is True else set()
        elif _tokens(record.get("worst")) is not None:
            begun[call] = record
    found = []
    for call, record in begun.items():
        worst, paid = _tokens(record["worst"]) or Tokens(), ended.get(call)
        most = None if call in ended or not _is_under_way(record) else _tokens(record.get("most"))
        model, server = str(record.get("model", "")), str(record.get("server", ""))
        tokens, is_known = (worst, False) if paid is None else (paid, True)
        found.append(Charge(model, server, tokens, is_known, call, most, call in over))
    heedless = {(one.model, one.server) for one in found if one.is_over}
    return [
        replace(one, tokens=_tokens(begun[one.call].get("most")) or one.tokens)
        if (one.model, one.server) in heedless and not one.is_known and one.most is None
        else one
        for one in found
    ]


def unnoted(folder: Path) -> list[Charge]:
    """What the replies have cost that no ledger tells of: they are older than it."""
    known = {record.get("key") for record in _records(folder / NAME)}
    return [
        Charge(reply.answer.model, "", reply.answer.tokens, True)
        for reply in read_all(folder)
        if reply.key not in known
    ]


def _is_under_way(record: dict[str, Any]) -> bool:
    pid = record.get("pid")
    here = record.get("machine") == this_process().machine
    return here and isinstance(pid, int) and pid > 0 and is_alive(pid)


def _records(path: Path) -> list[dict[str, Any]]:
    """The lines that can be read: one that was cut off says nothing."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return []
    records = []
    for line in lines:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict):
            records.append(record)
    return records


def _ends_in_newline(file: int, size: int) -> bool:
    return os.pread(file, 1, size - 1) == b"\n"


def _counts(tokens: Tokens) -> list[int]:
    return [tokens.sent, tokens.cached, tokens.received]


def _tokens(counts: object) -> Tokens | None:
    if not isinstance(counts, list) or len(counts) != 3:
        return None
    if not all(isinstance(count, int) and count >= 0 for count in counts):
        return None
    return Tokens(*counts)

"""What calls cost, on disk: written before a call is sent and again when its cost is known.

``.calls.jsonl`` lies beside the replies, one JSON object a line, only ever appended to. A call that
has a beginning and no end is under way while its process lives, or was when that was killed: it
counts at the most it can have cost, as does one for which the server gave no account. So the next
run knows what was paid for and lost, and one at the same time knows what is being spent.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.engine.files import is_alive, unwritable
from pipeline.engine.lease import this_process
from pipeline.llm.chat import Tokens
from pipeline.llm.reply_store import read_all

NAME = ".calls.jsonl"
_BEGINNING = b'{"call": "'


@dataclass(frozen=True)
class Charge:
    """What one call cost.

    Attributes:
        worst: if the server kept to the length limit that it was given.
        most: if it did not.
        paid: by the server's account; None where there is none, for want of a reply or of figures.
        is_under_way: it has not ended, and its process, one of this machine, lives.
    """

    model: str
    server: str
    worst: Tokens
    most: Tokens
    paid: Tokens | None
    call: str = ""
    is_under_way: bool = False


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

    def begin(self, key: str, label: str, worst: Tokens, most: Tokens) -> str:
        """Note a call that is about to be sent; it is on disk when this returns its id.

        Args:
            worst: what it may cost if the server keeps to the length limit that it is given.
            most: what it may cost if not.

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
            "most": _counts(most),
            "machine": this_process().machine,
            "pid": os.getpid(),
        }
        self.begun.add(call)
        self._append(record)
        return call

    def end(self, call: str, paid: Tokens | None, most: Tokens) -> None:
        """Note what a call did cost, by the server's account; None where it gave none.

        Args:
            most: what it can have cost at most, for a ledger that has lost its beginning.

        Raises:
            WorkspaceError: it cannot be written; the call then counts at the most.
        """
        record = {"call": call, "model": self._model, "server": self._server, "most": _counts(most)}
        self._append(record | {"paid": None if paid is None else _counts(paid)})

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
    """What the calls in the ledger of ``folder`` have cost, in the order of their beginning."""
    calls: dict[str, dict[str, Any]] = {}
    for record in _records(folder / NAME):
        call = str(record.get("call"))
        calls[call] = calls.get(call, {}) | record
    found = []
    for call, record in calls.items():
        worst, most = Tokens.read(record.get("worst")), Tokens.read(record.get("most"))
        paid = Tokens.read(record.get("paid"))
        known = most or worst or paid
        if known is None:
            continue
        model, server = str(record.get("model", "")), str(record.get("server", ""))
        is_under_way = "paid" not in record and _is_under_way(record)
        found.append(Charge(model, server, worst or known, known, paid, call, is_under_way))
    return found


def doubt(folder: Path) -> str:
    """Why the ledger of ``folder`` does not tell of all calls; "" where nothing says so."""
    path = folder / NAME
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        lines = []
    if not lines:
        asked = (folder / "server.json").exists() or any(folder.glob("*.prompt.md"))
        return f"{path} is missing or empty, though the model was asked" if asked else ""
    records = _records(path)
    begun = {str(record.get("call")) for record in records if "key" in record}
    # A kill cuts a line off: that call was not sent, or counts at the most.
    strange = sum(not line.startswith(_BEGINNING) for line in lines if line)
    lost = strange or any(str(record.get("call")) not in begun for record in records)
    return f"{path} is damaged" if lost else ""


def unnoted(folder: Path) -> list[Charge]:
    """What the replies have cost that no ledger tells of: they are older than it."""
    known = {str(record.get("key")) for record in _records(folder / NAME)}
    return [
        Charge(reply.answer.model, "", tokens, tokens, tokens)
        for reply in read_all(folder)
        if reply.key not in known
        for tokens in (reply.answer.tokens,)
    ]


def _is_under_way(record: dict[str, Any]) -> bool:
    pid = record.get("pid")
    here = record.get("machine") == this_process().machine
    return here and type(pid) is int and pid > 0 and is_alive(pid)


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

"""Trying a sandbox out: a cell must run in it, and must not reach what is outside.

A sandbox is believed for what it does on this machine, not for its name: programs are replaced by
wrappers, options change their meaning from version to version, and a profile may not be enforced.
"""

from __future__ import annotations

import secrets
import socket
import tempfile
from pathlib import Path

from pipeline.cells.sandbox.launch import CellLimits, Sandbox, SandboxContents
from pipeline.cells.sandbox.session import SandboxSession
from pipeline.errors import SandboxError

_PROBE_S = 20.0
_ATTEMPTS = """
import socket
def attempt(what):
    try:
        return what()
    except Exception:
        return None
folder, port = {folder!r}, {port!r}
if attempt(lambda: open(folder + "/secret").read()) == {secret!r}:
    print("read a file outside")
attempt(lambda: open(folder + "/written", "w").close())
connection = attempt(lambda: socket.create_connection(("127.0.0.1", port), 2))
"""


def problem(sandbox: Sandbox) -> str | None:
    """Why cells cannot or must not run in this sandbox; None when they can."""
    return tried(sandbox)[0]


def tried(sandbox: Sandbox) -> tuple[str | None, str]:
    """Why cells cannot or must not run in this sandbox (None: they can), and what it lacks."""
    try:
        session = SandboxSession(sandbox, SandboxContents(), CellLimits(seconds=_PROBE_S))
    except SandboxError as error:
        return " ".join(error.message.split())[:300], ""
    try:
        if session.run("print(6 * 7)", "<cell 1>").stdout != "42\n":
            return "a cell does not run in it", ""
        reached = _reached(session)
    finally:
        session.close()
    return (f"a cell in it can {', '.join(reached)}" if reached else None), session.remark


def _reached(session: SandboxSession) -> list[str]:
    """What a cell could do that it must not: read, write, connect."""
    with tempfile.TemporaryDirectory(prefix="outside-") as name, socket.socket() as listener:
        folder, secret = Path(name), secrets.token_hex(16)
        (folder / "secret").write_text(secret)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        outcome = session.run(_ATTEMPTS.format(folder=name, port=port, secret=secret), "<cell 2>")
        reached = outcome.stdout.splitlines()
        if (folder / "written").exists():
            reached.append("write a file outside")
        listener.setblocking(False)
        try:
            listener.accept()[0].close()
            reached.append("reach a server of this machine")
        except BlockingIOError:
            pass
    return reached

"""System calls that cells never need are refused, and those that they need are not."""

from __future__ import annotations

import os
import platform
import struct
from collections.abc import Callable

import pytest

from pipeline.cells import root_namespace
from pipeline.cells.report import CellReport
from pipeline.cells.sandbox.bubblewrap import Bubblewrap
from pipeline.cells.sandbox.launch import CellLimits, SandboxContents
from pipeline.cells.sandbox.selection import describe
from pipeline.cells.sandbox.system_calls import REFUSED, filter_for
from tests.cells.conftest import sandboxed

Run = Callable[..., CellReport]

here = pytest.mark.skipif(
    platform.machine() not in ("x86_64", "aarch64") or platform.system() != "Linux",
    reason="the numbers of system calls of this machine are not known",
)
COLUMN = 0 if platform.machine() == "x86_64" else 1


def call(number: int, *arguments: int) -> str:
    """Code that makes a system call and prints its error number, 0 when it has none."""
    return (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        f"print(ctypes.get_errno() if libc.syscall({', '.join(map(str, (number, *arguments)))}) < 0"
        " else 0)"
    )


@here
def test_every_refused_call_is_refused(run: Run) -> None:
    numbers = [one[COLUMN] for one in REFUSED.values() if one[COLUMN] is not None]
    cell = run(
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\ndef tried(number):\n"
        "    ctypes.set_errno(0)\n    libc.syscall(number, -1, -1, -1, -1, -1, -1)\n"
        f"    return ctypes.get_errno()\nprint({{tried(one) for one in {numbers}}})"
    )
    assert cell.stdout == "{1}\n"  # EPERM; -1 for every argument would be another error


@here
@pytest.mark.parametrize("flag", [0x10000000, 0x20000, 0x20000000, 0x40000000])
def test_no_namespace_can_be_made_by_clone(run: Run, flag: int) -> None:
    clone = 56 if COLUMN == 0 else 220
    assert run(call(clone, flag | 17, 0, 0, 0, 0)).stdout == "1\n"
    assert run(call(435, 0, 0)).stdout == "38\n"  # clone3: ENOSYS, so that clone is taken


@here
def test_memory_cannot_be_shared_without_a_file(run: Run) -> None:
    cell = run("import mmap\nmmap.mmap(-1, 4096)")
    assert (cell.status, cell.reason) == (
        "blocked",
        "tried to share memory that belongs to no file",
    )
    assert run("import mmap\nprint(len(mmap.mmap(-1, 4096, flags=34)))").stdout == "4096\n"


@here
@pytest.mark.parametrize("family", [16, 17, 38, 40])  # netlink, packets, crypto, virtual machines
def test_sockets_have_the_families_that_python_uses(run: Run, family: int) -> None:
    assert "OSError: [Errno 97]" in run(f"import socket\nsocket.socket({family}, 3, 0)").reason
    assert run("import socket\nsocket.socket(); socket.socketpair()").status == "passed"


@here
def test_nothing_can_be_typed_on_a_terminal(run: Run) -> None:
    ioctl = 16 if COLUMN == 0 else 29
    assert run(call(ioctl, 0, 0x5412, 0)).stdout == "1\n"
    assert run(call(ioctl, 0, 0x5401, 0)).stdout == "25\n"  # TCGETS: ENOTTY


@pytest.mark.skipif(platform.machine() != "x86_64", reason="x86-64 has a second table of calls")
def test_the_second_table_of_calls_is_closed(run: Run) -> None:
    assert run(call(0x40000000 + 39)).stdout == "38\n"


@here
@pytest.mark.parametrize(
    "source",
    [
        "from multiprocessing import Pool\nprint(Pool(2).map(abs, [-1]))",
        "import threading\nt = threading.Thread(target=print, args=([1],))\nt.start()\nt.join()",
        "import asyncio\nasync def f(): return [1]\nprint(asyncio.run(f()))",
        "from concurrent.futures import ProcessPoolExecutor as P\n"
        "print([P(1).submit(abs, -1).result()])",
        "from multiprocessing.shared_memory import SharedMemory\n"
        "s = SharedMemory(create=True, size=1)\n"
        "s.buf[0] = 1\nprint([s.buf[0]])\ns.close()\ns.unlink()",
        "import tempfile, mmap\nf = tempfile.TemporaryFile()\nf.write(b'x')\nf.flush()\n"
        "print([len(mmap.mmap(f.fileno(), 1))])",
        "import numpy\nprint([int((numpy.ones((90, 90)) @ numpy.ones((90, 90)))[0, 0]) - 89])",
        "import sqlite3\nprint(list(sqlite3.connect(':memory:').execute('select 1').fetchone()))",
        "import os\nos.mkfifo('f')\nprint([1])",
        "import http.server, threading, urllib.request\n"
        "s = http.server.HTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)\n"
        "threading.Thread(target=s.serve_forever, daemon=True).start()\n"
        "print([urllib.request.urlopen(f'http://127.0.0.1:{s.server_port}/').status - 199])",
    ],
)
def test_what_chapters_do_still_works(run: Run, source: str) -> None:
    cell = run(source)
    assert (cell.status, cell.stdout) == ("passed", "[1]\n"), cell.error


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_jump_of_the_filter_lands_in_it(machine: str) -> None:
    program = list(struct.iter_unpack("=HBBI", filter_for(machine)))
    for place, (code, if_true, if_false, _) in enumerate(program):
        if code & 7 == 5:
            assert place + 1 + max(if_true, if_false) < len(program)
    assert program[-1][0] == 6
    assert len(program) < 4096


def test_a_machine_whose_numbers_are_not_known_has_no_filter() -> None:
    assert filter_for("riscv64") == b""


# --- root


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a namespace made for it")
def test_roots_cells_are_nobody_in_a_namespace_of_their_own(run: Run) -> None:
    cell = run(
        "import os\nprint(os.getuid(), open('/proc/self/uid_map').read().split()[3:])\n"
        "print(open('/proc/sys/user/max_user_namespaces').read())"
    )
    assert cell.stdout == f"1000 ['1000', '{root_namespace.OUTSIDE}', '1']\n0\n\n"


@pytest.mark.parametrize("source", ["user", "mount", "net"])
def test_no_namespace_can_be_made(run: Run, source: str) -> None:
    flag = {"user": 0x10000000, "mount": 0x10020000, "net": 0x50000000}[source]
    assert run(f"import ctypes\nprint(ctypes.CDLL(None).unshare({flag}))").stdout == "-1\n"


def test_where_the_kernel_refuses_root_a_namespace_cells_run_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sandboxed()

    def refused() -> int:
        raise OSError("Operation not permitted")

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(root_namespace, "user_namespace", refused)
    launch = Bubblewrap().launch(SandboxContents(), CellLimits())
    assert launch.user == root_namespace.OUTSIDE
    assert "--userns" not in launch.command
    monkeypatch.undo()
    if os.geteuid() != 0:
        return
    monkeypatch.setattr(root_namespace, "user_namespace", refused)
    describe.cache_clear()
    try:
        found = describe("bubblewrap")
    finally:
        describe.cache_clear()
    assert found.usable
    assert found.detail == (
        "bubblewrap works, without a user namespace of their own, which the kernel refuses root "
        "(Operation not permitted)"
    )


def test_where_there_is_no_filter_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    sandboxed()
    monkeypatch.setattr("pipeline.cells.sandbox.bubblewrap.filter_for", lambda: b"")
    describe.cache_clear()
    try:
        found = describe("bubblewrap")
    finally:
        describe.cache_clear()
    assert found.detail == "bubblewrap works, without a filter of system calls"

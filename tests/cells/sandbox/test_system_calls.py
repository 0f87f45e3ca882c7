"""System calls that cells never need are refused, and those that they need are not."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import platform
import re
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cells.report import CellReport
from pipeline.cells.sandbox import root_namespace
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


# --- the filter itself, also of a machine that this one is not

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOWED, KILLED, FAILED = 0x7FFF0000, 0x80000000, 0x00050000
both = pytest.mark.parametrize("machine", ARCHITECTURES)


def answer(machine: str, number: int, *arguments: int, architecture: int = 0) -> int:
    """What the kernel would answer to a call: the filter run as seccomp(2) and BPF say."""
    given = (*arguments, *[0] * (6 - len(arguments)))
    data = struct.pack("=iIQ6Q", number, architecture or ARCHITECTURES[machine], 0, *given)
    program = list(struct.iter_unpack("=HBBI", filter_for(machine)))
    at = loaded = 0
    while True:
        code, if_true, if_false, value = program[at]
        at += 1
        match code:
            case 0x20:
                (loaded,) = struct.unpack_from("=I", data, value)
            case 0x54:
                loaded &= value
            case 0x15 | 0x35 | 0x45:
                holds = {0x15: loaded == value, 0x35: loaded >= value, 0x45: loaded & value}[code]
                at += if_true if holds else if_false
            case 0x06:
                return int(value)
            case _:
                raise AssertionError(f"opcode {code:#x}")


@both
def test_the_filter_refuses_what_is_listed_and_allows_all_else(machine: str) -> None:
    column = list(ARCHITECTURES).index(machine)
    refused = {one[column] for one in REFUSED.values()} - {None}
    for number in range(500):
        expected = FAILED | 1 if number in refused else ALLOWED
        if number == 435:  # clone3: ENOSYS
            expected = FAILED | 38
        if number != {"x86_64": 41, "aarch64": 198}[machine]:  # socket, which no family 0 has
            assert answer(machine, number) == expected, number


@both
def test_the_filter_looks_at_the_arguments_of_four_calls(machine: str) -> None:
    clone, mmap, socket, ioctl = {"x86_64": (56, 9, 41, 16), "aarch64": (220, 222, 198, 29)}[
        machine
    ]
    for flag in (0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
        assert answer(machine, clone, flag | 17) == FAILED | 1
    assert answer(machine, clone, 0x01200000 | 17) == ALLOWED  # as fork() does
    assert answer(machine, clone, 0x003D0F00) == ALLOWED  # as a thread is made
    assert answer(machine, mmap, 0, 4096, 3, 0x21) == FAILED | 1
    assert answer(machine, mmap, 0, 4096, 3, 0x22) == ALLOWED
    assert answer(machine, mmap, 0, 4096, 3, 0x01) == ALLOWED
    assert [answer(machine, socket, family) for family in (1, 2, 10)] == [ALLOWED] * 3
    assert answer(machine, socket, 16) == FAILED | 97  # AF_NETLINK: EAFNOSUPPORT
    assert answer(machine, ioctl, 0, 0x5412) == answer(machine, ioctl, 0, 0x541C) == FAILED | 1
    assert answer(machine, ioctl, 0, 0x5401) == ALLOWED


@both
def test_a_program_of_another_machine_is_killed(machine: str) -> None:
    assert answer(machine, 0, architecture=0x40000003) == KILLED  # 32-bit x86


def test_the_second_table_of_x86_64_does_not_exist() -> None:
    assert answer("x86_64", 0x40000000 + 39) == FAILED | 38


@both
def test_the_filter_is_not_too_long_for_the_kernel(machine: str) -> None:
    assert len(filter_for(machine)) // 8 <= 4096


@both
def test_the_numbers_are_those_that_libseccomp_knows(machine: str) -> None:
    name = ctypes.util.find_library("seccomp")
    if name is None:
        pytest.skip("libseccomp is not installed")
    resolve = ctypes.CDLL(name).seccomp_syscall_resolve_name_arch
    known = {
        call: resolve(ARCHITECTURES[machine], call.encode())
        for call in (*REFUSED, "clone", "clone3", "mmap", "socket", "ioctl")
    }
    column = list(ARCHITECTURES).index(machine)
    ours = {call: numbers[column] for call, numbers in REFUSED.items()}
    # Below zero: it has no such call, or is older than the call.
    newer = {call for call, number in known.items() if number < 0 and ours.get(call) is not None}
    assert newer <= {"memfd_secret", "mount_setattr", "quotactl_fd", "process_madvise"}
    assert {call: known[call] for call in ours if known[call] >= 0} == {
        call: number for call, number in ours.items() if known[call] >= 0
    }
    assert [known[call] for call in ("clone", "clone3", "mmap", "socket", "ioctl")] == (
        [56, 435, 9, 41, 16] if machine == "x86_64" else [220, 435, 222, 198, 29]
    )


def test_what_is_said_of_the_filter_is_what_it_does() -> None:
    said = Path(__file__).parents[3].joinpath("SECURITY.md").read_text(encoding="utf-8")
    assert re.findall(r"refuses (\d+) system calls", said) == [str(len(REFUSED))]


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
    launch = Bubblewrap("bwrap").launch(SandboxContents(), CellLimits())
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

"""The limit of memory counts all that cells hold, in their processes or not."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pipeline.cells.sandbox.launch import CellLimits, SandboxContents
from pipeline.cells.sandbox.memory import held_bytes
from pipeline.cells.sandbox.session import SandboxSession
from tests.cells.conftest import Check, cells, sandboxed

LIMIT = "needs more than 640 MiB in all"
WAYS = {
    "a file without a name": (
        "import os\nf = os.memfd_create('x')\nfor _ in range(1200):\n"
        "    os.write(f, bytes(1 << 20))"
    ),
    "shared maps without a file": (
        "import mmap\nmaps = [mmap.mmap(-1, 100 << 20) for _ in range(12)]\n"
        "for one in maps:\n    one.write(bytes(100 << 20))"
    ),
    "shared maps that children fill": (
        "import mmap, os\nmaps = [mmap.mmap(-1, 100 << 20) for _ in range(12)]\n"
        "for one in maps:\n    pid = os.fork()\n    if pid == 0:\n"
        "        one.write(bytes(100 << 20))\n        os._exit(0)\n    os.waitpid(pid, 0)"
    ),
    "shared maps of a device": (
        "import mmap, os\nf = os.open('/dev/zero', os.O_RDWR)\n"
        "maps = [mmap.mmap(f, 100 << 20) for _ in range(12)]\n"
        "for one in maps:\n    one.write(bytes(100 << 20))"
    ),
    "segments of System V": (
        "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.shmat.restype = ctypes.c_void_p\n"
        "for _ in range(12):\n    n = libc.shmget(0, 100 << 20, 0o1600)\n    assert n >= 0\n"
        "    ctypes.memset(libc.shmat(n, None, 0), 1, 100 << 20)"
    ),
    "a folder in memory of its own": (
        "import ctypes\nlibc = ctypes.CDLL(None)\nassert libc.unshare(0x10020000) == 0\n"
        "assert libc.mount(b'x', b'/tmp', b'tmpfs', 0, None) == 0\n"
        "open('/tmp/x', 'wb').write(bytes(1200 << 20))"
    ),
    "files in every folder": (
        "import os\nfor folder in ('/tmp', '/dev/shm', os.getcwd()):\n"
        "    with open(f'{folder}/x', 'wb') as f:\n        for _ in range(400):\n"
        "            f.write(bytes(1 << 20))"
    ),
    "files without content": (
        "import os\nname = '/tmp/' + 'x' * 200\nfor n in range(10**9):\n"
        "    os.symlink('x' * 100, f'{name}{n}')"
    ),
    "what sockets hold": (
        "import os, resource, socket, time\n"
        "for _ in range(20):\n    if os.fork() == 0:\n        pairs = []\n"
        "        for _ in range(100):\n            a, b = socket.socketpair()\n"
        "            a.setblocking(False)\n            pairs.append((a, b))\n"
        "            try:\n                while True: a.send(bytes(1 << 16))\n"
        "            except BlockingIOError: pass\n        time.sleep(30)\ntime.sleep(30)"
    ),
    "what sockets with large buffers hold": (
        "import socket, time\npairs = []\nfor _ in range(80):\n"
        "    a, b = socket.socketpair()\n    pairs.append((a, b))\n    a.setblocking(False)\n"
        "    a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)\n"
        "    try:\n        while True: a.send(bytes(1 << 16))\n"
        "    except BlockingIOError: pass\ntime.sleep(30)"
    ),
    "what senders leave at sockets": (
        "import socket, time\nto = []\nfor n in range(40):\n"
        "    to.append(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))\n"
        "    to[-1].bind(f'\\0{n}')\n    for _ in range(10):\n"
        "        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as a:\n"
        "            a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)\n"
        "            a.sendto(bytes(3 << 20), f'\\0{n}')\ntime.sleep(30)"
    ),
    "what connections hold": (
        "import socket, time\nserver = socket.create_server(('127.0.0.1', 0), backlog=120)\n"
        "ends = []\nfor _ in range(120):\n"
        "    ends.append(socket.create_connection(server.getsockname()))\n"
        "    ends.append(server.accept()[0])\n    for end in ends[-2:]:\n"
        "        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)\n"
        "        end.setblocking(False)\n"
        "        try:\n            while True: end.send(bytes(1 << 16))\n"
        "        except BlockingIOError: pass\ntime.sleep(30)"
    ),
    "files behind a process that has ended": (
        "import os, time\nwith open('/proc/thread-self/children') as children:\n"
        "    for child in children.read().split():\n        os.kill(int(child), 9)\n"
        "if os.fork() == 0:\n    os._exit(0)\ntime.sleep(0.5)\nname = '/tmp/' + 'x' * 200\n"
        "for n in range(10**9):\n    os.symlink('x' * 100, f'{name}{n}')"
    ),
    "what sockets hold whose names are no text": (
        "import socket, time\npairs = []\nnamed = []\nfor n in range(80):\n"
        "    named.append(socket.socket(socket.AF_UNIX))\n"
        "    named[-1].bind(b'\\0\\xff\\n\\n' + bytes([n + 33]))\n"
        "    a, b = socket.socketpair()\n    pairs.append((a, b))\n    a.setblocking(False)\n"
        "    a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)\n"
        "    try:\n        while True: a.send(bytes(1 << 16))\n"
        "    except BlockingIOError: pass\ntime.sleep(30)"
    ),
    "processes whose names are no text": (
        "import ctypes, os, time\nfor _ in range(30):\n    if os.fork() == 0:\n"
        "        ctypes.CDLL(None).prctl(15, b'\\xff', 0, 0, 0)\n"
        "        data = bytearray(40 << 20)\n        time.sleep(30)\ntime.sleep(30)"
    ),
    "many processes": (
        "import os, time\nfor _ in range(30):\n    if os.fork() == 0:\n"
        "        data = bytearray(40 << 20)\n        time.sleep(30)\ntime.sleep(30)"
    ),
}


@pytest.mark.parametrize("source", WAYS.values(), ids=WAYS)
def test_1200_mib_do_not_pass_under_a_limit_of_640(check: Check, source: str) -> None:
    report = check(cells("x = 1", source, "print(x)"), memory_mb=64, cell_timeout_s=60)
    assert report.cells[1].status in ("blocked", "failed"), report.cells[1]
    assert report.cells[2].stdout == "1\n"


@pytest.mark.parametrize(
    "way",
    [
        "files without content",
        "what sockets hold",
        "what sockets with large buffers hold",
        "what senders leave at sockets",
        "what connections hold",
        "what sockets hold whose names are no text",
        "files behind a process that has ended",
        "processes whose names are no text",
        "many processes",
    ],
)
def test_what_no_limit_of_the_kernel_stops_is_counted(check: Check, way: str) -> None:
    report = check(cells(WAYS[way]), memory_mb=64, cell_timeout_s=60)
    assert (report.cells[0].status, report.cells[0].reason) == ("blocked", LIMIT)


def test_what_a_cell_leaves_running_is_counted_between_cells() -> None:
    source = (
        "import os, time\nfor _ in range(30):\n    if os.fork() == 0:\n        time.sleep(1)\n"
        "        data = bytearray(40 << 20)\n        time.sleep(30)\n        os._exit(0)"
    )
    sandbox = sandboxed().sandbox.sandbox
    assert sandbox
    session = SandboxSession(sandbox, SandboxContents(), CellLimits(memory_mb=64))
    try:
        assert session.run(source, "<cell 1>").end is None
        deadline = time.monotonic() + 10
        while session.alive and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not session.alive
        assert session.run("print(1)", "<cell 2>").end == "memory"
    finally:
        session.close()


def test_a_chapter_that_speaks_to_itself_holds_little(check: Check) -> None:
    source = (
        "import asyncio\nasync def answer(reader, writer):\n"
        "    writer.write(await reader.read(9))\n"
        "    await writer.drain()\n    writer.close()\nasync def main():\n"
        "    server = await asyncio.start_server(answer, '127.0.0.1', 0)\n"
        "    for _ in range(50):\n"
        "        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())\n"
        "        writer.write(b'hello')\n        writer.write_eof()\n"
        "        assert await reader.read() == b'hello'\n        writer.close()\n"
        "    await asyncio.sleep(0.5)\nasyncio.run(main())"
    )
    assert check(cells(source), memory_mb=64).cells[0].status == "passed"


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux has /proc")
def test_shared_pages_of_a_process_are_counted() -> None:
    import mmap

    before = held_bytes(os.getpid())
    with mmap.mmap(-1, 50 << 20) as shared:
        shared.write(bytes(50 << 20))
        assert held_bytes(os.getpid()) - before > 45 << 20


def test_a_process_that_is_not_there_holds_nothing() -> None:
    assert held_bytes(2**22 + 1, ("tmp",)) == 0

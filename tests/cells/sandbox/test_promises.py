"""What hostile code in a cell cannot do; one test for each promise of the sandbox.

Each attempt is a real one, made by a cell; where it could have an effect outside, the test looks
for that effect and does not trust what the cell says of itself.
"""

from __future__ import annotations

import ast
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from pipeline.cells.report import CellReport
from pipeline.cells.sandbox.bubblewrap import Bubblewrap
from pipeline.cells.sandbox.launch import interpreter_folders
from tests.cells.conftest import Check, cells, sandboxed, statuses
from tests.shared import ROOT

Run = Callable[..., CellReport]


@pytest.fixture
def web_server() -> Iterator[tuple[int, list[str]]]:
    """An HTTP server on the loopback of this machine, and the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process of the user, outside the sandbox."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    yield process
    process.kill()
    process.wait()


# --- network


def test_a_socket_reaches_no_server_of_this_machine(
    run: Run, web_server: tuple[int, list[str]]
) -> None:
    port, asked = web_server
    cell = run(f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 2).send(b'GET /')")
    assert cell.status == "blocked"
    assert "network" in cell.reason
    assert asked == []


def test_an_http_request_reaches_no_server(run: Run, web_server: tuple[int, list[str]]) -> None:
    port, asked = web_server
    cell = run(f"import urllib.request\nurllib.request.urlopen('http://127.0.0.1:{port}/leak')")
    assert (cell.status, asked) == ("blocked", [])


def test_a_name_cannot_be_looked_up(run: Run) -> None:
    cell = run("import socket\nsocket.getaddrinfo('example.org', 443)")
    assert cell.status == "blocked"
    assert cell.reason == "tried to look up example.org: cells have no network"


def test_a_datagram_to_a_name_server_is_refused(run: Run) -> None:
    cell = run(
        "import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "s.sendto(b'query', ('8.8.8.8', 53))"
    )
    assert cell.status == "blocked"


def test_an_abstract_unix_socket_of_this_machine_is_not_there(run: Run) -> None:
    name = f"\0lecture-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        cell = run(
            f"import socket\nsocket.socket(socket.AF_UNIX).connect('\\0lecture-test-{os.getpid()}')"
        )
    assert cell.status == "blocked"


# --- reading


def test_a_file_in_the_users_home_is_not_there(run: Run) -> None:
    with tempfile.NamedTemporaryFile("w", dir=Path.home(), prefix=".lecture-") as secret:
        secret.write("my secret")
        secret.flush()
        cell = run(f"print(open({secret.name!r}).read())")
    assert cell.status in ("blocked", "failed")  # a home in /tmp is like a file the cell forgot
    assert "my secret" not in cell.model_dump_json()


def test_a_path_outside_the_sandbox_is_named(run: Run) -> None:
    with tempfile.NamedTemporaryFile(dir="/var/tmp") as outside:
        cell = run(f"open({outside.name!r})")
    assert cell.status == "blocked"
    assert cell.reason == f"tried to open {outside.name}, which is outside the sandbox"


def test_the_home_of_the_cells_is_empty(run: Run) -> None:
    cell = run("import os\nprint(os.listdir(os.path.expanduser('~')))")
    assert (cell.status, cell.stdout) == ("passed", "[]\n")


def test_no_file_of_any_home_can_be_listed(run: Run) -> None:
    # An interpreter may be installed in a home; of it, only the way to that can be seen.
    mounted = [str(folder) for folder in interpreter_folders()]
    cell = run(
        f"import os\nmounted = {mounted}\nfound = []\n"
        "for home in ('/root', '/home'):\n    for at, folders, files in os.walk(home):\n"
        "        folders[:] = [f for f in folders if os.path.join(at, f) not in mounted]\n"
        "        found += [os.path.join(at, one) for one in folders + files]\nprint(found)"
    )
    way = {str(parent) for folder in mounted for parent in Path(folder).parents}
    assert set(ast.literal_eval(cell.stdout)) <= way | {"/home/reader"}


def test_the_shadow_file_cannot_be_read(run: Run) -> None:
    cell = run("open('/etc/shadow').read()")
    assert cell.status == "blocked"
    assert "/etc/shadow" in cell.reason


def test_the_environment_holds_nothing_of_the_users(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    cell = run("import os\nprint(sorted(os.environ))\nprint(open('/proc/1/environ').read())")
    assert "OPENAI_API_KEY" not in cell.model_dump_json()
    assert "sk-secret" not in cell.model_dump_json()
    assert "'HOME'" in cell.stdout


def test_no_process_of_this_machine_can_be_seen(
    run: Run, bystander: subprocess.Popen[bytes]
) -> None:
    cell = run("import os\nprint(len([p for p in os.listdir('/proc') if p.isdigit()]))")
    assert cell.status == "passed"
    assert int(cell.stdout) <= 3  # the reaper, the worker and its standby


# --- writing


@pytest.mark.parametrize("place", ["/evil", "/usr/evil", "/etc/evil", "/dev/evil", "/proc/evil"])
def test_nothing_can_be_written_outside(run: Run, place: str) -> None:
    cell = run(f"open({place!r}, 'w').write('x')")
    assert cell.status == "blocked"
    assert not Path(place).exists()


def test_a_package_cannot_be_changed(run: Run) -> None:
    cell = run("import minbpe\nopen(minbpe.__file__, 'a').write('# changed')")
    assert cell.status == "blocked"


def test_an_interpreter_file_cannot_be_changed(run: Run) -> None:
    cell = run("import os\nopen(os.__file__, 'a').write('# changed')")
    assert cell.status == "blocked"


def test_a_data_file_cannot_be_changed(check: Check, tmp_path: Path) -> None:
    data = tmp_path / "data.txt"
    data.write_text("original")
    report = check(
        cells("print(open('data.txt').read())", "open('data.txt', 'w').write('x')"),
        files=(str(data),),
    )
    assert report.cells[0].stdout == "original\n"
    assert report.cells[1].status != "passed"
    assert data.read_text() == "original"


def test_a_full_disk_is_only_the_cells_own(check: Check) -> None:
    report = check(
        cells(
            "print('before')",
            "for n in range(99):\n    open(f'/tmp/{n}', 'wb').write(bytes(5 << 20))",
            "print('after')",
        ),
        memory_mb=128,
    )
    assert [cell.status for cell in report.cells] == ["passed", "failed", "passed"]
    assert "No space left" in (report.cells[1].error or "")


# --- processes


def test_a_program_cannot_be_started(run: Run) -> None:
    cell = run("import subprocess\nprint(subprocess.run(['ls', '/'], capture_output=True))")
    assert cell.status == "blocked"
    assert cell.reason == "tried to start ls: cells may not start programs"


def test_a_shell_command_is_blocked_though_it_raises_nothing(run: Run) -> None:
    assert run("import os\nos.system('id')").status == "blocked"


def test_a_fork_bomb_ends_with_its_cell(check: Check) -> None:
    report = check(
        cells(
            "x = 1",
            "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n"
            "        pass",
            "print(x)",
        ),
        cell_timeout_s=2,
    )
    assert report.cells[1].status in ("timeout", "blocked")
    assert (report.cells[2].status, report.cells[2].stdout) == ("passed", "1\n")


def test_no_process_of_a_cell_outlives_the_check(check: Check) -> None:
    # A limit of its own tells this check's processes from those of other runs on the machine.
    memory_mb = 1100 + secrets.randbelow(900)
    limit = str(memory_mb << 20).encode()
    source = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(99)"
    check(cells(source), memory_mb=memory_mb)
    time.sleep(0.2)
    assert _limited_by(limit) == []


def test_the_cells_of_a_killed_run_end_with_it() -> None:
    sandbox = sandboxed().sandbox.sandbox
    assert isinstance(sandbox, Bubblewrap)
    memory_mb = 1100 + secrets.randbelow(900)
    limit = str(memory_mb << 20).encode()
    source = (
        "from pipeline.cells.sandbox.bubblewrap import Bubblewrap\n"
        "from pipeline.cells.sandbox.launch import CellLimits, SandboxContents\n"
        "from pipeline.cells.sandbox.session import SandboxSession\n"
        f"limits = CellLimits(memory_mb={memory_mb}, seconds=60)\n"
        f"session = SandboxSession(Bubblewrap({sandbox.program!r}), SandboxContents(), limits)\n"
        "session.run('while True: pass', '<cell 1>')"
    )
    run = subprocess.Popen([sys.executable, "-c", source], cwd=ROOT)
    try:
        _await(lambda: len(_limited_by(limit)) > 1, 30)  # the worker and, in a cell, its standby
    finally:
        run.kill()
        run.wait()
    _await(lambda: _limited_by(limit) == [], 10)


def _await(is_so: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _limited_by(limit: bytes) -> list[Path]:
    return [
        entry
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and limit in _limits_of(entry)
    ]


def _limits_of(process: Path) -> bytes:
    try:
        return (process / "limits").read_bytes()
    except OSError:
        return b""


def test_the_parent_cannot_be_killed(check: Check) -> None:
    report = check(
        cells("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)", "print('alive')")
    )
    assert report.cells[1].stdout == "alive\n"


def test_killing_every_process_in_reach_harms_the_sandbox_only(
    check: Check, bystander: subprocess.Popen[bytes]
) -> None:
    report = check(
        cells(
            "x = 1",
            f"import os\nfor p in (-1, {bystander.pid}, {os.getpid()}):\n    try:\n"
            "        os.kill(p, 9)\n    except OSError:\n        pass\n",
            "os.kill(os.getpid(), 9)",
            "print(x)",
        )
    )
    assert bystander.poll() is None
    assert report.cells[2].status in ("blocked", "failed")
    assert report.cells[3].stdout == "1\n"


def test_the_parent_cannot_be_traced(run: Run, bystander: subprocess.Popen[bytes]) -> None:
    cell = run(
        "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        f"for p in (os.getppid(), {os.getpid()}, {bystander.pid}):\n"
        "    print(libc.ptrace(16, p, 0, 0))"
    )
    assert cell.stdout == "-1\n-1\n-1\n"


def test_rights_cannot_be_won_back(run: Run) -> None:
    cell = run(
        "import os\ndef tried(f, *a):\n    try:\n        f(*a)\n        return True\n"
        "    except OSError:\n        return False\n"
        "print(os.getuid() != 0, tried(os.setuid, 0), tried(os.chroot, '/'))\n"
        "status = open('/proc/self/status').read()\n"
        "print([l.split()[1] for l in status.splitlines() if l[:6] in ('CapEff', 'NoNewP')])"
    )
    assert cell.stdout == "True False False\n['0000000000000000', '1']\n"


def test_the_sandbox_cannot_mount(run: Run) -> None:
    cell = run("import ctypes\nprint(ctypes.CDLL(None).mount(b'x', b'/tmp', b'tmpfs', 0, None))")
    assert cell.stdout == "-1\n"


# --- resources


def test_memory_is_limited(run: Run) -> None:
    cell = run("data = bytearray(900 << 20)", memory_mb=512)
    assert cell.status == "blocked"
    assert cell.reason == "needs more than 512 MiB of memory"


def test_shared_memory_is_limited(check: Check) -> None:
    report = check(
        cells(
            "import mmap\nm = mmap.mmap(-1, 8 << 30)\nm.write(bytes(1 << 20))",
            "print('alive')",
        ),
        memory_mb=256,
    )
    assert report.cells[0].status != "passed"
    assert report.cells[1].stdout == "alive\n"


def test_many_processes_cannot_hold_more_together(check: Check) -> None:
    report = check(
        cells(
            "x = 1",
            "import os, time\nfor _ in range(30):\n    if os.fork() == 0:\n"
            "        data = bytearray(60 << 20)\n        time.sleep(30)\ntime.sleep(30)",
            "print(x)",
        ),
        memory_mb=128,
    )
    assert report.cells[1].reason == "needs more than 768 MiB in all"
    assert report.cells[2].stdout == "1\n"


def test_an_endless_loop_is_ended_and_its_output_kept(check: Check) -> None:
    report = check(
        cells("x = 5", "print('partial', flush=False)\nwhile True:\n    pass", "print(x)"),
        cell_timeout_s=1,
    )
    assert statuses(report) == ["passed", "timeout", "passed"]
    assert report.cells[1].stdout == "partial\n"
    assert report.cells[1].reason == "ran longer than 1 s"


def test_a_time_limit_that_the_cell_calls_off_holds_all_the_same(check: Check) -> None:
    report = check(
        cells(
            "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0)\n"
            "signal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True:\n    pass",
            "print('alive')",
        ),
        cell_timeout_s=1,
    )
    assert statuses(report) == ["timeout", "passed"]


def test_a_flood_of_output_is_cut(check: Check) -> None:
    report = check(
        cells("while True:\n    print('x' * 1000)", "print('alive')"), output_mb=1, cell_timeout_s=9
    )
    assert report.cells[0].status == "blocked"
    assert report.cells[0].reason == "printed more than 1 MiB"
    assert len(report.cells[0].stdout) < 70_000
    assert report.cells[1].stdout == "alive\n"


def test_a_flood_of_errors_is_cut(run: Run) -> None:
    cell = run("import sys\nwhile True:\n    sys.stderr.write('x' * 1000)", output_mb=1)
    assert cell.status == "blocked"


def test_a_file_cannot_grow_without_limit(run: Run) -> None:
    cell = run("import os\nf = open('/tmp/x', 'wb')\nf.truncate(1 << 40)", memory_mb=128)
    assert cell.status != "passed"


# --- what comes out


def test_a_link_named_like_a_picture_brings_nothing_out(check: Check, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"\x89PNG\r\nsecret")
    report = check(
        cells(
            f"import os\nos.symlink({str(secret)!r}, 'a.png')\nos.symlink('/etc/passwd', 'b.png')\n"
            "os.mkfifo('c.png')"
        )
    )
    assert report.cells[0].status == "passed"
    assert report.cells[0].pictures == ()


def test_a_picture_that_is_none_is_not_kept(run: Run) -> None:
    assert run("open('a.png', 'w').write('<script>alert(1)</script>')").pictures == ()


def test_messages_forged_by_a_cell_end_its_session_only(check: Check) -> None:
    forge = (
        "import __main__, gc, os\n"
        "worker = next(o for o in gc.get_objects() if type(o).__name__ == 'CellWorker')\n"
        "os.write(1, worker._head + b'.[1, 2]\\x00')"
    )
    report = check(cells("x = 1", forge, "print(x)"))
    assert report.cells[1].status == "blocked"
    assert report.cells[2].stdout == "1\n"

"""What honest code in a cell can do inside the sandbox; one test for each ability."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cells.report import CellReport
from tests.cells.conftest import Check, cells, sandboxed, statuses

Run = Callable[..., CellReport]


def test_temporary_files_and_folders_work(run: Run) -> None:
    cell = run(
        "import tempfile, pathlib\n"
        "with tempfile.TemporaryDirectory() as d:\n"
        "    p = pathlib.Path(d, 'a.txt'); p.write_text('hello'); print(p.read_text())\n"
        "with tempfile.NamedTemporaryFile('w+') as f:\n    f.write('x'); f.flush(); print('ok')"
    )
    assert (cell.status, cell.stdout) == ("passed", "hello\nok\n")


def test_paths_can_be_joined_and_looked_at(run: Run) -> None:
    cell = run("import os\nprint(os.path.join('a', 'b'), os.path.exists('nothing'), os.sep)")
    assert (cell.status, cell.stdout) == ("passed", "a/b False /\n")


def test_a_file_written_by_one_cell_is_read_by_the_next(check: Check) -> None:
    report = check(cells("open('m.model', 'w').write('v1')", "print(open('m.model').read())"))
    assert report.cells[1].stdout == "v1\n"


def test_threads_work_and_live_on_in_later_cells(check: Check) -> None:
    report = check(
        cells(
            "import threading, queue\nq, out = queue.Queue(), queue.Queue()\n"
            "def work():\n    while True:\n        out.put(q.get() * 2)\n"
            "threading.Thread(target=work, daemon=True).start()",
            "q.put(21)\nprint(out.get(timeout=5))",
        )
    )
    assert statuses(report) == ["passed", "passed"]
    assert report.cells[1].stdout == "42\n"


def test_a_pool_of_threads_works(run: Run) -> None:
    cell = run(
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(8) as pool:\n    print(sum(pool.map(lambda x: x * x, range(100))))"
    )
    assert cell.stdout == "328350\n"


def test_a_server_of_the_cells_own_can_be_reached_by_it(run: Run) -> None:
    cell = run(
        "import socket\ns = socket.create_server(('127.0.0.1', 0))\n"
        "c = socket.create_connection(s.getsockname())\nprint('connected')"
    )
    assert (cell.status, cell.stdout) == ("passed", "connected\n")


def test_matplotlib_draws_a_picture_that_comes_out(run: Run) -> None:
    pytest.importorskip("matplotlib")
    cell = run(
        "import matplotlib.pyplot as plt\nplt.plot([1, 2, 4])\nplt.title('growth')\nplt.show()",
        cell_timeout_s=60,
    )
    assert cell.status == "passed"
    assert cell.pictures == ("pictures/cell-001-1.png",)
    assert cell.stderr == ""


def test_a_slow_machine_is_not_told_of_below_a_picture(run: Run) -> None:
    cell = run(
        "import logging\n"
        "log = logging.getLogger('matplotlib.font_manager')\n"
        "log.warning('Matplotlib is building the font cache; this may take a moment.')\n"
        "log.warning('findfont: Font family %r not found.', 'Futura')"
    )
    assert (cell.status, cell.stderr) == ("passed", "findfont: Font family 'Futura' not found.\n")


def test_a_picture_saved_as_a_file_comes_out() -> None:
    from pipeline.cells.checker import Text, check_texts
    from pipeline.document.parse import parse
    from pipeline.document.serialise import serialise
    from pipeline.settings.check import CheckSettings

    source = (
        "import struct, zlib\n"
        "def chunk(k, d):\n"
        "    return struct.pack('>I', len(d)) + k + d + struct.pack('>I', zlib.crc32(k + d))\n"
        "png = b'\\x89PNG\\r\\n\\x1a\\n'\n"
        "png += chunk(b'IHDR', struct.pack('>IIBBBBB', 1, 1, 8, 0, 0, 0, 0))\n"
        "png += chunk(b'IDAT', zlib.compress(b'\\0\\0')) + chunk(b'IEND', b'')\n"
        "open('dot.png', 'wb').write(png)"
    )
    checked = check_texts([Text("", parse(cells(source)))], sandboxed(), CheckSettings())
    assert checked.pictures["pictures/cell-001-1.png"].startswith(b"\x89PNG\r\n")
    assert "![Picture drawn by the code above](pictures/cell-001-1.png)" in serialise(
        checked.blocks[0]
    )


def test_minbpe_can_be_imported_and_trained(run: Run) -> None:
    cell = run(
        "from minbpe import BasicTokenizer\nt = BasicTokenizer()\nt.train('aaabdaaabac', 259)\n"
        "t.encode('aaabdaaabac')"
    )
    assert (cell.status, cell.stdout) == ("passed", "[258, 100, 258, 97, 99]\n")


def test_data_files_are_readable_by_their_names(check: Check, tmp_path: Path) -> None:
    (tmp_path / "taylor.txt").write_text("some text")
    report = check(cells("len(open('taylor.txt').read())"), files=(str(tmp_path / "taylor.txt"),))
    assert report.cells[0].stdout == "9\n"


def test_numbers_and_text_of_the_world_survive(run: Run) -> None:
    cell = run("print('안녕하세요 👋', '<|endoftext|>', ascii('é'))")
    assert cell.stdout == "안녕하세요 👋 <|endoftext|> '\\xe9'\n"


def test_classes_can_be_pickled_and_their_source_be_read(check: Check) -> None:
    report = check(
        cells(
            "import pickle, inspect, dataclasses\n@dataclasses.dataclass\n"
            "class P:\n    x: int\ndef f(): pass",
            "print(pickle.loads(pickle.dumps(P(3))), inspect.getsource(f))",
        )
    )
    assert report.cells[1].stdout == "P(x=3) def f(): pass\n\n"


def test_a_future_import_holds_for_later_cells(check: Check) -> None:
    report = check(
        cells("from __future__ import annotations", "def f(x: Undefined): return x\nf(1)")
    )
    assert statuses(report) == ["passed", "passed"]


def test_async_code_runs(run: Run) -> None:
    cell = run("import asyncio\nasync def f():\n    return 7\nprint(asyncio.run(f()))")
    assert cell.stdout == "7\n"


def test_randomness_of_sets_and_hashes_is_the_same_every_time(run: Run) -> None:
    source = "print({'apple', 'pear', 'plum', 'fig'}, hash('x'))"
    assert run(source).stdout == run(source).stdout


def test_a_cell_that_asks_for_input_gets_an_end_of_file_and_not_a_wait(run: Run) -> None:
    cell = run("name = input('Your name? ')")
    assert cell.status == "failed"
    assert "EOFError" in cell.reason

"""What a computation frees stays with the process while it goes on."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

# A thread asks for a block of 80 MB, fills and frees it, and does so again: how many pages of
# memory the system had to give it for the second one.
SCRIPT = """
import contextlib, resource, sys, threading
from pipeline.engine.memory import freed_memory_kept, share_one_heap

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    block = bytearray(b"x") * (80 << 20)
    del block
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

def work():
    counts.extend([faults(), faults()])

counts = []
share_one_heap()
with freed_memory_kept() if sys.argv[1] == "kept" else contextlib.nullcontext():
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
with open("/proc/self/statm") as file:
    resident_mb = int(file.read().split()[1]) * resource.getpagesize() >> 20
print(counts[1], resident_mb)
"""


def second_block(way: str) -> tuple[int, int]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, way], capture_output=True, text=True, check=True
    )
    faults, resident_mb = done.stdout.split()
    return int(faults), int(resident_mb)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is tuned")
def test_a_large_block_that_a_thread_freed_is_used_again_and_given_back_at_the_end() -> None:
    faults, resident_mb = second_block("kept")
    assert faults < 100
    assert resident_mb < 80
    assert second_block("as usual")[0] > 10_000


# A thread fills 120 MB with blocks of 60 kB and frees all but every fiftieth.
HOLES = """
import resource, threading
from pipeline.engine.memory import release_memory

def resident_mb():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() >> 20

def work():
    blocks = [bytearray(b"x") * 60_000 for _ in range(2000)]
    kept.extend(blocks[::50])

kept = []
thread = threading.Thread(target=work)
thread.start()
thread.join()
before = resident_mb()
release_memory()
print(before - resident_mb())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is tuned")
def test_what_is_free_between_blocks_in_use_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", HOLES], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 80

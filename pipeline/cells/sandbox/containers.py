"""The sandbox where bubblewrap is missing: a container of Docker or Podman.

The image must already be on the machine (nothing is pulled); cells can import what it holds, and
``minbpe`` if it holds what that needs. Options are those that both programs share, see
https://docs.docker.com/reference/cli/docker/container/run.
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.cells.sandbox.launch import (
    INSIDE,
    CellLimits,
    Launch,
    SandboxContents,
    cell_environment,
    worker_command,
)
from pipeline.cells.sandbox.system_calls import filter_for
from pipeline.redaction import without_keys

_HOME = "/home/reader"
_PACKAGES = "/packages"
_INSIDE = "/inside"
_RANKS = "/ranks"
_USER = "1000:1000"
_ENOUGH = 4096  # processes of the user: counted over all containers; --pids-limit holds this one


@dataclass(frozen=True)
class Container:
    """Runs the worker in a container.

    Args:
        kind: ``docker`` or ``podman``.
        program: the path of the program.
        image: an image with ``python3``, 3.11 or later.
    """

    kind: str
    program: str
    image: str

    def launch(self, contents: SandboxContents, limits: CellLimits) -> Launch:
        """The ``run`` command; its last arguments start the worker."""
        name = f"cells-{secrets.token_hex(8)}"
        environment = cell_environment(_HOME, "/tmp") | {"TIKTOKEN_CACHE_DIR": _RANKS}
        command = [self.program, "run", "--rm", "--interactive", f"--name={name}", "--pull=never"]
        command += ["--network=none", "--read-only", "--cap-drop=ALL", f"--user={_USER}"]
        command += ["--security-opt=no-new-privileges", "--workdir=/"]
        command += [f"--memory={limits.memory_of_all >> 20}m", f"--pids-limit={limits.processes}"]
        command.append(f"--ulimit=nofile={limits.open_files}:{limits.open_files}")
        command.append(f"--ulimit=nproc={_ENOUGH}:{_ENOUGH}")
        for folder in ("/tmp", _HOME):
            command.append(f"--tmpfs={folder}:rw,size={limits.folder_mb}m,mode=1777")
        command += [f"--volume={source}:{target}:ro" for source, target in _volumes(contents)]
        command += [f"--env={key}={value}" for key, value in environment.items()]
        command += ["--entrypoint=python3", self.image, *worker_command("python3", "/")[1:]]
        caps = limits.for_worker()
        # It counts all processes of that user on the machine; the container has its own limit.
        del caps["RLIMIT_NPROC"]
        return Launch(
            command=command,
            # The program needs the user's own (its socket, its storage), but no keys.
            environment=without_keys(),
            folder=_HOME,
            paths=[_PACKAGES],
            limits=caps,
            filter=filter_for(),
            stop=[self.program, "kill", name],
        )


def installed(kind: str, image: str) -> Container | None:
    """The container program of that name, if it is there (whether it works is another question)."""
    program = shutil.which(kind)
    return Container(kind, program, image) if program else None


def _volumes(contents: SandboxContents) -> list[tuple[Path, str]]:
    return [
        (INSIDE, _INSIDE),
        *((package, f"{_PACKAGES}/{package.name}") for package in contents.packages),
        *((file.resolve(), f"{_HOME}/{file.name}") for file in contents.files),
        *((file, f"{_RANKS}/{name}") for name, file in contents.ranks.items()),
    ]

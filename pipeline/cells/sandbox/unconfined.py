"""No sandbox: the driver as an ordinary process of the user, for code that the user trusts."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pipeline.cells.sandbox.launch import (
    INSIDE,
    CellLimits,
    Launch,
    SandboxContents,
    cell_environment,
    driver_command,
)


@dataclass(frozen=True)
class Unconfined:
    """Runs the driver with the user's rights, in an empty folder, with resource limits only."""

    kind: str = "none"

    def launch(self, room: SandboxContents, limits: CellLimits) -> Launch:
        """The interpreter itself; data files are copied into a temporary folder."""
        scratch = Path(tempfile.mkdtemp(prefix="cells-"))
        for file in room.files:
            shutil.copy(file, scratch / file.name)
        environment = os.environ | cell_environment(str(scratch), str(scratch))
        # The user's own secrets are of no use to a cell, trusted or not.
        for name in [name for name in environment if "KEY" in name or "TOKEN" in name]:
            del environment[name]
        if room.ranks:
            (scratch / ".ranks").mkdir()
            for cached, file in room.ranks.items():
                shutil.copy(file, scratch / ".ranks" / cached)
            environment["TIKTOKEN_CACHE_DIR"] = str(scratch / ".ranks")
        caps = limits.for_driver()
        # Counted over all processes of the user, not over the cells: it would hit the user.
        del caps["RLIMIT_NPROC"]
        return Launch(
            command=driver_command(sys.executable, str(INSIDE.parent)),
            environment=environment,
            folder=str(scratch),
            paths=sorted({str(package.parent) for package in room.packages}),
            limits=caps if os.name == "posix" else {},
            scratch=scratch,
            understudy=False,
        )

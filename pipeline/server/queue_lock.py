"""One server at a time works on the jobs of an output folder."""

from __future__ import annotations

import contextlib
from pathlib import Path

from pipeline.engine.lock import hold
from pipeline.engine.symlink_guard import check_links
from pipeline.errors import LockedError, ServeError, WorkspaceError


class QueueLock:
    """The right to work on the jobs of an output folder.

    Args:
        output: the output folder.
        folder: where its jobs are kept, in it.
    """

    def __init__(self, output: Path, folder: Path) -> None:
        self._output = output
        self._folder = folder
        self._held = contextlib.ExitStack()
        self._is_held = False

    def take(self) -> None:
        """Make the folder's jobs this process's own, until ``release``; of no effect if they are.

        The folder is made, open to this user only: addresses with passwords wait in it until they
        are loaded, and uploads until they are read.

        Raises:
            ServeError: another server works on them; the message says which.
            WorkspaceError: the folder cannot be written, or a link leads out of it.
        """
        if self._is_held:
            return
        check_links(self._folder, self._output)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._folder.chmod(0o700)
        except OSError as error:
            raise WorkspaceError(f"{self._folder} cannot be made: {error.strerror}") from error
        try:
            self._held.enter_context(hold(self._folder / "server"))
        except LockedError as error:
            who = error.message.partition(" is in use by ")[2]
            raise ServeError(
                f"{self._output} is served already, by {who}",
                "use that server, stop it, or serve another folder with --output",
            ) from error
        self._is_held = True

    def release(self) -> None:
        """Let other servers have them; by the thread that took them."""
        self._is_held = False
        self._held.close()

"""A stand-in for ffmpeg, put first in PATH, that fails at one of its calls."""

from __future__ import annotations

from pathlib import Path

from pipeline.video.programs import ffmpeg_path

FAULTS = {
    "crashes": "kill -SEGV $$",
    "is killed": "kill -KILL $$",
    "hangs": "exec sleep 3600",
    "writes rubbish": "head -c 200000 /dev/urandom; exit 0",
    "fails": "echo 'something is wrong' >&2; exit 1",
    "says nothing": "exit 0",
}


def faulty_ffmpeg(folder: Path, fault: str, at: tuple[int, ...] = (1,)) -> Path:
    """A folder for PATH in which ``ffmpeg`` has ``fault`` at its calls ``at`` (from 1).

    ``calls`` in the folder has a line for each call.
    """
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "ffmpeg"
    wanted = " ".join(map(str, at))
    program.write_text(
        "#!/bin/sh\n"
        f'echo "$*" >> "{folder}/calls"\n'
        f'call=$(wc -l < "{folder}/calls")\n'
        f"for one in {wanted}; do\n"
        f'  if [ "$one" -eq "$call" ]; then {FAULTS[fault]}; fi\n'
        "done\n"
        f'exec "{ffmpeg_path()}" "$@"\n'
    )
    program.chmod(0o755)
    return folder


def calls(folder: Path) -> int:
    """How often the stand-in was called."""
    record = folder / "calls"
    return len(record.read_text().splitlines()) if record.exists() else 0

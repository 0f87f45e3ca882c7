"""Drawn lectures: pictures one after another, encoded, with everything that is true of them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from PIL import Image

from tests.bundled import bundled_ffmpeg
from tests.screencast import Truth

RATE = 5  # pictures drawn per second
# ITU-R BT.2408: diffuse white of SDR content in an HDR signal, cd/m2; PQ's peak by SMPTE ST 2084.
_WHITE, _PEAK = 203.0, 10_000.0
_BT2020 = np.array(
    [[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]]
)  # BT.709 primaries in BT.2020's (ITU-R BT.2087)


@dataclass(frozen=True)
class Program:
    """A program that the lecture shows, whole, and the output shown below it (None: none is)."""

    lines: tuple[str, ...]
    output: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Drawn:
    """A drawn lecture and its truth.

    ``titles`` are those of slides that have to become figures, with the ms at which they come up;
    ``headline`` is what a caption of the lecture may name, one of them per state that has a
    headline; ``chrome`` are words of the windows, which no caption and no output may contain.
    """

    name: str
    path: Path
    duration_ms: int
    states: tuple[Truth, ...] = field(repr=False)
    programs: tuple[Program, ...] = ()
    titles: tuple[tuple[int, str], ...] = ()
    chrome: tuple[str, ...] = ()


@dataclass
class Reel:
    """Pictures in order; those of one state follow each other under one name."""

    shots: list[tuple[Image.Image, int]] = field(default_factory=list)
    states: list[Truth] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    at: int = 0  # pictures so far

    def show(self, picture: Image.Image, seconds: float, state: str) -> None:
        """``picture`` for a while; a state that is shown later again is a return."""
        count = max(1, round(seconds * RATE))
        start_ms, end_ms = self.at * 1000 // RATE, (self.at + count) * 1000 // RATE
        if self.names and self.names[-1] == state:
            self.states[-1] = replace(self.states[-1], end_ms=end_ms, full_ms=start_ms)
        else:
            first = self.names.index(state) if state in self.names else None
            self.states.append(Truth(start_ms, end_ms, start_ms, (), first))
            self.names.append(state)
        self.shots.append((picture, count))
        self.at += count

    @property
    def duration_ms(self) -> int:
        return self.at * 1000 // RATE


def encode(path: Path, reel: Reel, key_s: float = 5, fps: int = 10, transfer: str = "") -> None:
    """Write the reel as H.264; with ``transfer`` (``pq`` or ``hlg``) as 10-bit BT.2020 HDR.

    Raises:
        RuntimeError: ffmpeg fails.
    """
    width, height = reel.shots[0][0].size
    pixels = "yuv420p10le" if transfer else "yuv420p"
    command = [bundled_ffmpeg(), "-y", "-v", "error", "-f", "rawvideo", "-pix_fmt", pixels]
    command += ["-s", f"{width}x{height}", "-r", str(RATE), "-i", "-", "-r", str(fps)]
    command += ["-c:v", "libx264", "-preset", "veryfast", "-crf", "24", "-pix_fmt", pixels]
    command += ["-g", str(round(fps * key_s)), "-sc_threshold", "0"]
    tags = {"pq": "smpte2084", "hlg": "arib-std-b67", "": "bt709"}[transfer]
    primaries, matrix = ("bt2020", "bt2020nc") if transfer else ("bt709", "bt709")
    command += ["-color_primaries", primaries, "-color_trc", tags, "-colorspace", matrix]
    # The stream of raw pictures is tagged too: nothing is converted on the way.
    tagged = f"setparams=range=tv:color_primaries={primaries}:color_trc={tags}:colorspace={matrix}"
    command += ["-vf", tagged]
    encoder = subprocess.Popen([*command, str(path)], stdin=subprocess.PIPE)
    assert encoder.stdin is not None
    for picture, count in reel.shots:
        raw = _planar(picture, transfer)
        for _ in range(count):
            encoder.stdin.write(raw)
    encoder.stdin.close()
    if encoder.wait() != 0:
        raise RuntimeError(f"ffmpeg could not draw {path}")


def drawn(
    folder: Path,
    name: str,
    make: Callable[[Reel], Drawn],
    *,
    key_s: float = 5,
    transfer: str = "",
) -> Drawn:
    """The lecture ``name``, encoded unless it lies in ``folder`` already."""
    path = folder / f"{name}.mp4"
    reel = Reel()
    made = make(reel)
    if not path.exists():
        part = path.with_suffix(".part.mp4")
        encode(part, reel, key_s, transfer=transfer)
        part.rename(path)
    return replace(
        made, name=name, path=path, duration_ms=reel.duration_ms, states=tuple(reel.states)
    )


def truth(
    programs: Sequence[Program] = (),
    titles: Sequence[tuple[int, str]] = (),
    chrome: Sequence[str] = (),
) -> Drawn:
    """What a lecture shows; its name, file and states are filled in by ``drawn``."""
    return Drawn("", Path(), 0, (), tuple(programs), tuple(titles), tuple(chrome))


def _planar(picture: Image.Image, transfer: str) -> bytes:
    """Planar Y'CbCr 4:2:0, limited range, with the matrix of the tags."""
    rgb = np.asarray(picture.convert("RGB"), dtype=float) / 255
    if transfer:
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        rgb = _pq(linear @ _BT2020.T) if transfer == "pq" else _hlg(linear @ _BT2020.T)
    red, green, blue = (0.2627, 0.6780, 0.0593) if transfer else (0.2126, 0.7152, 0.0722)
    luma = rgb @ np.array([red, green, blue])
    cb = (rgb[..., 2] - luma) / (2 * (1 - blue))
    cr = (rgb[..., 0] - luma) / (2 * (1 - red))
    halves = [plane.reshape(luma.shape[0] // 2, 2, -1, 2).mean(axis=(1, 3)) for plane in (cb, cr)]
    levels = 4 if transfer else 1
    kind = "<u2" if transfer else "u1"
    planes = [(16 + 219 * luma) * levels, *[(128 + 224 * half) * levels for half in halves]]
    return b"".join(np.round(plane).astype(kind).tobytes() for plane in planes)


def _pq(
    linear: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """SMPTE ST 2084's curve, white at 203 cd/m2."""
    powered = (np.clip(linear, 0, None) * _WHITE / _PEAK) ** 0.1593017578125
    curve: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = (
        (0.8359375 + 18.8515625 * powered) / (1 + 18.6875 * powered)
    ) ** 78.84375
    return curve


def _hlg(
    linear: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """ARIB STD-B67's curve; diffuse white at 75 % of the signal (BT.2408)."""
    scene = np.clip(linear, 0, None) ** (1 / 1.2) * 0.265
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    curve: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = np.where(
        scene <= 1 / 12, np.sqrt(3 * scene), a * np.log(np.maximum(12 * scene - b, 1e-9)) + c
    )
    return curve

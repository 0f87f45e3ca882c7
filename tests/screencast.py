"""Draws made-up screencasts whose every state of the screen is known.

A ``Scene`` is one state by the definition of the screen finder: a slide with its build-up, a page
of code while it is typed, a page after a scroll. ``draw`` encodes scenes one after another with the
pipeline's own ffmpeg and returns the truth beside the file. All randomness comes from a seed.
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.bundled import bundled_ffmpeg

RATE = 5  # pictures drawn per second; ffmpeg repeats them up to the frame rate
VOCABULARY = """
    token vocabulary merge pair byte string encode decode model train count replace frequent
    sequence length number index table method class object return value print list range
    learn matrix vector layer weight gradient loss batch sample epoch kernel graph edge node
"""
WORDS = tuple(VOCABULARY.split())


@dataclass(frozen=True)
class Truth:
    """One state of the screen: when, the words it ever shows, when it is full, what it repeats."""

    start_ms: int
    end_ms: int
    full_ms: int
    words: tuple[str, ...]
    same_as: int | None


@dataclass(frozen=True)
class Scene:
    """One state. ``steps`` are its pictures as line lists, shown one after another.

    ``style`` is ``"slide"`` (light, large) or ``"code"`` (dark, fixed pitch). The steps share the
    first ``growing`` part of the time; the last one stays for the rest. ``fade_s`` is a cross-fade
    from the scene before. ``repeats`` is the index of an earlier scene with the same last picture.
    """

    style: str
    steps: tuple[tuple[str, ...], ...]
    seconds: float
    growing: float = 0.6
    fade_s: float = 0.0
    repeats: int | None = None


@dataclass(frozen=True)
class Screencast:
    """A drawn video and its truth."""

    path: Path
    duration_ms: int
    states: tuple[Truth, ...] = field(repr=False)


def slide(
    rng: random.Random, seconds: float, bullets: int = 4, fade_s: float = 0.0, built: bool = True
) -> Scene:
    """A slide with a title and bullets, which appear one at a time when ``built``."""
    title = " ".join(rng.sample(WORDS, 3)).capitalize()
    lines = [f"{k}. " + " ".join(rng.sample(WORDS, 6)) for k in range(1, bullets + 1)]
    first = 1 if built else bullets
    steps = tuple((title, *lines[:n]) for n in range(first, bullets + 1))
    return Scene("slide", steps, seconds, fade_s=fade_s)


def typing(rng: random.Random, seconds: float, lines: int = 14) -> Scene:
    """A page of code typed word by word on an empty editor."""
    steps: list[tuple[str, ...]] = []
    done: list[str] = []
    for _ in range(lines):
        line = " " * (4 * rng.randrange(3))
        for word in rng.sample(WORDS, rng.randrange(3, 7)):
            line += word + rng.choice([" ", " = ", "(", ") "])
            steps.append((*done, line))
        done.append(line)
    return Scene("code", tuple(steps), seconds, growing=0.8)


def scrolled(rng: random.Random, seconds: float, pages: int = 3, lines: int = 16) -> list[Scene]:
    """A document shown page after page, each scrolled into view line by line in a second."""
    text = [" ".join(rng.sample(WORDS, 7)) for _ in range(pages * lines)]
    scenes = [Scene("code", (tuple(text[:lines]),), seconds)]
    for page in range(1, pages):
        tops = [*range((page - 1) * lines + 3, page * lines, 3), page * lines]
        steps = tuple(tuple(text[top : top + lines]) for top in tops)
        scenes.append(Scene("code", steps, seconds, growing=1.0 / seconds))
    return scenes


def again(scenes: Sequence[Scene], index: int, seconds: float) -> Scene:
    """The full picture of an earlier scene, shown again."""
    return Scene(scenes[index].style, scenes[index].steps[-1:], seconds, repeats=index)


def lecture(seed: int, minutes: float) -> list[Scene]:
    """A lecture of all kinds of scenes, at least ``minutes`` long."""
    rng = random.Random(seed)
    scenes: list[Scene] = []
    while sum(scene.seconds for scene in scenes) < minutes * 60:
        first = len(scenes)
        scenes.append(slide(rng, rng.uniform(12, 40)))
        scenes.append(slide(rng, rng.uniform(8, 30), fade_s=0.8))
        scenes.append(typing(rng, rng.uniform(40, 90)))
        scenes.append(slide(rng, rng.uniform(4, 9), built=False))
        scenes += scrolled(rng, rng.uniform(8, 20))
        scenes.append(again(scenes, first, rng.uniform(6, 20)))
    return scenes


def draw(
    path: Path,
    scenes: Sequence[Scene],
    size: tuple[int, int] = (1280, 720),
    fps: int = 30,
    inset: bool = False,
    key_s: float = 5.0,
    scene_keys: bool = False,
    options: Sequence[str] = (),
) -> Screencast:
    """Encode ``scenes`` to ``path`` with H.264.

    Args:
        inset: put a picture that never rests into the lower right corner.
        key_s: seconds between key frames; with ``scene_keys`` the encoder adds its own at cuts.
        options: more ffmpeg options for the output.
    """
    width, height = size
    command = [bundled_ffmpeg(), "-y", "-v", "error", "-f", "rawvideo", "-pix_fmt", "yuv420p"]
    command += ["-s", f"{width}x{height}", "-r", str(RATE), "-i", "-"]
    if inset:
        side = height // 4
        command += ["-f", "lavfi", "-i", _restless(side)]
        command += ["-filter_complex", "[0][1]overlay=W-w-24:H-h-24:shortest=1"]
    command += ["-r", str(fps), "-c:v", "libx264", "-preset", "veryfast", "-crf", "26"]
    command += ["-g", str(round(fps * key_s)), "-pix_fmt", "yuv420p"]
    command += [] if scene_keys else ["-sc_threshold", "0"]
    encoder = subprocess.Popen([*command, *options, str(path)], stdin=subprocess.PIPE)
    assert encoder.stdin is not None
    for picture in _pictures(scenes, size):
        encoder.stdin.write(picture)
    encoder.stdin.close()
    if encoder.wait() != 0:
        raise RuntimeError(f"ffmpeg could not draw {path}")
    return Screencast(path, _frames(scenes) * 1000 // RATE, tuple(truth(scenes)))


def _restless(side: int) -> str:
    """An ffmpeg source like a camera's: colours that drift, under noise that never repeats."""
    return f"gradients=size={side}x{side}:rate=10:speed=0.2:seed=7,noise=alls=24:allf=t:all_seed=7"


def truth(scenes: Sequence[Scene]) -> Iterator[Truth]:
    """The states of ``scenes`` with their times."""
    start = 0
    for scene in scenes:
        count = round(scene.seconds * RATE)
        full = next(k for k in range(count) if _step(scene, k) == len(scene.steps) - 1)
        words = " ".join(scene.steps[-1]).split()
        yield Truth(
            start_ms=start * 1000 // RATE,
            end_ms=(start + count) * 1000 // RATE,
            full_ms=(start + full) * 1000 // RATE,
            words=tuple(words),
            same_as=scene.repeats,
        )
        start += count


def _frames(scenes: Sequence[Scene]) -> int:
    return sum(round(scene.seconds * RATE) for scene in scenes)


def _step(scene: Scene, k: int) -> int:
    """Which step is shown at the scene's picture ``k``."""
    growing = max(1.0, scene.growing * scene.seconds * RATE)
    return min(len(scene.steps) - 1, int(k * len(scene.steps) / growing))


def _pictures(scenes: Sequence[Scene], size: tuple[int, int]) -> Iterator[bytes]:
    """The raw pictures, ``RATE`` per second, planar YUV 4:2:0."""
    before: Image.Image | None = None
    for scene in scenes:
        fading = round(scene.fade_s * RATE)
        kept: tuple[int, bytes] | None = None
        for k in range(round(scene.seconds * RATE)):
            step = _step(scene, k)
            if before is not None and k < fading:
                image = _page(scene.style, scene.steps[step], size)
                yield _planar(Image.blend(before, image, (k + 1) / (fading + 1)))
                continue
            if kept is None or kept[0] != step:
                kept = (step, _planar(_page(scene.style, scene.steps[step], size)))
            yield kept[1]
        before = _page(scene.style, scene.steps[-1], size)


def _page(style: str, lines: Sequence[str], size: tuple[int, int]) -> Image.Image:
    unit = size[1] / 720
    if style == "slide":
        image = Image.new("RGB", size, "#fbfaf7")
        pen = ImageDraw.Draw(image)
        pen.text((80 * unit, 58 * unit), lines[0], font=_font(round(44 * unit)), fill="#14213d")
        for k, line in enumerate(lines[1:]):
            at = (86 * unit, (170 + 70 * k) * unit)
            pen.text(at, line, font=_font(round(30 * unit)), fill="#22272e")
        return image
    image = Image.new("RGB", size, "#1b1e26")
    pen = ImageDraw.Draw(image)
    for k, line in enumerate(lines):
        for column, letter in enumerate(line):
            at = ((60 + 13 * column) * unit, (50 + 30 * k) * unit)
            pen.text(at, letter, font=_font(round(22 * unit)), fill="#d7dae0")
    return image


@lru_cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _planar(image: Image.Image) -> bytes:
    luma, blue, red = image.convert("YCbCr").split()
    half = (image.width // 2, image.height // 2)
    halves: Callable[[Image.Image], bytes] = lambda plane: plane.resize(half).tobytes()  # noqa: E731
    return luma.tobytes() + halves(blue) + halves(red)
